import { noResources } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import type { CallInfo } from '../callInfo.ts';
import { ENTRYPOINT_FAILED, paddedHex, REVERT_REASON_CAP, revertSummary } from './revertSummary.ts';

function failed(contractAddress: bigint, retdata: readonly bigint[], innerCalls: CallInfo[] = []): CallInfo {
  return {
    call: {
      type: 'EXTERNAL',
      selector: 3n,
      calldata: [],
      contractAddress,
      callerAddress: 0n,
      classHash: 2n,
      kind: 'CALL',
      initialGas: 0n,
    },
    retdata,
    failed: true,
    gasConsumed: 0n,
    trackedResource: 'SierraGas',
    stepResources: noResources(),
    ownResources: noResources(),
    syscalls: new Map(),
    events: [],
    messages: [],
    innerCalls,
  };
}

/** A chain of calls of which the last panicked with 1. */
function chain(depth: number): CallInfo {
  let call = failed(BigInt(depth), [1n]);
  for (let i = depth - 1; i > 0; i--) call = failed(BigInt(i), [...call.retdata, ENTRYPOINT_FAILED], [call]);
  return call;
}

const frame = (address: bigint): string =>
  `Error in contract (contract address: ${paddedHex(address)}, class hash: ${paddedHex(2n)}, selector: ${paddedHex(3n)}):`;

describe('the summary of a panic', () => {
  it('names the calls that passed it on, and the data of the last', () => {
    expect(revertSummary(chain(2), 'execution')).toBe(
      `Execution failed. Failure reason:\n${frame(1n)}\n${frame(2n)}\n0x1.\n`,
    );
    expect(revertSummary(chain(1), 'validation')).toBe(
      `The \`validate\` entry point panicked with:\n${frame(1n)}\n0x1.\n`,
    );
  });

  it('names nobody when two calls may be to blame', () => {
    const inner = [failed(8n, [1n]), failed(9n, [1n])];
    const text = revertSummary(failed(1n, [1n, ENTRYPOINT_FAILED], inner), 'execution');
    expect(text).not.toContain('Error in contract');
    expect(text).toContain('0x454e545259504f494e545f4641494c4544');
  });

  it('stops at a call that panicked with data of its own', () => {
    const text = revertSummary(failed(1n, [7n], [failed(9n, [1n])]), 'execution');
    expect(text).toBe(`Execution failed. Failure reason:\n${frame(1n)}\n0x7.\n`);
  });

  it('drops calls in the middle when there are too many, but not the last', () => {
    const text = revertSummary(chain(60), 'execution');
    expect(text.length).toBeLessThanOrEqual(REVERT_REASON_CAP);
    expect(text.startsWith(`Execution failed. Failure reason:\n${frame(1n)}\n${frame(2n)}\n`)).toBe(true);
    expect(text.endsWith(`:\n\n...\n${frame(60n)}\n0x1.\n`)).toBe(true);
  });

  it('leaves the calls out when the data alone fills it, and cuts the data', () => {
    const many = Array.from({ length: 300 }, (_, i) => 2n ** 250n + BigInt(i));
    const text = revertSummary(failed(1n, many), 'execution');
    expect(text).toHaveLength(REVERT_REASON_CAP);
    expect(text).not.toContain('Error in contract');
    expect(text.endsWith('\n...')).toBe(true);
  });
});
