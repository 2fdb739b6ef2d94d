import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Machine } from '../machine.ts';
import type { Relocatable } from '../relocatable.ts';
import type { VmMemory } from '../vmMemory.ts';
import { isBig, type Word, wordSegment } from '../word.ts';
import { DEFAULT_RANDOM_POINTS, type RandomPoints } from './randomPoints.ts';

/** Serves the `SystemCall` hint. */
export interface SyscallHandler {
  /**
   * Reads the request at `syscallPointer`, writes the response behind it and returns the cell after the
   * response, where the next request will start. May start further runs. What it throws ends the run.
   */
  execute(memory: VmMemory, syscallPointer: Relocatable): Relocatable;
}

/** Arguments that `WriteRunParam` hands to an executable: felts and arrays. */
export type RunArgument = Felt | readonly RunArgument[];

/** A dictionary the program works with: its present values and its row in the segment arena. */
export interface DictTracker {
  values: Map<number | bigint, Word>;
  index: number;
}

/** What the hints of one run share. */
export class HintState {
  readonly dictionaries = new Map<number, DictTracker>();
  /** Access indices by key, last access first, and the keys still to squash, smallest last. */
  squash: { accesses: Map<bigint, number[]>; keys: bigint[] } | undefined;
  /** Which of the three arcs of the last `AssertLeFindSmallArcs` was left out. */
  excludedArc: number | undefined;
  /** Next free cell for `AllocConstantSize`. */
  nextConstant: Word | undefined;
  randomPointCount = 0;
  readonly randomPoints: RandomPoints;
  readonly syscalls: SyscallHandler | undefined;
  /** Where the next syscall request starts. */
  syscallPointer: Relocatable | undefined;
  /** Set for executables outside Starknet: external hints are served, dictionaries may be temporary segments. */
  readonly external: { arguments: readonly RunArgument[]; withTemporaryDicts: boolean } | undefined;

  constructor(options: {
    syscalls?: SyscallHandler;
    syscallPointer?: Relocatable;
    randomPoints?: RandomPoints;
    external?: { arguments: readonly RunArgument[]; withTemporaryDicts: boolean };
  }) {
    this.syscalls = options.syscalls;
    this.syscallPointer = options.syscallPointer;
    this.randomPoints = options.randomPoints ?? DEFAULT_RANDOM_POINTS;
    this.external = options.external;
  }

  /** The dictionary whose segment `pointer` is in. @throws CairnError `HINT_FAILED`. */
  dictionary(pointer: Word): DictTracker {
    const tracker = this.dictionaries.get(wordSegment(pointer));
    if (tracker === undefined) throw hintFailed('the pointer is in no known dictionary');
    return tracker;
  }

  /** Access indices of the key being squashed. @throws CairnError `HINT_FAILED`. */
  currentAccesses(): number[] {
    const accesses = this.squash?.accesses.get(this.currentKey());
    if (accesses === undefined) throw hintFailed('no dictionary key is being squashed');
    return accesses;
  }

  currentKey(): bigint {
    const key = this.squash?.keys.at(-1);
    if (key === undefined) throw hintFailed('no dictionary key is left to squash');
    return key;
  }
}

/** The hint state of a machine that runs CASM hints. */
export function stateOf(machine: Machine): HintState {
  return machine.hintState as HintState;
}

/** Map key of a felt word. */
export function keyOf(machine: Machine, word: Word): number | bigint {
  return isBig(word) ? machine.memory.toFelt(word) : word;
}

/** The error of a hint that cannot do its work. */
export function hintFailed(what: string): CairnError<VmErrorCode> {
  return new CairnError('HINT_FAILED', `hint failed: ${what}`);
}
