import { CairnError } from '@cairn/primitives';
import { createPublicClient, createWalletClient, http } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CredulousChain, outputInside, startCredulousChain } from '../testing/credulousCore.ts';
import { coreState, updateState } from './core.ts';
import { deployDataPages } from './dataPages.ts';
import { answered, l1Error } from './l1Error.ts';
import { settleState } from './settleState.ts';

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

const send = (options: object) =>
  answered(
    'a test',
    chain.wallet.sendTransaction({ to: chain.pages, value: 0n, gas: 100_000n, ...options } as never),
  );

describe('what is wrong with L1', () => {
  it('nobody answers', async () => {
    const transport = http('http://127.0.0.1:9', { retryCount: 0 });
    const nowhere = {
      wallet: createWalletClient({ account: chain.wallet.account, chain: foundry, transport }),
      reader: createPublicClient({ chain: foundry, transport }),
    };
    for (const attempt of [
      () => coreState(nowhere, chain.pages),
      () => updateState(nowhere, chain.pages, outputInside()),
      () => settleState(nowhere, chain.pages, outputInside(), [9n]),
      () => deployDataPages(nowhere),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'L1_UNREACHABLE' });
  });

  it('the account has no ether', async () => {
    const core = await chain.core();
    const poor = { ...chain, wallet: poorWallet() };
    await chain.call(core, 'registerOperator', [poor.wallet.account.address]);
    const words = outputInside();
    await chain.prove(words);
    await expect(updateState(poor, core, words)).rejects.toMatchObject({ code: 'L1_OUT_OF_FUNDS' });
  });

  it('the fee is below that of the block, or of the transaction to be replaced', async () => {
    await expect(send({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n })).rejects.toMatchObject({
      code: 'TRANSACTION_UNDERPRICED',
    });
    await chain.rpc('evm_setAutomine', false);
    const nonce = await chain.reader.getTransactionCount({ address: chain.wallet.account.address });
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    await send({ ...fees, nonce });
    await expect(send({ ...fees, nonce, gas: 90_000n })).rejects.toMatchObject({
      code: 'TRANSACTION_UNDERPRICED',
    });
    await chain.rpc('evm_setAutomine', true);
    await chain.rpc('evm_mine');
  });

  it('the nonce is taken', async () => {
    await expect(send({ nonce: 0 })).rejects.toMatchObject({ code: 'NONCE_TAKEN' });
  });

  it('a transaction is not mined in time', async () => {
    const hash = `0x${'11'.repeat(32)}` as const;
    await expect(
      answered('a test', chain.reader.waitForTransactionReceipt({ hash, timeout: 100 })),
    ).rejects.toMatchObject({ code: 'TRANSACTION_NOT_MINED' });
  });

  it('something else, or ours', async () => {
    const ours = new CairnError('INTERNAL', 'ours');
    expect(l1Error(ours, 'a test')).toBe(ours);
    expect(l1Error(new Error('strange'), 'a test')).toMatchObject({
      code: 'L1_FAILED',
      message: 'a test: strange',
    });
  });

  it('an update that nobody waited for is found done', async () => {
    const core = await chain.core();
    const words = outputInside({ 5: 0xc5n });
    await chain.prove(words);
    // The same call twice at once: the second comes when the state has moved, in whatever step.
    const both = await Promise.allSettled([
      settleState(chain, core, words, [9n]),
      settleState(chain, core, words, [9n]),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await settleState(chain, core, words, [9n])).toEqual({ pages: [] });
    await expect(settleState(chain, core, words, [8n])).resolves.toEqual({ pages: [] });
    const next = await chain.core();
    await expect(settleState(chain, next, words, [8n])).rejects.toMatchObject({ code: 'WRONG_DATA' });
  });
});

function poorWallet() {
  return createWalletClient({
    account: privateKeyToAccount(generatePrivateKey()),
    chain: foundry,
    transport: http(chain.url),
  });
}
