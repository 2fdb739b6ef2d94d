import type { HintContext, Relocatable } from '@cairn/cairo';
import { hasCode, PRIME } from '@cairn/primitives';
import type { LibraryHint } from '../hints/libraryHint.ts';
import type { OsInput } from '../input/osInput.ts';
import { runOs } from '../runOs.ts';

/** A felt that a hint wrote, by the hint's name and its place among all felts that hints wrote. */
export interface HintFelt {
  hint: string;
  /** Place within the hint's own writes. */
  place: number;
  value: bigint;
}

/** How a run ends in which one such felt is another. */
export type MutationOutcome =
  /** An assertion of the program or a builtin failed. */
  | 'rejected'
  /** A later honest hint could not go on: nothing is said about a dishonest one. */
  | 'stopped'
  | 'same output'
  | 'other output';

/** Wrong counts make loops that do not end. */
const MAX_STEPS = 100_000;

type Hints = Readonly<Record<string, LibraryHint>>;

/** Counts the felts that hints write, and replaces one. */
class HintWrites {
  readonly felts: HintFelt[] = [];
  /** True after a hint failed. */
  isInHint = false;
  readonly #target: number;
  readonly #change: (value: bigint) => bigint;
  #hint = '';
  #place = 0;

  constructor(target = -1, change: (value: bigint) => bigint = (value) => value) {
    this.#target = target;
    this.#change = change;
  }

  wrap(hints: Hints): Hints {
    return Object.fromEntries(
      Object.entries(hints).map(([name, hint]) => [name, (h: HintContext) => this.#run(name, hint, h)]),
    );
  }

  #run(name: string, hint: LibraryHint, h: HintContext): ReturnType<LibraryHint> {
    [this.#hint, this.#place] = [name, 0];
    this.isInHint = true;
    const answer = hint(watched(h, (value) => this.#pass(value)));
    this.isInHint = false;
    return answer === undefined || typeof answer === 'object' ? answer : this.#pass(BigInt(answer));
  }

  #pass(value: bigint): bigint {
    const felt = ((value % PRIME) + PRIME) % PRIME;
    const index = this.felts.push({ hint: this.#hint, place: this.#place++, value: felt }) - 1;
    return index === this.#target ? this.#change(felt) : felt;
  }
}

/** The context with all felts that are written led through `pass`. */
function watched(h: HintContext, pass: (value: bigint) => bigint): HintContext {
  type Value = bigint | number | boolean | Relocatable;
  const through = (value: Value) => (typeof value === 'object' ? value : pass(BigInt(value)));
  const memory = overriding(h.memory, {
    write: (at: Relocatable, value: Value) => h.memory.write(at, through(value)),
    allocate: (values: readonly Value[]) => h.memory.allocate(values.map(through)),
  });
  return overriding(h, {
    memory,
    set: (path: string, value: Value) => h.set(path, through(value)),
    setAp: (value: Value) => h.setAp(through(value)),
    writeAll: (start: Relocatable, values: readonly Value[]) => h.writeAll(start, values.map(through)),
  });
}

/** The object with other members; its methods work on the object itself. */
export function overriding<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** All felts that the hints of an honest run write. */
export function hintFelts(input: OsInput): HintFelt[] {
  const writes = new HintWrites();
  runOs(input, { alter: (hints) => writes.wrap(hints) });
  return writes.felts;
}

/** Runs with one of the {@link hintFelts} changed, by its index. */
export function runMutated(
  input: OsInput,
  index: number,
  change: (value: bigint) => bigint,
  honest: readonly bigint[],
): MutationOutcome {
  const writes = new HintWrites(index, change);
  try {
    const { outputWords } = runOs(input, { maxSteps: MAX_STEPS, alter: (hints) => writes.wrap(hints) });
    return sameWords(outputWords, honest) ? 'same output' : 'other output';
  } catch (error) {
    if (writes.isInHint) return 'stopped';
    return hasCode(error, 'INVALID_OS_OUTPUT') || hasCode(error, 'INVALID_COMPRESSED_DATA')
      ? 'other output'
      : 'rejected';
  }
}

function sameWords(a: readonly bigint[], b: readonly bigint[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

/** What changed values of hints lead to where the program does not reject them. */
export interface Survivors {
  /** Values and outcomes of runs that ended well, as `hint[place]: outcome`. */
  accepted: string[];
  /** Hints after whose change an honest one could not go on. */
  stopping: string[];
}

/** Changes each felt that the hints write in each of these ways, one a run. */
export function survivors(input: OsInput, changes: readonly ((value: bigint) => bigint)[]): Survivors {
  const honest = runOs(input).outputWords;
  const [accepted, stopping] = [new Set<string>(), new Set<string>()];
  for (const [i, { hint, place, value }] of hintFelts(input).entries()) {
    for (const change of changes) {
      if (change(value) === value) continue;
      const outcome = runMutated(input, i, change, honest);
      if (outcome === 'stopped') stopping.add(hint);
      else if (outcome !== 'rejected') accepted.add(`${hint}[${place}]: ${outcome}`);
    }
  }
  return { accepted: [...accepted].sort(), stopping: [...stopping].sort() };
}
