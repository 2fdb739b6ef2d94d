import { offsetBy, type Relocatable, type VmMemory, type VmValue } from '@cairn/cairo';
import { type ContractAddress, type Felt, formatFelt, shortString } from '@cairn/primitives';
import type { SyscallName } from '@cairn/protocol';
import type { GasCounter } from '../entryPoint/entryPointContext.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import type { StarknetSyscalls } from './starknetSyscalls.ts';

/** Addresses and storage keys are below. */
const KEY_BOUND = 1n << 251n;

/** One syscall: how its request is read, what its price grows with, and what it does. */
export interface Syscall<Request = unknown> {
  name: SyscallName;
  read(reader: RequestReader): Request;
  /** Length that the variable part of the price counts. */
  linearFactor?(request: Request): number;
  /**
   * Runs the syscall and returns the cells of its response.
   * @throws SyscallRevert for failures the contract can handle, ExecutionFailure for those it cannot.
   */
  run(request: Request, frame: StarknetSyscalls, gas: GasCounter): VmValue[];
}

/** A failure that the contract sees as the syscall's error result. */
export class SyscallRevert extends Error {
  readonly data: readonly Felt[];

  constructor(data: readonly Felt[]) {
    super('syscall reverted');
    this.data = data;
  }

  /** A revert with one short string. */
  static withText(text: string): SyscallRevert {
    return new SyscallRevert([shortString(text)]);
  }
}

/** Reads the cells of a request one after the other. */
export class RequestReader {
  readonly memory: VmMemory;
  at: Relocatable;

  constructor(memory: VmMemory, at: Relocatable) {
    this.memory = memory;
    this.at = at;
  }

  felt(): Felt {
    const value = this.memory.readFelt(this.at);
    this.at = offsetBy(this.at, 1);
    return value;
  }

  pointer(): Relocatable {
    const value = this.memory.readPointer(this.at);
    this.at = offsetBy(this.at, 1);
    return value;
  }

  /** A span: start and end pointers. An empty one may be two equal felts: absent fields of old transactions. */
  felts(): Felt[] {
    const first = this.memory.get(this.at);
    if (typeof first === 'bigint' && first === this.memory.get(offsetBy(this.at, 1))) {
      this.at = offsetBy(this.at, 2);
      return [];
    }
    const start = this.pointer();
    const end = this.pointer();
    if (start.segment !== end.segment || end.offset < start.offset) {
      throw ExecutionFailure.fromText('Invalid syscall input: span ends before it starts.');
    }
    return this.memory.readFelts(start, end.offset - start.offset);
  }

  /** A 256-bit integer: low half, then high half. */
  u256(): bigint {
    const low = this.felt();
    return low + (this.felt() << 128n);
  }

  /** @param what the complaint about another value than 0 and 1. */
  bool(what: string): boolean {
    const value = this.felt();
    if (value > 1n) throw invalidInput(value, what);
    return value === 1n;
  }

  /** @param what the complaint about a larger value. */
  u64(what: string): bigint {
    const value = this.felt();
    if (value >= 1n << 64n) throw invalidInput(value, what);
    return value;
  }

  address(): ContractAddress {
    const value = this.felt();
    if (value >= KEY_BOUND) throw outOfRange();
    return value;
  }

  storageKey(): Felt {
    const domain = this.felt();
    if (domain !== 0n) throw ExecutionFailure.fromText(`Invalid address domain: ${domain}.`);
    const key = this.felt();
    if (key >= KEY_BOUND) throw outOfRange();
    return key;
  }
}

export function invalidInput(input: Felt, info: string): ExecutionFailure {
  return ExecutionFailure.fromText(`Invalid syscall input: ${formatFelt(input)}; ${info}`);
}

/** For a number that is no address and no storage key. */
function outOfRange(): ExecutionFailure {
  return ExecutionFailure.fromText(`Out of range [0x0, ${formatFelt(KEY_BOUND)}).`);
}

/** A response that is a span of felts in fresh memory. */
export function spanResponse(memory: VmMemory, felts: readonly Felt[]): VmValue[] {
  const start = memory.allocateReadOnly(felts);
  return [start, offsetBy(start, felts.length)];
}
