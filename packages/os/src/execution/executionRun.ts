import type { CasmClass, Relocatable } from '@cairn/cairo';
import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import type { OsErrorCode } from '../errors.ts';
import { ContractStates, type InitialState } from './contractStates.ts';
import type { RecordedCall, RecordedTransaction } from './recordedExecution.ts';
import { ReplayedSyscalls } from './replayedSyscalls.ts';

/** What the hints of execution work on. */
export interface ExecutionInput {
  /** Transactions of each block of the run. */
  blocks: readonly (readonly RecordedTransaction[])[];
  initialState: InitialState;
  /** Code by compiled class hash. */
  classes: ReadonlyMap<Felt, CasmClass>;
}

/** Where the hints of execution are in their input. */
export class ExecutionRun {
  readonly states: ContractStates;
  readonly syscalls: ReplayedSyscalls;
  /** The last section of each contract. */
  readonly sections = new Map<ContractAddress, Relocatable>();
  /** Segments of class code whose hints the machine knows. */
  readonly loadedCode = new Set<number>();
  readonly #input: ExecutionInput;
  #blockIndex = -1;
  #transactionIndex = -1;
  #callIndex = -1;

  constructor(input: ExecutionInput, syscalls = new ReplayedSyscalls()) {
    this.#input = input;
    this.syscalls = syscalls;
    this.states = new ContractStates(input.initialState);
  }

  get transaction(): RecordedTransaction {
    const found = this.#input.blocks[this.#blockIndex]?.[this.#transactionIndex];
    if (!found) throw missing(`transaction ${this.#transactionIndex} of block ${this.#blockIndex}`);
    return found;
  }

  beginBlock(): void {
    this.#blockIndex++;
    this.#transactionIndex = -1;
  }

  nextTransaction(): RecordedTransaction {
    this.#transactionIndex++;
    this.#callIndex = -1;
    return this.transaction;
  }

  nextCall(): RecordedCall {
    const call = this.transaction.calls[++this.#callIndex];
    if (!call) throw missing(`call ${this.#callIndex} of transaction ${this.#transactionIndex}`);
    return call;
  }

  casm(compiledClassHash: Felt): CasmClass {
    const found = this.#input.classes.get(compiledClassHash);
    if (!found) throw missing(`class with compiled class hash ${formatFelt(compiledClassHash)}`);
    return found;
  }
}

function missing(what: string): CairnError<OsErrorCode> {
  return new CairnError('INPUT_MISSING', `the input of the OS run lacks ${what}`);
}
