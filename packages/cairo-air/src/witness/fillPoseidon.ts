import { type Felt, feltMod } from '@cairn/primitives';
import { fillConstants } from '../air/constantsTable.ts';
import { CUBE_VALUES } from '../air/poseidon/cubeTable.ts';
import {
  COMBINATIONS,
  POSEIDON_ROWS,
  POSEIDON_SCHEDULE,
  poseidonRows,
  SCHEDULE_FIELDS,
  SLOTS,
  STEP_KINDS,
  STEPS,
} from '../air/poseidon/poseidonSchedule.ts';
import { LIMB_COUNT, PAIR_COUNT, PRIME_PAIRS, upTo } from '../air/valueForm.ts';
import { multiplyInto, zeroModuloPrimeWriter } from './fillOperations.ts';
import { splitFelt } from './splitFelt.ts';
import { element, logHeightFor, TableColumns } from './tableColumns.ts';
import type { Witness } from './witness.ts';

const LINEAR_BIAS = 256;
const CELLS = 6;

/** Roots and their cubes, each once, with the number of uses. */
class Cubes {
  readonly uses: number[] = [];
  readonly roots: Felt[] = [];
  readonly cubes: Felt[] = [];
  readonly #indices = new Map<Felt, number>();

  use(root: Felt, cube: Felt): void {
    let index = this.#indices.get(root);
    if (index === undefined) {
      index = this.roots.push(root) - 1;
      this.cubes.push(cube);
      this.uses.push(0);
      this.#indices.set(root, index);
    }
    this.uses[index]!++;
  }
}

function fillCubes(witness: Witness, cubes: Cubes): void {
  const { ranges, tables } = witness;
  const table = new TableColumns(logHeightFor(cubes.roots.length));
  const columns = CUBE_VALUES.map((name) => table.columns(name, LIMB_COUNT));
  const uses = table.column('uses');
  const writers = ['square ', 'cube '].map((prefix) => zeroModuloPrimeWriter(witness, table, prefix));
  const limbs = CUBE_VALUES.map(() => new Uint16Array(LIMB_COUNT));
  for (let row = 0; row < table.height; row++) {
    const root = cubes.roots[row] ?? 0n;
    for (const [k, value] of [root, feltMod(root * root), cubes.cubes[row] ?? 0n].entries()) {
      splitFelt(value, limbs[k]!, 0, LIMB_COUNT);
      for (let i = 0; i < LIMB_COUNT; i++) columns[k]![i]![row] = limbs[k]![i]!;
    }
    uses[row] = cubes.uses[row] ?? 0;
    for (const k of [0, 1]) {
      const product = new Float64Array(2 * LIMB_COUNT - 1);
      multiplyInto(product, limbs[k]!, limbs[0]!);
      for (let i = 0; i < LIMB_COUNT; i++) product[i] = product[i]! - limbs[k + 1]![i]!;
      writers[k]!(row, product);
    }
  }
  for (const values of columns) ranges.nineBits(values);
  tables.cubes = table;
}

/** A row's values as pairs of limbs: y then z. */
function pairsOfRow({ y, z }: { y: Felt[]; z: Felt[] }): Float64Array[] {
  const limbs = new Uint16Array(LIMB_COUNT);
  return [...y, ...z].map((value) => {
    splitFelt(value, limbs, 0, LIMB_COUNT);
    return Float64Array.from({ length: PAIR_COUNT }, (_, i) => limbs[2 * i]! + 512 * limbs[2 * i + 1]!);
  });
}

interface Permutation {
  readonly rows: { y: Felt[]; z: Felt[] }[];
  readonly pairs: Float64Array[][];
}

/** Fills the tables of permutations, of their cubes and of their schedule. */
export function fillPoseidon(witness: Witness, start: number, logHeight: number): void {
  const { memory, values, ranges, tables } = witness;
  const table = new TableColumns(logHeight);
  const cubes = new Cubes();
  const scheduleUses = new Uint32Array(POSEIDON_ROWS);
  const [steps, addresses] = [table.column('step'), table.column('address')];
  const kinds = STEP_KINDS.map((kind) => table.column(kind));
  const ids = upTo(SLOTS).map((slot) => table.column(`id${slot}`));
  const cells = ['y', 'z'].flatMap((name) =>
    upTo(SLOTS).map((slot) => upTo(PAIR_COUNT).map((i) => table.column(`${name}${slot} ${i}`))),
  );
  const quotients = upTo(SLOTS).map((slot) => table.column(`quotient${slot}`));
  const carries = upTo(SLOTS).map((slot) =>
    upTo(PAIR_COUNT - 1).map((i) => table.column(`carry${slot} ${i}`)),
  );
  // What is looked up: quotient and carries of each slot with the bias.
  const checked = upTo(SLOTS * PAIR_COUNT).map(() => new Uint32Array(table.height).fill(LINEAR_BIAS));
  const constants = POSEIDON_SCHEDULE.rows.map((row) =>
    upTo(SLOTS).map((slot) => row.slice(1 + STEP_KINDS.length + slot * PAIR_COUNT)),
  );
  const known = new Map<string, Permutation>();
  let permutation: Permutation | undefined;
  for (let row = 0; row < table.height; row++) {
    const step = row % POSEIDON_ROWS;
    const first = start + Math.floor(row / POSEIDON_ROWS) * CELLS;
    if (step === 0) {
      const inputs = upTo(SLOTS).map((slot) => memory.ids[first + slot]!);
      const key = inputs.join();
      permutation = known.get(key);
      if (permutation === undefined) {
        const rows = poseidonRows(inputs.map((id) => values.felt(id)));
        permutation = { rows, pairs: rows.map(pairsOfRow) };
        known.set(key, permutation);
      }
    }
    const kind = STEPS[step]!;
    steps[row] = step;
    addresses[row] = first;
    kinds[STEP_KINDS.indexOf(kind)]![row] = 1;
    const own = permutation!.pairs[step]!;
    own.forEach((value, v) => {
      for (let i = 0; i < PAIR_COUNT; i++) cells[v]![i]![row] = value[i]!;
    });
    for (let slot = 0; slot < SLOTS; slot++) {
      if (kind !== 'input' && kind !== 'output') {
        const { y, z } = permutation!.rows[step]!;
        cubes.use(y[slot]!, z[slot]!);
        continue;
      }
      const id = memory.read(first + slot + (kind === 'output' ? SLOTS : 0));
      values.use('pairs', id);
      ids[slot]![row] = id;
    }
    if (row === table.height - 1) break;
    scheduleUses[step]!++;
    if (kind === 'output') continue;
    const next = permutation!.pairs[step + 1]!;
    for (let slot = 0; slot < SLOTS; slot++) {
      const totals = combinePairs(kind, slot, own, next);
      for (let i = 0; i < PAIR_COUNT; i++)
        totals[i] = totals[i]! + constants[step]![slot]![i]! - next[slot]![i]!;
      let approximate = 0;
      for (let i = PAIR_COUNT - 4; i < PAIR_COUNT; i++)
        approximate += totals[i]! * 2 ** (18 * (i - PAIR_COUNT + 1) - 17);
      const quotient = Math.round(approximate);
      quotients[slot]![row] = element(quotient);
      checked[slot * PAIR_COUNT]![row] = quotient + LINEAR_BIAS;
      let carry = 0;
      for (let i = 0; i < PAIR_COUNT - 1; i++) {
        carry = (carry + totals[i]! - quotient * PRIME_PAIRS[i]!) / 2 ** 18;
        carries[slot]![i]![row] = element(carry);
        checked[slot * PAIR_COUNT + 1 + i]![row] = carry + LINEAR_BIAS;
      }
    }
  }
  ranges.nineBits(checked);
  tables.poseidon = table;
  tables[POSEIDON_SCHEDULE.name] = fillConstants(POSEIDON_SCHEDULE, SCHEDULE_FIELDS, scheduleUses);
  fillCubes(witness, cubes);
}

/** Σ coefficient·value of a combination, pair by pair. */
function combinePairs(
  kind: (typeof STEP_KINDS)[number],
  slot: number,
  own: readonly Float64Array[],
  next: readonly Float64Array[],
): Float64Array {
  const { y = [], z = [], nextY = [], nextZ = [] } = COMBINATIONS[kind][slot]!;
  const totals = new Float64Array(PAIR_COUNT);
  const addAll = (factors: readonly number[], values: readonly Float64Array[], from: number) => {
    factors.forEach((factor, k) => {
      if (factor === 0) return;
      for (let i = 0; i < PAIR_COUNT; i++) totals[i] = totals[i]! + factor * values[from + k]![i]!;
    });
  };
  addAll(y, own, 0);
  addAll(z, own, SLOTS);
  addAll(nextY, next, 0);
  addAll(nextZ, next, SLOTS);
  return totals;
}
