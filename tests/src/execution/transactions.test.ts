import { BlockExecutor, feeInFri, feeTokenBalance } from '@cairn/execution';
import { selectorFromName, shortString } from '@cairn/primitives';
import { type InvokeV3, transactionHash } from '@cairn/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Call, devChain, SEQUENCER, STRK, signedInvoke } from './devChain.ts';

const TRANSFER = selectorFromName('transfer');
const TRANSFER_EVENT = selectorFromName('Transfer');
const transfer = (to: bigint, amount: bigint): Call => ({
  to: STRK,
  selector: TRANSFER,
  calldata: [to, amount, 0n],
});

let executor: BlockExecutor;
const run = (transaction: InvokeV3) =>
  executor.execute({
    transaction,
    hash: transactionHash(transaction, shortString('CAIRN_DEV')),
    codeSize: 0,
    paidFeeOnL1Wei: 0n,
  });
const balance = (account: bigint): bigint => feeTokenBalance(executor.state, STRK, account);

beforeEach(() => {
  const { state, environment } = devChain();
  executor = new BlockExecutor(state, environment, 0xb10cn);
});

describe('an invoke', () => {
  it('that transfers STRK changes balances, emits events and pays exactly its gas', () => {
    const before = balance(ACCOUNT);
    const { receipt, outcome } = run(signedInvoke([transfer(0x777n, 1_000n)]));
    expect(receipt.revertReason).toBeUndefined();
    expect(balance(0x777n)).toBe(1_000n);
    expect(balance(ACCOUNT)).toBe(before - 1_000n - receipt.actualFee);
    expect(balance(SEQUENCER)).toBe(1n + receipt.actualFee);
    expect(receipt.events.map((e) => [e.fromAddress, e.keys[0]])).toEqual([
      [STRK, TRANSFER_EVENT],
      [STRK, TRANSFER_EVENT],
    ]);
    const gas = receipt.resources.totalGasConsumed;
    // Nonce and class header of the account, two balances: four words of 32 data gas each pair, plus the new key.
    expect(receipt.resources.dataAvailability.l1DataGas).toBe(192n);
    expect(gas.l1DataGas).toBe(192n + 32n);
    expect(receipt.actualFee).toBe(feeInFri(gas, executor.environment.block.gasPrices, 0n));
    expect(outcome.gas.sierraGas).toBeGreaterThan(100_000n);
    expect(executor.state.nonceAt(ACCOUNT)).toBe(1n);
  });

  it('that panics reverts, keeps the nonce step and pays', () => {
    const before = balance(ACCOUNT);
    const { receipt } = run(signedInvoke([transfer(0x777n, 1_000n), transfer(0x777n, 10n ** 30n)]));
    expect(receipt.revertReason).toContain("('ERC20: insufficient balance')");
    expect(receipt.revertReason).toMatch(
      /^Transaction execution has failed:\n0: Error in the called contract/,
    );
    expect(balance(0x777n)).toBe(0n);
    expect(balance(ACCOUNT)).toBe(before - receipt.actualFee);
    expect(receipt.actualFee).toBeGreaterThan(0n);
    expect(receipt.events).toHaveLength(1);
    expect(executor.state.nonceAt(ACCOUNT)).toBe(1n);
  });

  it('whose gas exceeds its bound reverts and pays the bound', () => {
    const free = run(signedInvoke([transfer(0x777n, 1n)]));
    const used = free.receipt.resources.totalGasConsumed.l2Gas;
    const tight = signedInvoke([transfer(0x778n, 1n)], {
      nonce: 1n,
      resourceBounds: {
        l1Gas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
        l2Gas: { maxAmount: used - 1n, maxPricePerUnit: 10n ** 11n },
        l1DataGas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 12n },
      },
    });
    const { receipt } = run(tight);
    expect(receipt.revertReason).toBe(
      `Insufficient max L2Gas: max amount: ${used - 1n}, actual used: ${used}.`,
    );
    const { l1DataGas, l2Gas } = executor.environment.block.gasPrices;
    expect(receipt.actualFee).toBe((used - 1n) * l2Gas.priceInFri + 224n * l1DataGas.priceInFri);
  });

  it('calls a missing function and a missing contract: reverts that say so', () => {
    const missing = run(signedInvoke([{ to: STRK, selector: 1n, calldata: [] }]));
    expect(missing.receipt.revertReason).toContain("('ENTRYPOINT_NOT_FOUND')");
    const nowhere = run(signedInvoke([{ to: 0xdeadn, selector: 1n, calldata: [] }], { nonce: 1n }));
    expect(nowhere.receipt.revertReason).toContain('is not deployed');
  });
});

describe('a transaction that cannot enter a block leaves it as it was', () => {
  it.each([
    ['a wrong nonce', 'INVALID_NONCE', () => signedInvoke([], { nonce: 5n })],
    ['a wrong signature', 'VALIDATION_FAILED', () => ({ ...signedInvoke([]), signature: [1n, 2n] })],
    ['no account there', 'VALIDATION_FAILED', () => signedInvoke([], { senderAddress: 0xbadn })],
    [
      'bounds below the minimum',
      'INSUFFICIENT_RESOURCE_BOUNDS',
      () => {
        const tx = signedInvoke([]);
        return {
          ...tx,
          resourceBounds: { ...tx.resourceBounds, l2Gas: { maxAmount: 1n, maxPricePerUnit: 1n } },
        };
      },
    ],
    [
      'bounds above the balance',
      'INSUFFICIENT_BALANCE',
      () => {
        const tx = signedInvoke([]);
        const l2Gas = { maxAmount: 10n ** 15n, maxPricePerUnit: 10n ** 11n };
        return { ...tx, resourceBounds: { ...tx.resourceBounds, l2Gas } };
      },
    ],
  ])('%s', (_, code, make) => {
    const tx = make();
    let thrown: unknown;
    try {
      run(tx);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: tx.senderAddress === 0xbadn ? expect.anything() : code });
    expect(executor.transactions).toHaveLength(0);
    expect(executor.state.nonceAt(ACCOUNT)).toBe(0n);
  });
});

describe('a block', () => {
  it('stores the hash of the block ten before and gives aliases in order', () => {
    run(signedInvoke([transfer(0x777n, 1_000n)]));
    const diff = executor.finish();
    expect(diff.storage.get(1n)).toEqual(new Map([[10n, 0xb10cn]]));
    const aliases = [...diff.storage.get(2n)!];
    expect(aliases[0]).toBeDefined();
    const counter = diff.storage.get(2n)!.get(0n)!;
    expect(counter).toBe(0x80n + BigInt(aliases.length - 1));
  });
});
