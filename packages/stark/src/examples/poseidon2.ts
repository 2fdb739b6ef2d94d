import { keccak256 } from '@cairn/primitives';
import { anyM31 } from '../core/air/columnType.ts';
import { defineAir } from '../core/air/defineAir.ts';
import type { Expr } from '../core/air/expr.ts';
import type { Air } from '../core/air/ir.ts';
import { addM31, type M31, m31, mulM31 } from '../core/field/m31.ts';
import type { TraceInput } from '../prover/trace.ts';

const WIDTH = 16;
const HALF_FULL_ROUNDS = 4;
const PARTIAL_ROUNDS = 14;
const LANES = Array.from({ length: WIDTH }, (_, i) => i);

/** Round constants from keccak-256 of a label: this is an example, no standard. */
function constants(label: string, count: number): M31[] {
  return Array.from({ length: count }, (_, i) => {
    const digest = keccak256(new TextEncoder().encode(`cairn poseidon2 example ${label} ${i}`));
    return m31(new DataView(digest.buffer, digest.byteOffset).getUint32(0) >>> 1);
  });
}

const FULL_CONSTANTS = constants('full', 2 * HALF_FULL_ROUNDS * WIDTH);
const PARTIAL_CONSTANTS = constants('partial', PARTIAL_ROUNDS);

/** The operations that a permutation is written in: on field elements, or on expressions. */
interface Arithmetic<T> {
  readonly add: (a: T, b: T) => T;
  readonly scale: (a: T, k: number) => T;
  readonly plus: (a: T, constant: M31) => T;
  /** x⁵ of the s-box with this name. */
  readonly sbox: (x: T, name: string) => T;
}

/** The 4×4 matrix ((5 7 1 3) (4 6 1 1) (1 3 5 7) (1 1 4 6)) of the Poseidon2 paper. */
const M4 = [
  [5, 7, 1, 3],
  [4, 6, 1, 1],
  [1, 3, 5, 7],
  [1, 1, 4, 6],
];

function externalMix<T>(f: Arithmetic<T>, state: readonly T[]): T[] {
  const sum = (terms: readonly T[]) => terms.reduce(f.add);
  const blocks = [0, 4, 8, 12].map((at) =>
    M4.map((row) => sum(row.map((k, j) => f.scale(state[at + j]!, k)))),
  );
  const columns = [0, 1, 2, 3].map((j) => sum(blocks.map((block) => block[j]!)));
  return LANES.map((i) => f.add(blocks[i >> 2]![i & 3]!, columns[i & 3]!));
}

/** 1 + diag(2, 4, 8 … 2^16). */
function internalMix<T>(f: Arithmetic<T>, state: readonly T[]): T[] {
  const sum = state.reduce(f.add);
  return state.map((x, i) => f.add(f.scale(x, 2 ** (i + 1)), sum));
}

function permute<T>(f: Arithmetic<T>, input: readonly T[]): T[] {
  let state = externalMix(f, input);
  const full = (round: number) => {
    state = state.map((x, i) =>
      f.sbox(f.plus(x, FULL_CONSTANTS[WIDTH * round + i]!), `full ${round} lane ${i}`),
    );
    state = externalMix(f, state);
  };
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) full(round);
  for (let round = 0; round < PARTIAL_ROUNDS; round++) {
    const first = f.sbox(f.plus(state[0]!, PARTIAL_CONSTANTS[round]!), `partial ${round}`);
    state = internalMix(f, [first, ...state.slice(1)]);
  }
  for (let round = HALF_FULL_ROUNDS; round < 2 * HALF_FULL_ROUNDS; round++) full(round);
  return state;
}

const fifthPower = (x: M31): M31 => mulM31(mulM31(mulM31(x, x), mulM31(x, x)), x);

const ON_ELEMENTS: Arithmetic<M31> = {
  add: addM31,
  scale: (a, k) => mulM31(a, k),
  plus: addM31,
  sbox: fifthPower,
};

/** The example's permutation of 16 elements, plain. */
export function poseidon2(input: readonly M31[]): M31[] {
  return permute(ON_ELEMENTS, input);
}

/**
 * One permutation of Poseidon2 over M31 in each row of a tall table, x⁵ as one constraint of degree 5, and a short table that
 * chains permutations: each call takes the state that the last one gave. First and last state are public.
 */
export const poseidon2Air: Air = defineAir(
  'poseidon2',
  (a) => {
    const first = LANES.map((i) => a.publicCell(`first ${i}`));
    const last = LANES.map((i) => a.publicCell(`last ${i}`));
    const count = a.publicCell('calls');
    const permutation = a.bus('permutation', [...LANES.map((i) => `in${i}`), ...LANES.map((i) => `out${i}`)]);
    const state = a.bus('state', ['call', ...LANES.map((i) => `lane${i}`)]);
    a.publicYield('start', state, [0, ...first]);
    a.publicUse('end', state, [count, ...last]);
    a.table('calls', { logHeight: { min: 4, max: 20 }, padding: 'enabler' }, (t) => {
      const call = t.free('call', anyM31, { reason: 'bound by the bus of states' });
      const before = LANES.map((i) => t.free(`in${i}`, anyM31, { reason: 'bound by the bus of states' }));
      const after = LANES.map((i) =>
        t.free(`out${i}`, anyM31, { reason: 'bound by the bus of permutations' }),
      );
      t.use('permuted', permutation, [...before, ...after]);
      t.chain('state', state, [call, ...before], [call.add(1), ...after]);
    });
    a.table('permutations', { logHeight: { min: 4, max: 22 }, padding: 'computed' }, (t) => {
      const input = LANES.map((i) => t.free(`in${i}`, anyM31, { reason: 'any input has its output' }));
      const output = permute<Expr>(
        {
          add: (x, y) => x.add(y),
          scale: (x, k) => x.mul(k),
          plus: (x, constant) => x.add(constant),
          sbox: (x, name) => t.assigned(name, anyM31, x.mul(x).mul(x.mul(x)).mul(x)),
        },
        input,
      );
      t.yield('permutation', permutation, [...input, ...output], t.multiplicity('uses'));
    });
  },
  { maxDegree: 5 },
);

/** Trace data and public values for so many calls from a first state. */
export function poseidon2Input(
  first: readonly M31[],
  callCount: number,
  logPermutations?: number,
): { input: TraceInput; publicValues: M31[] } {
  const calls: Record<string, number[]> = { call: [] };
  for (const i of LANES) {
    calls[`in${i}`] = [];
    calls[`out${i}`] = [];
  }
  let state = [...first];
  for (let call = 0; call < callCount; call++) {
    const next = poseidon2(state);
    calls.call!.push(call);
    for (const i of LANES) {
      calls[`in${i}`]!.push(state[i]!);
      calls[`out${i}`]!.push(next[i]!);
    }
    state = next;
  }
  const height = logPermutations === undefined ? {} : { logHeight: logPermutations };
  return {
    input: {
      calls: { rowCount: callCount, columns: calls },
      permutations: { rowCount: callCount, columns: calls, ...height },
    },
    publicValues: [...first, ...state, callCount],
  };
}
