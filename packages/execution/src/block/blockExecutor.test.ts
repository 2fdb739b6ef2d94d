import { type VersionedConstants, versionedConstants } from '@cairn/protocol';
import { EMPTY_STATE } from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { BlockExecutor } from './blockExecutor.ts';

const constants = versionedConstants('0.14.2');
const price = { priceInWei: 1n, priceInFri: 1n };

function executor(limits: Partial<VersionedConstants['blockLimits']>): BlockExecutor {
  return new BlockExecutor(
    EMPTY_STATE,
    {
      block: {
        blockNumber: 30,
        timestamp: 1,
        sequencerAddress: 1n,
        gasPrices: { l1Gas: price, l1DataGas: price, l2Gas: price },
        l1DaMode: 'BLOB',
        starknetVersion: '0.14.2',
      },
      chain: { chainId: 1n, strkTokenAddress: 2n, ethTokenAddress: 3n },
      constants: { ...constants, blockLimits: { ...constants.blockLimits, ...limits } },
      classes: { executableClass: () => undefined },
    },
    undefined,
  );
}

/** A message to a contract that is not there: it reverts and takes its place in the block. */
const message = (payloadLength: number) => ({
  transaction: {
    type: 'L1_HANDLER' as const,
    version: 0 as const,
    nonce: 0n,
    contractAddress: 0x500n,
    entryPointSelector: 1n,
    calldata: [7n, ...new Array<bigint>(payloadLength).fill(0n)],
  },
  hash: 1n,
  codeSize: 0,
  paidFeeOnL1Wei: 1n,
});

describe('a block', () => {
  it('counts what its transactions use', () => {
    const block = executor({});
    block.execute(message(0));
    block.execute(message(3));
    const [first, second] = block.transactions.map((t) => t.outcome.gas);
    expect(block.usage).toEqual({
      transactionCount: 2,
      eventCount: 0,
      // 5 header words each, and 3 of payload.
      messageSegmentLength: 13,
      l1Gas: Number(first!.total.l1Gas + second!.total.l1Gas),
      stateDiffSize: 0,
      sierraGas: 0n,
      receiptL2Gas: first!.total.l2Gas + second!.total.l2Gas,
      osSteps: first!.vmResources.stepCount + second!.vmResources.stepCount,
    });
  });

  it.each([
    ['transactionCount', { transactionCount: 1 }],
    ['messageSegmentLength', { messageSegmentLength: 9 }],
    ['l1Gas', { l1Gas: 20_000 }],
    ['receiptL2Gas', { receiptL2Gas: 250_000n }],
    ['osSteps', { osSteps: 2_000 }],
  ])('takes no transaction beyond its limit of %s and stays as it was', (limit, limits) => {
    const block = executor(limits);
    block.execute(message(0));
    const usage = { ...block.usage };
    expect(() => block.execute(message(0))).toThrow(
      expect.objectContaining({ code: 'BLOCK_FULL', details: { limit } }),
    );
    expect(block.usage).toEqual(usage);
    expect(block.transactions).toHaveLength(1);
  });
});
