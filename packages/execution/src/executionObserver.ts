import type { VmMemory, VmValue } from '@cairn/cairo';
import type { SyscallName } from '@cairn/protocol';
import type { CallInfo } from './callInfo.ts';

/** Told of each syscall that was answered; `response` are its cells, from the gas on. */
export type SyscallObserver = (name: SyscallName, response: readonly VmValue[], memory: VmMemory) => void;

/** Watches transactions run: what is needed to prove later that they ran so. */
export interface ExecutionObserver {
  /** Code of a contract begins to run. Calls come in the order in which they are entered. */
  codeStarted(call: CallInfo['call']): SyscallObserver;
}
