import type { VmMemory, VmValue } from '@cairn/cairo';
import type { RecordedResponse } from '../execution/recordedExecution.ts';
import { ReplayedSyscalls, type SyscallLayout } from '../execution/replayedSyscalls.ts';

/** Gives the cells of a response in place of the honest ones. */
export type ForgeResponse = (syscall: string, cells: VmValue[], memory: VmMemory) => VmValue[];

/** A prover that lies to contracts. */
export class ForgedSyscalls extends ReplayedSyscalls {
  readonly #forge: ForgeResponse;

  constructor(forge: ForgeResponse) {
    super();
    this.#forge = forge;
  }

  protected override responseCells(
    memory: VmMemory,
    layout: SyscallLayout,
    response: RecordedResponse | undefined,
  ): VmValue[] {
    return this.#forge(layout.name, super.responseCells(memory, layout, response), memory);
  }
}
