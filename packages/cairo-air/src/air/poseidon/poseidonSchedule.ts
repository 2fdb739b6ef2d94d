import { type Felt, feltMod, poseidonRoundConstants } from '@cairn/primitives';
import type { M31 } from '@cairn/stark';
import type { ConstantRows } from '../constantsTable.ts';
import { PAIR_COUNT, upTo } from '../valueForm.ts';

// One permutation is 38 rows: the inputs, 36 rows with three cubes each, the outputs. A row holds what is cubed (y) and the
// cubes (z). Of a partial round only the last element of the state is cubed; with the matrix [[3,1,1],[1,-1,1],[1,1,-2]] what
// is cubed in successive partial rounds obeys y_n = 2·y_(n-1) + 4·y_(n-2) + 8·z_(n-3) + 6·z_(n-2) - 2·z_(n-1) + constant,
// as t² - 2t - 4 is the characteristic polynomial of [[3,1],[1,-1]]. So 28 rows hold 83 partial rounds and the third cube of
// the full round after them, whose other two cubes stand in a row of their own.

/** Rows of one permutation. */
export const POSEIDON_ROWS = 38;
const HALF_FULL_ROUNDS = 4;
const PARTIAL_ROUNDS = 83;
/** Values in a row, and cubes. */
export const SLOTS = 3;

/** How a row's y and z make the next row's y. */
export const STEP_KINDS = [
  'input',
  'full',
  'to partial',
  'partial',
  'from partial',
  'to full',
  'output',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Kind of each row. */
export const STEPS: readonly StepKind[] = [
  'input',
  'full',
  'full',
  'full',
  'to partial',
  ...upTo(27).map((): StepKind => 'partial'),
  'from partial',
  'to full',
  'full',
  'full',
  'full',
  'output',
];

/** Coefficients of a row's y and z and of the next row's Y and Z. */
export interface Combination {
  readonly y?: readonly number[];
  readonly z?: readonly number[];
  readonly nextY?: readonly number[];
  readonly nextZ?: readonly number[];
}

const MATRIX: readonly Combination[] = [{ z: [3, 1, 1] }, { z: [1, -1, 1] }, { z: [1, 1, -2] }];
const THIRD_PARTIAL: Combination = { z: [0, 0, 8], nextY: [4, 2, 0], nextZ: [6, -2, 0] };

/** What each slot of the next row is, constants aside; the output row says nothing of the next. */
export const COMBINATIONS: Record<StepKind, readonly Combination[]> = {
  input: [{ y: [1, 0, 0] }, { y: [0, 1, 0] }, { y: [0, 0, 1] }],
  full: MATRIX,
  'to partial': [{ z: [1, 1, -2] }, { z: [4, 0, 2], nextZ: [-2, 0, 0] }, THIRD_PARTIAL],
  partial: [
    { y: [0, 4, 2], z: [8, 6, -2] },
    { y: [0, 0, 4], z: [0, 8, 6], nextY: [2, 0, 0], nextZ: [-2, 0, 0] },
    THIRD_PARTIAL,
  ],
  // With y, z of the partial rounds 81, 82 and of the full round's third element: the other two, and the third cube kept.
  'from partial': [{ y: [0, 2, 2], z: [4, 5, 0] }, { y: [0, 2, 0], z: [4, 1, 0] }, { z: [0, 0, 1] }],
  'to full': [
    { y: [0, 0, 1], z: [3, 1, 0] },
    { y: [0, 0, 1], z: [1, -1, 0] },
    { y: [0, 0, -2], z: [1, 1, 0] },
  ],
  output: [{}, {}, {}],
};

const cube = (x: Felt): Felt => feltMod(x * x * x);

let roundConstants: readonly Felt[] | undefined;

/** y and z of all rows for an input, by the rounds themselves. */
export function poseidonRows(input: readonly Felt[]): { y: Felt[]; z: Felt[] }[] {
  roundConstants ??= poseidonRoundConstants();
  const key = roundConstants;
  const rows: { y: Felt[]; z: Felt[] }[] = [{ y: [...input], z: [0n, 0n, 0n] }];
  let state = [...input];
  const mix = (z: readonly Felt[]) => {
    const sum = z[0]! + z[1]! + z[2]!;
    state = [sum + 2n * z[0]!, sum - 2n * z[1]!, sum - 3n * z[2]!].map(feltMod);
  };
  const keyed = (round: number) => state.map((value, i) => feltMod(value + key[3 * round + i]!));
  const put = (y: Felt[]) => {
    const row = { y, z: y.map(cube) };
    rows.push(row);
    return row.z;
  };
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) mix(put(keyed(round)));
  const partial: Felt[] = [];
  for (let round = HALF_FULL_ROUNDS; round < HALF_FULL_ROUNDS + PARTIAL_ROUNDS; round++) {
    const [a, b, c] = keyed(round);
    partial.push(c!);
    mix([a!, b!, cube(c!)]);
  }
  const [a, b, c] = keyed(HALF_FULL_ROUNDS + PARTIAL_ROUNDS);
  partial.push(c!);
  for (let i = 0; i < partial.length; i += SLOTS) put(partial.slice(i, i + SLOTS));
  const z = put([a!, b!, cube(c!)]);
  mix([z[0]!, z[1]!, cube(c!)]);
  for (
    let round = HALF_FULL_ROUNDS + PARTIAL_ROUNDS + 1;
    round < 2 * HALF_FULL_ROUNDS + PARTIAL_ROUNDS;
    round++
  )
    mix(put(keyed(round)));
  rows.push({ y: state, z: [0n, 0n, 0n] });
  return rows;
}

/** A felt as 14 pairs of limbs, 18 bits each. */
export function feltPairs(value: Felt): number[] {
  return upTo(PAIR_COUNT).map((i) => Number((value >> BigInt(18 * i)) & 0x3ffffn));
}

/** Value of a combination without its constant. */
function combine(
  { y = [], z = [], nextY = [], nextZ = [] }: Combination,
  row: { y: Felt[]; z: Felt[] },
  next: { y: Felt[]; z: Felt[] },
): Felt {
  const dot = (factors: readonly number[], values: readonly Felt[]) =>
    factors.reduce((sum, factor, i) => sum + BigInt(factor) * values[i]!, 0n);
  return feltMod(dot(y, row.y) + dot(z, row.z) + dot(nextY, next.y) + dot(nextZ, next.z));
}

/** Fields of the schedule: the row's number and kind, and the three constants that its combinations lack. */
export const SCHEDULE_FIELDS: readonly string[] = [
  'step',
  ...STEP_KINDS,
  ...upTo(SLOTS).flatMap((slot) => upTo(PAIR_COUNT).map((i) => `constant${slot} ${i}`)),
];

/** The constants that combinations of each row lack: the same for every input. */
export function scheduleConstants(input: readonly Felt[] = [0n, 0n, 0n]): Felt[][] {
  const rows = poseidonRows(input);
  return STEPS.map((kind, step) => {
    const next = rows[step + 1];
    if (next === undefined) return [0n, 0n, 0n];
    return upTo(SLOTS).map((slot) =>
      feltMod(next.y[slot]! - combine(COMBINATIONS[kind][slot]!, rows[step]!, next)),
    );
  });
}

/** The schedule as constant rows. */
export const POSEIDON_SCHEDULE: ConstantRows = {
  name: 'poseidon schedule',
  rows: scheduleConstants().map((constants, step): M31[] => [
    step,
    ...STEP_KINDS.map((kind) => (kind === STEPS[step] ? 1 : 0)),
    ...constants.flatMap(feltPairs),
  ]),
};
