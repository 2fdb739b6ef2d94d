import { offsetBy, type Relocatable, type SyscallHandler, type VmMemory, type VmValue } from '@cairn/cairo';
import { decodeShortString, type Felt, formatFelt, shortString } from '@cairn/primitives';
import type { SyscallName } from '@cairn/protocol';
import type {
  CallInfo,
  EmittedEvent,
  EntryPointCall,
  Ordered,
  SentMessage,
  SyscallUsage,
} from '../callInfo.ts';
import type { EntryPointContext, GasCounter } from '../entryPoint/entryPointContext.ts';
import type { SyscallObserver } from '../executionObserver.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import { ENTRYPOINT_FAILED } from '../revertReason/revertSummary.ts';
import { RequestReader, SyscallRevert } from './syscall.ts';
import { syscallGas } from './syscallGas.ts';
import { SYSCALLS } from './syscallTable.ts';

const OUT_OF_GAS = shortString('Out of gas');

/** Runs the syscalls of one call and collects what they did. */
export class StarknetSyscalls implements SyscallHandler {
  readonly call: CallInfo['call'];
  readonly context: EntryPointContext;
  readonly events: Ordered<EmittedEvent>[] = [];
  readonly messages: Ordered<SentMessage>[] = [];
  readonly innerCalls: CallInfo[] = [];
  readonly usage = new Map<SyscallName, SyscallUsage>();
  /** Memory of the run, set by its first syscall. */
  memory!: VmMemory;
  /** Made by the first `get_execution_info` and shared by later ones. */
  executionInfo: Relocatable | undefined;
  /** Points made by secp syscalls, by the address that names them, and the segment of those addresses. */
  readonly secpPoints = new Map<number, unknown>();
  secpSegment: Relocatable | undefined;
  /** End of the segment of hash states, by syscall. */
  readonly hashStateEnds = new Map<SyscallName, Relocatable>();
  readonly #observe: SyscallObserver | undefined;

  constructor(call: CallInfo['call'], context: EntryPointContext) {
    this.call = call;
    this.context = context;
    this.#observe = context.transaction.observer?.codeStarted(call);
  }

  /** Runs the syscall whose request stands at `pointer`; returns where the next request will stand. */
  execute(memory: VmMemory, pointer: Relocatable): Relocatable {
    this.memory = memory;
    const reader = new RequestReader(memory, pointer);
    const name = syscallName(reader.felt());
    const syscall = SYSCALLS[name]!;
    // A keccak counts its rounds, once it knows them.
    if (name !== 'Keccak') this.countUse(name, 1);

    const constants = this.context.transaction.constants;
    const gasCounter = reader.u64('Unexpected gas.');
    const request = syscall.read(reader);
    const linearFactor = syscall.linearFactor?.(request) ?? 0;
    const price = syscallGas(name, linearFactor, constants) - constants.syscallBaseGas;

    let response: VmValue[];
    if (gasCounter < price) {
      response = this.#failure(gasCounter, [OUT_OF_GAS]);
    } else {
      const gas: GasCounter = { remaining: gasCounter - price };
      this.context.noteRemainingGas(gas.remaining);
      if (linearFactor > 0) this.usage.get(name)!.linearFactor += linearFactor;
      try {
        const cells = syscall.run(request, this, gas);
        response = [gas.remaining, 0n, ...cells];
      } catch (error) {
        if (!(error instanceof SyscallRevert)) throw error;
        response = this.#failure(gas.remaining, error.data);
      }
    }
    this.#observe?.(name, response, memory);
    for (const cell of response) {
      memory.write(reader.at, cell);
      reader.at = offsetBy(reader.at, 1);
    }
    return reader.at;
  }

  countUse(name: SyscallName, count: number): void {
    const usage = this.usage.get(name);
    if (usage) usage.callCount += count;
    else this.usage.set(name, { callCount: count, linearFactor: 0 });
  }

  /** Fails the transaction when the syscall is not allowed in validation. */
  rejectInValidation(what: string): void {
    if (this.context.mode === 'validate') {
      throw ExecutionFailure.fromText(`Unauthorized syscall ${what} in execution mode Validate.`);
    }
  }

  /**
   * Runs a call from inside this one. When it fails, everything it did is undone and the caller sees its
   * panic data.
   */
  innerCall(call: EntryPointCall, gas: GasCounter): readonly Felt[] {
    const { context } = this;
    const mark = context.state.checkpoint();
    const { eventCount, messageCount } = context;
    const info = context.runner.call(call, context, gas);
    this.innerCalls.push(info);
    if (!info.failed) return info.retdata;
    context.state.rollback(mark);
    context.eventCount = eventCount;
    context.messageCount = messageCount;
    dropOutput(info);
    throw new SyscallRevert([...info.retdata, ENTRYPOINT_FAILED]);
  }

  #failure(gas: bigint, data: readonly Felt[]): VmValue[] {
    const start = this.memory.allocate(data);
    return [gas, 1n, start, offsetBy(start, data.length)];
  }
}

/** Removes events and messages of an undone call and of all calls below it. */
function dropOutput(call: CallInfo): void {
  call.events.length = 0;
  call.messages.length = 0;
  for (const inner of call.innerCalls) if (!inner.failed) dropOutput(inner);
}

function syscallName(selector: Felt): SyscallName {
  const name = decodeShortString(selector);
  if (name !== undefined && Object.hasOwn(SYSCALLS, name)) return name as SyscallName;
  throw ExecutionFailure.fromText(`Invalid syscall selector: ${name ?? formatFelt(selector)}.`);
}
