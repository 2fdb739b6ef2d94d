import { PRIME } from '@cairn/primitives';
import { type Address, encodeFunctionData, encodePacked, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONFIG,
  type CredulousChain,
  outputInside,
  PROGRAM,
  startCredulousChain,
} from '../testing/credulousCore.ts';
import { CORE_ABI, updateState } from './core.ts';

const L2 = 0x1234n;
const SELECTOR = 0x77n;

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

const output = outputInside;
const core: CredulousChain['call'] = (...all) => chain.call(...all);
const prove: CredulousChain['prove'] = (...all) => chain.prove(...all);
const view = (address: Address, functionName: 'stateRoot' | 'stateBlockNumber' | 'stateBlockHash') =>
  chain.reader.readContract({ address, abi: CORE_ABI, functionName });

describe('the core contract', () => {
  it('moves the state by what is proven, once', async () => {
    const at = await chain.core();
    const words = output();
    await expect(updateState(chain, at, words)).rejects.toMatchObject({
      code: 'STATE_UPDATE_REFUSED',
      details: { reason: 'NO_STATE_TRANSITION_PROOF' },
    });
    await prove(words);
    await updateState(chain, at, words);
    expect([
      await view(at, 'stateRoot'),
      await view(at, 'stateBlockNumber'),
      await view(at, 'stateBlockHash'),
    ]).toEqual([0xbbn, 5n, 0xb5n]);
    await expect(updateState(chain, at, words)).rejects.toThrow('INVALID_PREV_BLOCK_NUMBER');
  });

  it('starts before block 0', async () => {
    const at = await chain.core({ root: 0n, blockNumber: -1n, blockHash: 0n });
    const words = output({ 0: 0n, 2: PRIME - 1n, 3: 0n, 4: 0n });
    await prove(words);
    await updateState(chain, at, words);
    expect(await view(at, 'stateBlockNumber')).toBe(0n);
  });

  it.each([
    ['another state root before', { 0: 0xabn }, 'INVALID_PREVIOUS_ROOT'],
    ['another block number before', { 2: 3n }, 'INVALID_PREV_BLOCK_NUMBER'],
    ['no new block', { 3: 4n }, 'INVALID_NEW_BLOCK_NUMBER'],
    ['a block number beyond all bounds', { 3: 2n ** 63n }, 'INVALID_NEW_BLOCK_NUMBER'],
    ['another block hash before', { 4: 0xb3n }, 'INVALID_PREV_BLOCK_HASH'],
    ['another program that ran the OS', { 6: 1n }, 'PROVEN_BY_ANOTHER_PROGRAM'],
    ['another chain', { 7: CONFIG + 1n }, 'INVALID_CONFIG_HASH'],
    ['data elsewhere', { 8: 1n }, 'UNEXPECTED_KZG_DA_FLAG'],
    ['the form for aggregators', { 9: 1n }, 'FULL_OUTPUT'],
    ['a word that is no felt', { 1: PRIME }, 'NO_FELT'],
    ['a root that is a felt and the prime', { 0: 0xaan + PRIME }, 'NO_FELT'],
    ['a message segment beyond the end', { 10: 5n }, 'INVALID_MESSAGE_SEGMENT_SIZE'],
    ['a message segment that wraps around', { 10: 2n ** 250n }, 'INVALID_MESSAGE_SEGMENT_SIZE'],
    ['a second segment beyond the end', { 11: 2n }, 'INVALID_MESSAGE_SEGMENT_SIZE'],
    ['no data', { 11: 1n }, 'INVALID_MESSAGE_SEGMENT_SIZE'],
  ] as const)('refuses an output with %s, though it is proven', async (_what, changes, reason) => {
    const at = await chain.core();
    const words = output(changes);
    await prove(words.map((word) => word));
    await expect(updateState(chain, at, words)).rejects.toThrow(reason);
    expect(await view(at, 'stateRoot')).toBe(0xaan);
  });

  it('believes allowed verifiers and the known program only, and takes operators only', async () => {
    const at = await chain.core();
    const words = output({ 1: 0xccn });
    await prove(words, PROGRAM + 1n);
    await prove(words, PROGRAM, chain.otherVerifier);
    await expect(updateState(chain, at, words)).rejects.toThrow('NO_STATE_TRANSITION_PROOF');
    await prove(words);
    expect(await core(at, 'updateState', [words, 0n, 0n], 0n, chain.stranger)).toBe('ONLY_OPERATOR');
    expect(await core(at, 'updateState', [words, 1n, 0n])).toBe('DATA_IS_IN_OUTPUT');
    expect(await core(at, 'updateState', [words.slice(0, 10), 0n, 0n])).toBe('STARKNET_OUTPUT_TOO_SHORT');
    const withoutData = words.slice(0, -1);
    await prove(withoutData);
    expect(await core(at, 'updateState', [withoutData, 0n, 0n])).toBe('DATA_IS_MISSING');
    expect(await core(at, 'updateState', [words, 0n, 0n])).toBe('success');
  });

  it('carries messages both ways, each once', async () => {
    const at = await chain.core();
    const me = BigInt(chain.wallet.account.address);
    expect(await core(at, 'sendMessageToL2', [L2, SELECTOR, [1n, 2n]])).toBe(
      'L1_MSG_FEE_MUST_BE_GREATER_THAN_0',
    );
    expect(await core(at, 'sendMessageToL2', [L2, SELECTOR, [1n]], 10n ** 18n + 1n)).toBe(
      'MAX_L1_MSG_FEE_EXCEEDED',
    );
    expect(await core(at, 'sendMessageToL2', [L2, SELECTOR, [1n, 2n]], 7n)).toBe('success');
    const toL2 = (payload: bigint[], nonce: bigint) => [
      me,
      L2,
      nonce,
      SELECTOR,
      BigInt(payload.length),
      ...payload,
    ];
    const toL1 = [L2, me, 2n, 5n, 6n, L2, me, 0n];
    const update = async (words: bigint[]) => {
      await prove(words);
      return core(at, 'updateState', [words, 0n, 0n]);
    };
    for (const [bad, reason] of [
      [toL2([1n, 3n], 0n), 'INVALID_MESSAGE_TO_CONSUME'],
      [toL2([1n, 2n], 1n), 'INVALID_MESSAGE_TO_CONSUME'],
      [[me + 1n, ...toL2([1n, 2n], 0n).slice(1)], 'INVALID_MESSAGE_TO_CONSUME'],
      [[me + 2n ** 160n, ...toL2([1n, 2n], 0n).slice(1)], 'INVALID_FROM_ADDRESS'],
      [[...toL2([1n, 2n], 0n), ...toL2([1n, 2n], 0n)], 'INVALID_MESSAGE_TO_CONSUME'],
      [[...toL2([1n, 2n], 0n).with(4, 3n)], 'INVALID_MESSAGE_SEGMENT_SIZE'],
      [[1n, 2n, 3n, 4n], 'INVALID_MESSAGE_SEGMENT_SIZE'],
    ] as [bigint[], string][])
      expect(await update(output({}, toL1, bad))).toBe(reason);
    expect(await update(output({}, [L2, 2n ** 160n, 0n]))).toBe('INVALID_TO_ADDRESS');
    expect(await update(output({}, [L2, me]))).toBe('INVALID_MESSAGE_SEGMENT_SIZE');
    expect(await update(output({}, toL1, toL2([1n, 2n], 0n)))).toBe('success');
    expect(await chain.reader.getBalance({ address: at })).toBe(0n);
    // Consumed by whom it is for, as often as it was sent.
    expect(await core(at, 'consumeMessageFromL2', [L2, [5n, 6n]], 0n, chain.stranger)).toBe(
      'INVALID_MESSAGE_TO_CONSUME',
    );
    expect(await core(at, 'consumeMessageFromL2', [L2, [5n, 6n]])).toBe('success');
    expect(await core(at, 'consumeMessageFromL2', [L2, [5n, 6n]])).toBe('INVALID_MESSAGE_TO_CONSUME');
    expect(await core(at, 'consumeMessageFromL2', [L2, []])).toBe('success');
    // The hash is Starknet's.
    const hash = keccak256(encodePacked(['uint256', 'uint256', 'uint256'], [L2, me, 0n]));
    expect(
      await chain.reader.readContract({
        address: at,
        abi: CORE_ABI,
        functionName: 'l2ToL1Messages',
        args: [hash],
      }),
    ).toBe(0n);
  });

  it('lets the sender of a message take it back, after a while', async () => {
    const at = await chain.core();
    await core(at, 'sendMessageToL2', [L2, SELECTOR, [1n]], 7n);
    const args = [L2, SELECTOR, [1n], 0n];
    expect(await core(at, 'cancelL1ToL2Message', args)).toBe('MESSAGE_CANCELLATION_NOT_REQUESTED');
    expect(await core(at, 'startL1ToL2MessageCancellation', args, 0n, chain.stranger)).toBe(
      'NO_MESSAGE_TO_CANCEL',
    );
    expect(await core(at, 'startL1ToL2MessageCancellation', args)).toBe('success');
    expect(await core(at, 'cancelL1ToL2Message', args)).toBe('MESSAGE_CANCELLATION_NOT_ALLOWED_YET');
    await pass(101);
    expect(await core(at, 'cancelL1ToL2Message', args)).toBe('success');
    expect(await core(at, 'cancelL1ToL2Message', args)).toBe('NO_MESSAGE_TO_CANCEL');
  });

  it('changes what decides over the state after notice only, and forbids a verifier at once', async () => {
    const at = await chain.core();
    for (const [functionName, args] of [
      ['setProgramHash', [1n]],
      ['setConfigHash', [2n]],
      ['allowVerifier', [chain.otherVerifier]],
    ] as const) {
      const change = keccak256(encodeFunctionData({ abi: CORE_ABI, functionName, args } as never));
      expect(await core(at, functionName, args)).toBe('NOT_ANNOUNCED_LONG_ENOUGH');
      expect(await core(at, 'announce', [change], 0n, chain.stranger)).toBe('ONLY_GOVERNANCE');
      expect(await core(at, 'announce', [change])).toBe('success');
      expect(await core(at, functionName, args)).toBe('NOT_ANNOUNCED_LONG_ENOUGH');
      await pass(51);
      expect(await core(at, functionName, args, 0n, chain.stranger)).toBe('ONLY_GOVERNANCE');
      expect(await core(at, functionName, args)).toBe('success');
      expect(await core(at, functionName, args)).toBe('NOT_ANNOUNCED_LONG_ENOUGH');
    }
    const list = () => chain.reader.readContract({ address: at, abi: CORE_ABI, functionName: 'verifiers' });
    expect((await list()).map((a) => a.toLowerCase())).toEqual(
      [chain.verifier, chain.otherVerifier].map((a) => a.toLowerCase()),
    );
    expect(await core(at, 'forbidVerifier', [chain.verifier], 0n, chain.stranger)).toBe('ONLY_GOVERNANCE');
    expect(await core(at, 'forbidVerifier', [chain.verifier])).toBe('success');
    expect(await core(at, 'forbidVerifier', [chain.verifier])).toBe('UNKNOWN_VERIFIER');
    expect((await list()).map((a) => a.toLowerCase())).toEqual([chain.otherVerifier.toLowerCase()]);
    expect(await core(at, 'unregisterOperator', [chain.wallet.account.address])).toBe('success');
    expect(await core(at, 'updateState', [output(), 0n, 0n])).toBe('ONLY_OPERATOR');
    expect(await core(at, 'registerOperator', [chain.otherVerifier], 0n, chain.stranger)).toBe(
      'ONLY_GOVERNANCE',
    );
  });
});

async function pass(seconds: number): Promise<void> {
  await chain.rpc('evm_increaseTime', seconds);
  await chain.rpc('evm_mine');
}
