import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import { shortString } from '@cairn/primitives';
import type { CallInfo } from '../callInfo.ts';
import { formatPanicData } from './panicData.ts';

/** Longest text of a revert reason, in characters. */
export const REVERT_REASON_CAP = 15_000;
const CUT = '\n...';

/** Last felt of the panic data of a call that failed because a call below it failed. */
export const ENTRYPOINT_FAILED = shortString('ENTRYPOINT_FAILED');

/** A felt with `0x` and 64 digits, as revert reasons print it. */
export function paddedHex(value: Felt): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/**
 * The contract's own account of a panic: the chain of calls that failed, and the data of the last. When it is
 * too long, the data matters more than the path to it.
 * @see starkware-libs/sequencer, stack_trace.rs, `Cairo1RevertSummary`
 */
export function revertSummary(root: CallInfo, phase: 'execution' | 'validation'): string {
  const header =
    phase === 'execution' ? 'Execution failed. Failure reason:' : 'The `validate` entry point panicked with:';
  const { frames, retdata } = failingCalls(root);
  const reason = formatPanicData(retdata);
  const withoutFrames = `${header}\n${reason}\n.\n`;
  if (withoutFrames.length >= REVERT_REASON_CAP - 2 * FRAME_LENGTH - CUT.length - 1) {
    return withoutFrames.length <= REVERT_REASON_CAP ? withoutFrames : cutOff(withoutFrames);
  }
  const lines = frames.map(frameLine);
  const text = `${[header, ...lines, reason].join('\n')}.\n`;
  if (text.length <= REVERT_REASON_CAP) return text;
  const dropped = Math.ceil((text.length - REVERT_REASON_CAP + CUT.length) / FRAME_LENGTH);
  const kept = lines.slice(0, lines.length - dropped - 1);
  const short = `${[header, ...kept, CUT, lines.at(-1), reason].join('\n')}.\n`;
  return short.length <= REVERT_REASON_CAP ? short : cutOff(short);
}

function cutOff(text: string): string {
  return text.slice(0, REVERT_REASON_CAP - CUT.length) + CUT;
}

interface Frame {
  address: ContractAddress;
  classHash: ClassHash;
  selector: Felt;
}

function frameLine(frame: Frame): string {
  const { address, classHash, selector } = frame;
  return `Error in contract (contract address: ${paddedHex(address)}, class hash: ${paddedHex(classHash)}, selector: ${paddedHex(selector)}):`;
}

/** Length of a line for a call, with its line break. */
const FRAME_LENGTH = frameLine({ address: 0n, classHash: 0n, selector: 0n }).length + 1;

/** Follows `ENTRYPOINT_FAILED` down to the call that panicked; no frames when the path is ambiguous. */
function failingCalls(root: CallInfo): { frames: Frame[]; retdata: readonly Felt[] } {
  const frames: Frame[] = [];
  let call = root;
  while (call.failed) {
    frames.push({
      address: call.call.contractAddress,
      classHash: call.call.classHash,
      selector: call.call.selector,
    });
    const { retdata } = call;
    if (retdata.at(-1) !== ENTRYPOINT_FAILED) return { frames, retdata };
    const inner = call.innerCalls.filter((c) => c.failed && isPrefixWithoutLast(c.retdata, retdata));
    if (inner.length !== 1) return { frames: [], retdata: root.retdata };
    call = inner[0]!;
  }
  return { frames: [], retdata: root.retdata };
}

/** True when `outer` is `inner` and one more felt. */
function isPrefixWithoutLast(inner: readonly Felt[], outer: readonly Felt[]): boolean {
  return inner.length === outer.length - 1 && inner.every((felt, i) => felt === outer[i]);
}
