import { type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import { RANGE_CHECK_BOUND } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

/** Nodes of old trees by hash: both children, or length, path and bottom of an edge. */
export type PatriciaPreimages = ReadonlyMap<Felt, readonly [Felt, Felt] | readonly [Felt, Felt, Felt]>;

const PREIMAGES = 'preimage';
const UPDATES = 'cairn.patricia.updates';
const ACCESS_CELLS = 3;

/** Keys of the updates and where they lie. */
interface Updates {
  start: Relocatable;
  keys: bigint[];
}

/** Hints of `patricia.cairo`; the hint variable `preimage` holds {@link PatriciaPreimages}. */
export const PATRICIA_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.patricia.enter': (h) => {
    const start = h.pointer('update_ptr');
    const keys = Array.from({ length: h.count('n_updates') }, (_, i) =>
      h.memory.readFelt(offsetBy(start, ACCESS_CELLS * i)),
    );
    h.enterScope([
      [PREIMAGES, h.local(PREIMAGES)],
      [UPDATES, { start, keys } satisfies Updates],
    ]);
  },
  'cairn.patricia.exit': (h) => h.exitScope(),
  'cairn.patricia.is_edge': (h) => preimage(h).length === 3,
  'cairn.patricia.open_edge': (h) => {
    const [length, path, bottom] = preimage(h) as [Felt, Felt, Felt];
    writeHashInput(h, bottom, path);
    return length;
  },
  'cairn.patricia.open_binary': (h) => {
    const [left, right] = preimage(h) as [Felt, Felt];
    writeHashInput(h, left, right);
  },
  'cairn.patricia.has_left_updates': (h) => countUpdates(h, h.felt('start'), halfOf(h)) > 0,
  'cairn.patricia.has_right_updates': (h) => countUpdates(h, h.felt('start') + halfOf(h), halfOf(h)) > 0,
  'cairn.patricia.has_many_updates': (h) =>
    countUpdates(h, h.felt('start'), sizeAt(h, h.pointer('half'))) > 1,
  'cairn.patricia.leaves_edge': (h) => {
    const [start, size] = [h.felt('start'), sizeAt(h, h.pointer('half'))];
    const [bottomStart, bottomSize] = [h.felt('bottom_start'), sizeAt(h, h.pointer('bottom_half'))];
    return countUpdates(h, start, size) > countUpdates(h, bottomStart, bottomSize);
  },
  'cairn.patricia.fork_half': (h) => offsetBy(h.pointer('half'), fork(h).height - heightOf(h, 'half')),
  'cairn.patricia.fork_start': (h) => fork(h).start,
  'cairn.patricia.edge_is_right': (h) => h.felt('bottom_start') >= h.felt('middle'),
  'cairn.patricia.has_updates_beside_edge': (h) =>
    countUpdates(h, h.felt('start'), sizeAt(h, h.pointer('half'))) > 0,
  'cairn.patricia.is_big_power': (h) => h.felt('power') > RANGE_CHECK_BOUND,
  'cairn.patricia.value_halves_to_range_checks': (h) => {
    const value = h.felt('value');
    h.writeAll(h.pointer('range_check_ptr'), [value % RANGE_CHECK_BOUND, value / RANGE_CHECK_BOUND]);
  },
};

function preimage(h: HintContext): readonly Felt[] {
  const found = h.local<PatriciaPreimages>(PREIMAGES).get(h.felt('node'));
  if (found === undefined) throw h.fail(`node ${h.felt('node')} is not among the preimages`);
  return found;
}

/** Writes what the next hash is of: both builtins have it in their first two cells. */
function writeHashInput(h: HintContext, x: Felt, y: Felt): void {
  h.writeAll(h.pointer('hash_ptr'), [x, y]);
}

function halfOf(h: HintContext): bigint {
  return h.memory.readFelt(h.pointer('half'));
}

/** Number of leaves below a node of that height. */
function sizeAt(h: HintContext, half: Relocatable): bigint {
  return h.memory.readFelt(offsetBy(half, 1));
}

function heightOf(h: HintContext, half: string): number {
  return h.pointer(half).offset - h.pointer('table').offset;
}

/** Updates ahead with keys in [start, start + size). */
function ahead(h: HintContext, start: bigint, size: bigint): bigint[] {
  const { start: first, keys } = h.local<Updates>(UPDATES);
  const done = (h.pointer('update_ptr').offset - first.offset) / ACCESS_CELLS;
  return keys.slice(done).filter((key) => key >= start && key < start + size);
}

function countUpdates(h: HintContext, start: bigint, size: bigint): number {
  return ahead(h, start, size).length;
}

/** The lowest node above all updates of the subtree and the edge's bottom. */
function fork(h: HintContext): { height: number; start: bigint } {
  const start = h.felt('start');
  const keys = ahead(h, start, sizeAt(h, h.pointer('half')));
  if (h.felt('bottom') !== 0n) keys.push(h.felt('bottom_start'));
  const height = keys.reduce(
    (most, key) => Math.max(most, (key ^ keys[0]!) === 0n ? 0 : (key ^ keys[0]!).toString(2).length),
    0,
  );
  return { height, start: (keys[0]! >> BigInt(height)) << BigInt(height) };
}
