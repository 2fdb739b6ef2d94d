import { type Felt, pedersen, poseidon } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import type { PatriciaPreimages } from './hints/patriciaHints.ts';
import {
  giving,
  inputs,
  type ReplacedHints,
  runTest,
  succeeds,
  type TestProgram,
} from './testing/runZero.ts';

type Hash = (x: Felt, y: Felt) => Felt;
type Preimages = Map<Felt, readonly [Felt, Felt] | readonly [Felt, Felt, Felt]>;

/** Root of the tree with these leaves; its nodes go to `preimages`. */
function treeRoot(leaves: ReadonlyMap<bigint, Felt>, height: number, hash: Hash, preimages: Preimages): Felt {
  const open = (
    keys: bigint[],
    level: number,
    start: bigint,
  ): { length: number; path: bigint; bottom: Felt } => {
    if (keys.length === 0) return { length: 0, path: 0n, bottom: 0n };
    if (level === 0) return { length: 0, path: 0n, bottom: leaves.get(keys[0]!)! };
    const middle = start + (1n << BigInt(level - 1));
    const left = open(
      keys.filter((k) => k < middle),
      level - 1,
      start,
    );
    const right = open(
      keys.filter((k) => k >= middle),
      level - 1,
      middle,
    );
    if (right.bottom === 0n) return { ...left, length: left.bottom === 0n ? 0 : left.length + 1 };
    if (left.bottom === 0n)
      return { ...right, length: right.length + 1, path: right.path + (1n << BigInt(right.length)) };
    const pair = [close(left), close(right)] as const;
    const bottom = hash(...pair);
    preimages.set(bottom, pair);
    return { length: 0, path: 0n, bottom };
  };
  const close = ({ length, path, bottom }: { length: number; path: bigint; bottom: Felt }): Felt => {
    if (length === 0) return bottom;
    const node = (hash(bottom, path) + BigInt(length)) % (2n ** 251n + 17n * 2n ** 192n + 1n);
    preimages.set(node, [BigInt(length), path, bottom]);
    return node;
  };
  const keys = [...leaves].filter(([, value]) => value !== 0n).map(([key]) => key);
  return close(open(keys, height, 0n));
}

type Update = readonly [key: bigint, prev: Felt, next: Felt];

const TREES: Record<string, { program: TestProgram; hash: Hash }> = {
  pedersen: {
    hash: pedersen,
    program: {
      builtins: ['pedersen', 'range_check'],
      imports: ['patricia: patricia_update', 'dict_access: DictAccess'],
      body: `${inputs('height', 'prev', 'next', 'count')}
        local updates: DictAccess* = nondet %{ test.updates %};
        %{ test.tree %}
        patricia_update{hash_ptr=pedersen_ptr}(updates, count, height, prev, next);`,
    },
  },
  poseidon: {
    hash: poseidon,
    program: {
      builtins: ['range_check', 'poseidon'],
      imports: ['patricia_with_poseidon: patricia_update', 'dict_access: DictAccess'],
      body: `${inputs('height', 'prev', 'next', 'count')}
        local updates: DictAccess* = nondet %{ test.updates %};
        %{ test.tree %}
        patricia_update(updates, count, height, prev, next);`,
    },
  },
};

function hintsFor(
  height: number,
  prev: Felt,
  next: Felt,
  updates: readonly Update[],
  preimages: PatriciaPreimages,
): ReplacedHints {
  return {
    ...giving({ height: BigInt(height), prev, next, count: BigInt(updates.length) }),
    'test.updates': (h) => h.memory.allocate(updates.flat()),
    'test.tree': (h) => void h.vars.set('preimage', preimages),
  };
}

/** A tree and updates of it, with the roots before and after. */
function scene(height: number, leaves: Map<bigint, Felt>, changes: [bigint, Felt][], hash: Hash) {
  const preimages: Preimages = new Map();
  const prev = treeRoot(leaves, height, hash, preimages);
  const after = new Map(leaves);
  for (const [key, value] of changes) after.set(key, value);
  const next = treeRoot(after, height, hash, new Map());
  const updates = [...changes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, leaves.get(key) ?? 0n, value] as const);
  return { height, prev, next, updates, preimages };
}

let seed = 1n;
const random = (bound: bigint): bigint => {
  seed = (seed * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
  return poseidon(seed, 7n) % bound;
};

function randomScene(height: number, hash: Hash) {
  const space = 1n << BigInt(height);
  const near = random(space);
  const key = (): bigint => (random(2n) === 0n ? random(space) : (near ^ random(8n)) % space);
  const leaves = new Map<bigint, Felt>();
  for (let i = random(8n); i > 0n; i--) leaves.set(key(), random(1n << 200n) + 1n);
  const changes = new Map<bigint, Felt>();
  const known = [...leaves.keys()];
  for (let i = random(6n) + 1n; i > 0n; i--) {
    const at = known.length > 0 && random(2n) === 0n ? known[Number(random(BigInt(known.length)))]! : key();
    const kind = random(3n);
    changes.set(at, kind === 0n ? 0n : kind === 1n ? (leaves.get(at) ?? 0n) : random(1n << 200n));
  }
  return scene(height, leaves, [...changes], hash);
}

describe.each(Object.entries(TREES))('the Patricia update over %s', (_name, { program, hash }) => {
  it.each([1, 2, 3, 8, 64, 128, 129, 251])('agrees with the model, height %i', (height) => {
    for (let i = 0; i < 25; i++) {
      const it = randomScene(height, hash);
      const hints = hintsFor(it.height, it.prev, it.next, it.updates, it.preimages);
      runTest(program, hints);
      // The new root is the only one.
      expect(succeeds(program, { ...hints, 'test.next': () => it.next + 1n })).toBe(false);
      const wrong = it.updates.map(([k, p, n], j) =>
        j === i % it.updates.length ? ([k, p + 1n, n] as const) : ([k, p, n] as const),
      );
      expect(succeeds(program, hintsFor(it.height, it.prev, it.next, wrong, it.preimages))).toBe(false);
    }
  });

  it('refuses keys outside of the tree, unsorted, repeated and left-out updates', () => {
    const it = scene(
      8,
      new Map([
        [3n, 5n],
        [200n, 6n],
      ]),
      [
        [3n, 7n],
        [201n, 8n],
      ],
      hash,
    );
    const attempt = (updates: readonly Update[], next = it.next): boolean =>
      succeeds(program, hintsFor(8, it.prev, next, updates, it.preimages));
    const [first, second] = it.updates as [Update, Update];
    expect(attempt([first, second])).toBe(true);
    expect(attempt([second, first])).toBe(false);
    expect(attempt([first])).toBe(false);
    expect(attempt([first, first, second])).toBe(false);
    for (const key of [256n, 457n, -1n, 1n << 128n, 1n << 251n])
      expect(attempt([first, [key, 0n, 8n]])).toBe(false);
  });

  it('fails for wrong hints, each changed once', () => {
    const leaves = new Map([
      [3n, 5n],
      [0x70n, 6n],
      [0x71n, 9n],
      [0xf0n, 4n],
    ]);
    const it = scene(
      8,
      leaves,
      [
        [3n, 0n],
        [5n, 7n],
        [0x71n, 0n],
        [0x90n, 0n],
        [0xf1n, 8n],
      ],
      hash,
    );
    const good = hintsFor(8, it.prev, it.next, it.updates, it.preimages);
    runTest(program, good);
    const flags = [
      'is_edge',
      'has_left_updates',
      'has_right_updates',
      'has_many_updates',
      'leaves_edge',
      'edge_is_right',
      'has_updates_beside_edge',
      'is_big_power',
    ];
    // Any flags, any way: the only root that comes out is the right one.
    for (let i = 0; i < 150; i++) {
      const replaced: Record<string, () => bigint> = {};
      for (const flag of flags) if (random(3n) === 0n) replaced[`cairn.patricia.${flag}`] = () => random(2n);
      for (const next of [it.prev, it.next + 1n, 0n])
        expect(succeeds(program, { ...good, ...replaced, 'test.next': () => next })).toBe(false);
    }
    for (const wrong of [-1n, 1n, 2n, 1n << 128n])
      for (const next of [it.prev, 0n])
        expect(
          succeeds(program, { ...good, 'test.next': () => next, 'cairn.patricia.fork_start': () => wrong }),
        ).toBe(false);
  });
});

it('updates a tree of 1000 leaves in so many steps', () => {
  const leaves = new Map(
    Array.from({ length: 1000 }, (_, i) => [random(1n << 251n), BigInt(i + 1)] as const),
  );
  const keys = [...leaves.keys()];
  const cost = (changes: [bigint, Felt][]): number => {
    const it = scene(251, leaves, changes, pedersen);
    const { resources } = runTest(
      TREES.pedersen!.program,
      hintsFor(251, it.prev, it.next, it.updates, it.preimages),
    );
    return resources.steps;
  };
  expect(cost([[keys[0]!, 7n]])).toBeLessThanOrEqual(594);
  expect(cost([[keys[0]!, leaves.get(keys[0]!)!]])).toBeLessThanOrEqual(578);
  expect(cost(keys.slice(0, 10).map((k) => [k, 7n]))).toBeLessThanOrEqual(4993);
  expect(cost(Array.from({ length: 10 }, () => [random(1n << 251n), 5n]))).toBeLessThanOrEqual(6273);
});
