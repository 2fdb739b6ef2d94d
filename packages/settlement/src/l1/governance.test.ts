import { selectorFromName } from '@cairn/primitives';
import { encodeFunctionData, encodePacked, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CredulousChain, outputInside, PROGRAM, startCredulousChain } from '../testing/credulousCore.ts';
import { CORE_ABI, updateState } from './core.ts';

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

const view = (address: `0x${string}`, functionName: string, args: readonly unknown[] = []) =>
  chain.reader.readContract({ address, abi: CORE_ABI, functionName, args } as never) as Promise<unknown>;

/** Announces a change and makes it when its time has come. */
async function afterNotice(
  core: `0x${string}`,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<string> {
  const change = keccak256(encodeFunctionData({ abi: CORE_ABI, functionName, args } as never));
  await chain.call(core, 'announce', [change]);
  await chain.rpc('evm_increaseTime', 51);
  await chain.rpc('evm_mine');
  return chain.call(core, functionName, args);
}

describe('what tools of Starknet ask a core contract', () => {
  it('is answered', async () => {
    const core = await chain.core();
    const me = chain.wallet.account.address;
    expect(await view(core, 'identify')).toBe('Cairn_Core_2026_1');
    expect(await view(core, 'isFrozen')).toBe(false);
    expect(await view(core, 'isFinalized')).toBe(false);
    expect(await view(core, 'isOperator', [me])).toBe(true);
    expect(await view(core, 'isOperator', [chain.stranger.account.address])).toBe(false);
    expect(await view(core, 'starknetIsGovernor', [me])).toBe(true);
    expect(await view(core, 'programHash')).toBe(PROGRAM);
    expect(await view(core, 'aggregatorProgramHash')).toBe(0n);
    expect(await view(core, 'messageCancellationDelay')).toBe(100n);
    expect(await view(core, 'getMaxL1MsgFee')).toBe(10n ** 18n);
    expect(await view(core, 'dataPages')).toMatch(new RegExp(chain.pages, 'i'));
    expect(await view(core, 'isDataOnChain')).toBe(true);
    expect(await view(core, 'l1ToL2MessageNonce')).toBe(0n);
    await chain.call(core, 'sendMessageToL2', [5n, 6n, [7n]], 9n);
    expect(await view(core, 'l1ToL2MessageNonce')).toBe(1n);
    const hash = await view(core, 'l1ToL2MsgHash', [me, 5n, 6n, [7n], 0n]);
    expect(hash).toBe(
      keccak256(
        encodePacked(
          ['uint256', 'uint256', 'uint256', 'uint256', 'uint256', 'uint256'],
          [BigInt(me), 5n, 0n, 6n, 1n, 7n],
        ),
      ),
    );
    expect(await view(core, 'l1ToL2Messages', [hash])).toBe(10n);
    expect(await view(core, 'l1ToL2MessageCancellations', [hash])).toBe(0n);
    expect(await view(core, 'l2ToL1MsgHash', [5n, me, [7n]])).toBe(
      keccak256(encodePacked(['uint256', 'uint256', 'uint256', 'uint256'], [5n, BigInt(me), 1n, 7n])),
    );
  });

  it('gives fees to the collector, or to the operator without one', async () => {
    const core = await chain.core();
    const collector = '0x00000000000000000000000000000000000c0113';
    const me = BigInt(chain.wallet.account.address);
    expect(await chain.call(core, 'setFeeCollectionAddress', [collector], 0n, chain.stranger)).toBe(
      'ONLY_GOVERNANCE',
    );
    expect(await chain.call(core, 'setFeeCollectionAddress', [collector])).toBe('success');
    expect(await view(core, 'feeCollector')).toMatch(new RegExp(collector, 'i'));
    const selector = selectorFromName('deposit');
    await chain.call(core, 'sendMessageToL2', [5n, selector, [7n]], 9n);
    const words = outputInside({}, [], [me, 5n, 0n, selector, 1n, 7n]);
    await chain.prove(words);
    // Who takes no ether stops nothing for good: governance names another.
    await chain.call(core, 'setFeeCollectionAddress', [chain.facts]);
    await expect(updateState(chain, core, words)).rejects.toThrow('ETHER_TRANSFER_FAILED');
    await chain.call(core, 'setFeeCollectionAddress', [collector]);
    await updateState(chain, core, words);
    expect(await chain.reader.getBalance({ address: collector })).toBe(9n);
  });
});

describe('governance', () => {
  it('passes by nomination after notice, and acceptance', async () => {
    const core = await chain.core();
    const newcomer = chain.stranger.account.address;
    const accept = () => chain.call(core, 'starknetAcceptGovernance', [], 0n, chain.stranger);
    expect(await accept()).toBe('ONLY_CANDIDATE_GOVERNOR');
    expect(await chain.call(core, 'starknetNominateNewGovernor', [newcomer])).toBe(
      'NOT_ANNOUNCED_LONG_ENOUGH',
    );
    expect(await afterNotice(core, 'starknetNominateNewGovernor', [newcomer])).toBe('success');
    expect(await chain.call(core, 'starknetCancelNomination', [], 0n, chain.stranger)).toBe(
      'ONLY_GOVERNANCE',
    );
    expect(await chain.call(core, 'starknetCancelNomination')).toBe('success');
    expect(await accept()).toBe('ONLY_CANDIDATE_GOVERNOR');
    expect(await afterNotice(core, 'starknetNominateNewGovernor', [newcomer])).toBe('success');
    expect(await chain.call(core, 'starknetAcceptGovernance')).toBe('ONLY_CANDIDATE_GOVERNOR');
    expect(await accept()).toBe('success');
    expect(await accept()).toBe('ONLY_CANDIDATE_GOVERNOR');
    expect(await afterNotice(core, 'starknetNominateNewGovernor', [newcomer])).toBe('ALREADY_GOVERNOR');
    const me = chain.wallet.account.address;
    const fresh = await chain.core();
    expect(await chain.call(fresh, 'starknetRemoveGovernor', [me], 0n, chain.stranger)).toBe(
      'ONLY_GOVERNANCE',
    );
    expect(await chain.call(core, 'starknetRemoveGovernor', [me])).toBe('GOVERNOR_SELF_REMOVE');
    expect(await chain.call(core, 'starknetRemoveGovernor', [me], 0n, chain.stranger)).toBe('success');
    expect(await view(core, 'starknetIsGovernor', [me])).toBe(false);
  });

  it('nobody is nominated by the zero address', async () => {
    const core = await chain.core();
    expect(
      await afterNotice(core, 'starknetNominateNewGovernor', ['0x0000000000000000000000000000000000000000']),
    ).toBe('ALREADY_GOVERNOR');
  });

  it('ends for what decides over the state when finalized, but a verifier can be forbidden', async () => {
    const core = await chain.core();
    expect(await chain.call(core, 'finalize')).toBe('NOT_ANNOUNCED_LONG_ENOUGH');
    expect(await afterNotice(core, 'finalize')).toBe('success');
    expect(await view(core, 'isFinalized')).toBe(true);
    for (const [functionName, args] of [
      ['setProgramHash', [1n]],
      ['setConfigHash', [1n]],
      ['allowVerifier', [chain.otherVerifier]],
      ['finalize', []],
    ] as const)
      expect(await afterNotice(core, functionName, args)).toBe('FINALIZED');
    expect(await chain.call(core, 'setMessageCancellationDelay', [1n])).toBe('FINALIZED');
    expect(await chain.call(core, 'forbidVerifier', [chain.verifier])).toBe('success');
    const fresh = await chain.core();
    expect(await chain.call(fresh, 'setMessageCancellationDelay', [1n], 0n, chain.stranger)).toBe(
      'ONLY_GOVERNANCE',
    );
    expect(await chain.call(fresh, 'setMessageCancellationDelay', [1n])).toBe('success');
    expect(await view(fresh, 'messageCancellationDelay')).toBe(1n);
  });
});
