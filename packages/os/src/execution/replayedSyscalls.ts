import { offsetBy, type Relocatable, type SyscallHandler, type VmMemory, type VmValue } from '@cairn/cairo';
import { CairnError, decodeShortString, type Felt } from '@cairn/primitives';
import type { SyscallName } from '@cairn/protocol';
import type { OsErrorCode } from '../errors.ts';
import type { RecordedResponse } from './recordedExecution.ts';

/** Cells of a request: selector and gas. */
const HEADER_CELLS = 2;

/** How a syscall's cells are laid out. */
export interface SyscallLayout {
  name: SyscallName;
  /** Cells of the request behind the header. */
  requestCells: number;
  /**
   * What a response that did not fail holds: felts, then perhaps a span; or a pointer, to what its name says. Points of
   * curves are left to the OS to write, for contracts never look at them.
   */
  response: { felts: number; hasSpan?: boolean } | 'executionInfo' | 'felts' | 'point' | 'optionalPoint';
}

const LAYOUTS: Partial<Record<SyscallName, Omit<SyscallLayout, 'name'>>> = {
  StorageRead: { requestCells: 2, response: { felts: 1 } },
  StorageWrite: { requestCells: 3, response: { felts: 0 } },
  GetExecutionInfo: { requestCells: 0, response: 'executionInfo' },
  EmitEvent: { requestCells: 4, response: { felts: 0 } },
  CallContract: { requestCells: 4, response: { felts: 0, hasSpan: true } },
  LibraryCall: { requestCells: 4, response: { felts: 0, hasSpan: true } },
  MetaTxV0: { requestCells: 6, response: { felts: 0, hasSpan: true } },
  Keccak: { requestCells: 2, response: { felts: 2 } },
  Sha256ProcessBlock: { requestCells: 2, response: 'felts' },
  Sha512ProcessBlock: { requestCells: 2, response: 'felts' },
  ...curveLayouts('Secp256k1'),
  ...curveLayouts('Secp256r1'),
  Deploy: { requestCells: 5, response: { felts: 1, hasSpan: true } },
  GetBlockHash: { requestCells: 1, response: { felts: 1 } },
  GetClassHashAt: { requestCells: 1, response: { felts: 1 } },
  ReplaceClass: { requestCells: 1, response: { felts: 0 } },
  SendMessageToL1: { requestCells: 3, response: { felts: 0 } },
};

function curveLayouts(curve: 'Secp256k1' | 'Secp256r1'): typeof LAYOUTS {
  return {
    [`${curve}New`]: { requestCells: 4, response: 'optionalPoint' },
    [`${curve}GetPointFromX`]: { requestCells: 3, response: 'optionalPoint' },
    [`${curve}Add`]: { requestCells: 2, response: 'point' },
    [`${curve}Mul`]: { requestCells: 3, response: 'point' },
    [`${curve}GetXy`]: { requestCells: 1, response: { felts: 4 } },
  };
}

/**
 * Answers the syscalls of contracts in an OS run as they were answered when the block was made. After a syscall that
 * ended the execution no answer is known: the rest of the code then fails for want of gas, and the OS looks no further.
 */
export class ReplayedSyscalls implements SyscallHandler {
  #responses: readonly RecordedResponse[] = [];
  #index = 0;
  #executionInfo: Relocatable | undefined;

  /** Code of a contract begins to run. */
  beginCall(responses: readonly RecordedResponse[], executionInfo: Relocatable): void {
    this.#responses = responses;
    this.#index = 0;
    this.#executionInfo = executionInfo;
  }

  execute(memory: VmMemory, pointer: Relocatable): Relocatable {
    const selector = memory.readFelt(pointer);
    const name = decodeShortString(selector) as SyscallName;
    const layout = LAYOUTS[name];
    if (!layout)
      throw new CairnError<OsErrorCode>('UNKNOWN_SYSCALL', `the OS has no syscall with selector ${selector}`);
    const at = offsetBy(pointer, HEADER_CELLS + layout.requestCells);
    const cells = this.responseCells(memory, { name, ...layout }, this.#responses[this.#index++]);
    for (const [i, cell] of cells.entries()) memory.write(offsetBy(at, i), cell);
    return offsetBy(at, cells.length);
  }

  /** The cells that the contract finds behind its request. */
  protected responseCells(
    memory: VmMemory,
    layout: SyscallLayout,
    response: RecordedResponse | undefined,
  ): VmValue[] {
    if (response === undefined) return [0n, 1n, ...span(memory, [])];
    const { gas, isFailed, felts } = response;
    if (isFailed) return [gas, 1n, ...span(memory, felts)];
    if (layout.response === 'executionInfo') return [gas, 0n, this.#executionInfo!];
    if (layout.response === 'felts') return [gas, 0n, memory.allocate(felts)];
    if (layout.response === 'point') return [gas, 0n, memory.addSegment()];
    if (layout.response === 'optionalPoint')
      return [gas, 0n, ...(felts[0] === 0n ? [0n, memory.addSegment()] : [1n, 0n])];
    const { felts: feltCount, hasSpan } = layout.response;
    const fields = felts.slice(0, feltCount);
    return [gas, 0n, ...fields, ...(hasSpan ? span(memory, felts.slice(feltCount)) : [])];
  }
}

function span(memory: VmMemory, felts: readonly Felt[]): VmValue[] {
  const start = memory.allocate(felts);
  return [start, offsetBy(start, felts.length)];
}
