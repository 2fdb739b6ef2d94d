import { describe, expect, it } from 'vitest';
import { ExecutionFailure } from './executionFailure.ts';
import { paddedHex, REVERT_REASON_CAP } from './revertSummary.ts';

const entryPoint = (how: 'call' | 'libraryCall' | 'constructor') => ({
  kind: 'entryPoint' as const,
  how,
  contractAddress: 1n,
  classHash: 2n,
  selector: 3n,
});

describe('the reason of a failure', () => {
  it('lists the calls it passed, outermost first', () => {
    const failure = ExecutionFailure.fromText('No.')
      .within({ kind: 'vm', pc: '0:5', traceback: 'Cairo traceback:\n' })
      .within(entryPoint('libraryCall'))
      .within({ kind: 'vm', pc: '0:7', traceback: undefined })
      .within(entryPoint('call'));
    const place = `(contract address: ${paddedHex(1n)}, class hash: ${paddedHex(2n)}, selector: ${paddedHex(3n)})`;
    expect(failure.reason('execution')).toBe(
      `Transaction execution has failed:\n0: Error in the called contract ${place}:\nError at pc=0:7:\n` +
        `1: Error in a library call ${place}:\nError at pc=0:5:\nCairo traceback:\n\nNo.`,
    );
  });

  it('opens a level for a constructor only when it is the outermost', () => {
    const inner = ExecutionFailure.fromText('No.').within(entryPoint('call'));
    const below = inner
      .within({ ...entryPoint('constructor'), selector: undefined })
      .within(entryPoint('call'));
    expect(below.reason('execution').match(/^\d+: \w+ \w+ \w+ \w+/gm)).toEqual([
      '0: Error in the called',
      '1: Error in the contract',
      '1: Error in the called',
    ]);
    expect(below.reason('execution')).toContain('selector: UNKNOWN');
    expect(inner.within(entryPoint('constructor')).reason('constructor').match(/^\d+:/gm)).toEqual([
      '0:',
      '1:',
    ]);
  });

  it('keeps both ends when it is too long', () => {
    const text = `${'a'.repeat(REVERT_REASON_CAP)}${'b'.repeat(101)}`;
    const { message } = ExecutionFailure.fromText(text);
    expect(message).toBe(`${'a'.repeat(7_500)}\n\n...\n\n${'a'.repeat(7_399)}${'b'.repeat(101)}`);
    expect(ExecutionFailure.fromText('c'.repeat(REVERT_REASON_CAP + 100)).message).toHaveLength(15_100);
  });
});
