import { CairnError, type ClassHash, type ContractAddress, type Felt } from '@cairn/primitives';
import type { ExecutionErrorCode } from '../errors.ts';
import { paddedHex, REVERT_REASON_CAP } from './revertSummary.ts';

/** One level of a failed execution, outermost first. */
export type FailureSegment =
  | {
      kind: 'entryPoint';
      how: 'call' | 'libraryCall' | 'constructor';
      contractAddress: ContractAddress;
      classHash: ClassHash;
      selector: Felt | undefined;
    }
  | { kind: 'vm'; pc: string; traceback: string | undefined }
  | { kind: 'text'; text: string };

const HOW = {
  call: 'Error in the called contract',
  libraryCall: 'Error in a library call',
  constructor: 'Error in the contract class constructor',
} as const;

const HEADERS = {
  constructor: 'Contract constructor execution has failed:\n',
  execution: 'Transaction execution has failed:\n',
  validation: 'Transaction validation has failed:\n',
} as const;

/** A reason this much too long is not worth cutting. */
const SLACK = 100;

/** The phase of a transaction in which it failed. */
export type FailedPhase = keyof typeof HEADERS;

/** An execution that cannot go on. It gathers segments while it passes through the calls it ends. */
export class ExecutionFailure extends CairnError<ExecutionErrorCode> {
  readonly segments: readonly FailureSegment[];

  constructor(segments: readonly FailureSegment[]) {
    super('EXECUTION_FAILED', renderSegments(segments));
    this.segments = segments;
  }

  static fromText(text: string): ExecutionFailure {
    return new ExecutionFailure([{ kind: 'text', text }]);
  }

  /** The same failure seen from one level further out. */
  within(segment: FailureSegment): ExecutionFailure {
    return new ExecutionFailure([segment, ...this.segments]);
  }

  /** The revert reason of the transaction. @see starkware-libs/sequencer, stack_trace.rs */
  reason(phase: FailedPhase): string {
    return HEADERS[phase] + renderSegments(this.segments);
  }
}

function renderSegments(segments: readonly FailureSegment[]): string {
  let depth = 0;
  const lines = segments.map((segment, i) => {
    if (segment.kind === 'text') return segment.text;
    if (segment.kind === 'vm') {
      return `Error at pc=${segment.pc}:${segment.traceback ? `\n${segment.traceback}` : ''}`;
    }
    const { how, contractAddress, classHash, selector } = segment;
    const shownSelector = selector === undefined ? 'UNKNOWN' : paddedHex(selector);
    const line = `${depth}: ${HOW[how]} (contract address: ${paddedHex(contractAddress)}, class hash: ${paddedHex(classHash)}, selector: ${shownSelector}):`;
    // A constructor that was not the outermost frame does not open a level of its own.
    if (how !== 'constructor' || i === 0) depth++;
    return line;
  });
  const text = lines.join('\n');
  if (text.length <= REVERT_REASON_CAP + SLACK) return text;
  const half = REVERT_REASON_CAP / 2;
  return `${text.slice(0, half)}\n\n...\n\n${text.slice(-half)}`;
}
