import { type AffinePoint, type Felt, feltInv, feltMod } from '@cairn/primitives';
import { EC_OP_BITS, INPUT_COUNT, POINT_COLUMNS } from '../air/ec/chainTable.ts';
import { fillCurve } from '../air/ec/curveTable.ts';
import { fillDigits } from '../air/ec/digitsTable.ts';
import { addDistinct, double, PEDERSEN_WINDOWS, pedersenTable } from '../air/ec/pedersenPoints.ts';
import { fillPoints } from '../air/ec/pointsTable.ts';
import { LIMB_COUNT, upTo } from '../air/valueForm.ts';
import { multiplyInto, zeroModuloPrimeWriter } from './fillOperations.ts';
import { splitFelt } from './splitFelt.ts';
import { inverseOf, logHeightFor, TableColumns } from './tableColumns.ts';
import type { ValueStore } from './valueStore.ts';
import type { Witness } from './witness.ts';

/** Chains that are asked for, each once, by the ids of their inputs. */
export class ChainRequests {
  readonly hashes = new Map<string, ChainRequest>();
  readonly ecOps = new Map<string, ChainRequest>();
  /** Points to be shown on the curve, by ids of their coordinates. */
  readonly points: [x: number, y: number][] = [];
}

/** A chain with the ids of its inputs and results. */
interface ChainRequest {
  readonly inputs: readonly number[];
  readonly results: readonly number[];
  uses: number;
}

/** Asks for a chain, once more if it is known. */
export function requestChain(
  chains: Map<string, ChainRequest>,
  inputs: readonly number[],
  results: readonly number[],
): void {
  const key = [...inputs, ...results].join();
  const known = chains.get(key);
  if (known === undefined) chains.set(key, { inputs, results, uses: 1 });
  else known.uses++;
}

/** A row of the table of chains. */
interface ChainRow {
  readonly kind: 'adds' | 'doubles' | 'ends';
  readonly sum: AffinePoint;
  readonly term: AffinePoint;
  readonly position: number;
  readonly digit: number;
  readonly weight: number;
  readonly added: number;
}

const ORIGIN: AffinePoint = { x: 0n, y: 0n };

function hashRows(values: ValueStore, [a, b]: readonly number[], pointUses: Uint32Array): ChainRow[] {
  const { points, initial } = pedersenTable();
  let sum = initial;
  const rows: ChainRow[] = [];
  for (let position = 0; position < PEDERSEN_WINDOWS; position++) {
    const digit = values.limb(position < LIMB_COUNT ? a! : b!, position % LIMB_COUNT);
    const index = 512 * position + digit;
    pointUses[index] = pointUses[index]! + 1;
    const term = points[index]!;
    rows.push({ kind: 'adds', sum, term, position, digit, weight: 0, added: 0 });
    sum = addDistinct(sum, term);
  }
  rows.push({ kind: 'ends', sum, term: ORIGIN, position: PEDERSEN_WINDOWS, digit: 0, weight: 0, added: 0 });
  return rows;
}

function ecOpRows(values: ValueStore, inputs: readonly number[]): ChainRow[] {
  const [px, py, qx, qy] = inputs.slice(0, 4).map((id) => values.felt(id)) as [Felt, Felt, Felt, Felt];
  let sum: AffinePoint = { x: px, y: py };
  let term: AffinePoint = { x: qx, y: qy };
  const rows: ChainRow[] = [];
  let digit = 0;
  for (let position = 0; position < EC_OP_BITS; position++) {
    const weight = 2 ** (position % 9);
    const added = (values.limb(inputs[4]!, Math.floor(position / 9)) >>> (position % 9)) & 1;
    if (added === 1) {
      rows.push({ kind: 'adds', sum, term, position, digit, weight, added: 0 });
      sum = addDistinct(sum, term);
    }
    rows.push({ kind: 'doubles', sum, term, position, digit, weight, added });
    term = double(term);
    digit = weight === 256 ? 0 : digit + added * weight;
  }
  rows.push({ kind: 'ends', sum, term, position: EC_OP_BITS, digit: 0, weight: 1, added: 0 });
  return rows;
}

/** Fills the tables of chains, points, digits and of points on the curve. */
export function fillChains(witness: Witness, requests: ChainRequests): void {
  const { values, ranges, tables } = witness;
  const pointUses = new Uint32Array(2 ** 15);
  const digitUses = new Map<number, number>();
  const useDigits = (id: number) => digitUses.set(id, (digitUses.get(id) ?? 0) + 1);
  const chains = [
    ...[...requests.hashes.values()].map((request) => {
      for (const id of request.inputs) useDigits(id);
      return { request, isHash: true, rows: hashRows(values, request.inputs, pointUses) };
    }),
    ...[...requests.ecOps.values()].map((request) => {
      useDigits(request.inputs[4]!);
      return { request, isHash: false, rows: ecOpRows(values, request.inputs) };
    }),
  ];
  const rowCount = chains.reduce((sum, { rows }) => sum + rows.length, 0);
  const table = new TableColumns(logHeightFor(rowCount));
  const column = (name: string) => table.column(name);
  const points = POINT_COLUMNS.map((name) => table.columns(`${name} `, LIMB_COUNT));
  const slopes = table.columns('slope ', LIMB_COUNT);
  const writers = [
    zeroModuloPrimeWriter(witness, table, 'slope ', 'threefold'),
    zeroModuloPrimeWriter(witness, table, 'x '),
    zeroModuloPrimeWriter(witness, table, 'y '),
  ] as const;
  const inputIds = upTo(INPUT_COUNT).map((i) => column(`id input${i}`));
  const resultIds = upTo(2).map((i) => column(`id result${i}`));
  const nothing: ChainRow = {
    kind: 'ends',
    sum: ORIGIN,
    term: ORIGIN,
    position: 0,
    digit: 0,
    weight: 0,
    added: 0,
  };
  const limbs = upTo(7).map(() => new Uint16Array(LIMB_COUNT));
  // All columns of flags that some rows leave 0.
  for (const name of [
    'adds',
    'doubles',
    'is hash',
    'is ec_op',
    'first',
    'second',
    'ninth',
    'added',
    'inverse',
  ])
    column(name);
  const writeRow = (row: number, own: ChainRow, next: ChainRow) => {
    const { kind, sum, term } = own;
    column(kind)[row] = 1;
    column('position')[row] = own.position;
    column('digit')[row] = own.digit;
    column('weight')[row] = own.weight;
    column('added')[row] = own.added;
    const isAdd = kind === 'adds';
    const isDouble = kind === 'doubles';
    let slope = 0n;
    if (isAdd) slope = feltMod((term.y - sum.y) * feltInv(feltMod(term.x - sum.x)));
    if (isDouble) slope = feltMod((3n * term.x * term.x + 1n) * feltInv(feltMod(2n * term.y)));
    const after = isAdd ? next.sum : next.term;
    [sum.x, sum.y, term.x, term.y, slope, after.x, after.y].forEach((value, k) => {
      splitFelt(value, limbs[k]!, 0, LIMB_COUNT);
    });
    const [sumX, sumY, termX, termY, slopeLimbs, afterX, afterY] = limbs as [
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
    ];
    let distance = 0;
    for (let i = 0; i < LIMB_COUNT; i++) {
      for (let k = 0; k < 4; k++) points[k]![i]![row] = limbs[k]![i]!;
      slopes[i]![row] = slopeLimbs[i]!;
      distance += (sumX[i]! - termX[i]!) ** 2;
    }
    if (isAdd) column('inverse')[row] = inverseOf(distance);
    const rise = new Float64Array(LIMB_COUNT);
    const run = new Float64Array(LIMB_COUNT);
    const products = [0, 1, 2].map(() => new Float64Array(2 * LIMB_COUNT - 1)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    if (isAdd || isDouble) {
      const [x, y] = isAdd ? [sumX, sumY] : [termX, termY];
      for (let i = 0; i < LIMB_COUNT; i++) {
        rise[i] = isAdd ? termX[i]! - sumX[i]! : 2 * termY[i]!;
        run[i] = x[i]! - afterX[i]!;
      }
      if (isDouble) {
        multiplyInto(products[0], termX, termX);
        for (let i = 0; i < products[0].length; i++) products[0][i] = -3 * products[0][i]!;
        products[0][0] = products[0][0]! - 1;
      }
      multiplyInto(products[0], slopeLimbs, rise);
      multiplyInto(products[1], slopeLimbs, slopeLimbs);
      multiplyInto(products[2], slopeLimbs, run);
      for (let i = 0; i < LIMB_COUNT; i++) {
        if (isAdd) products[0][i] = products[0][i]! - (termY[i]! - sumY[i]!);
        products[1][i] = products[1][i]! - x[i]! - termX[i]! - afterX[i]!;
        products[2][i] = products[2][i]! - y[i]! - afterY[i]!;
      }
    }
    for (const k of [0, 1, 2] as const) writers[k](row, products[k]);
  };
  let row = 0;
  for (const { request, isHash, rows } of chains) {
    rows.forEach((own, i) => {
      column(isHash ? 'is hash' : 'is ec_op')[row] = 1;
      column('first')[row] = i === 0 ? 1 : 0;
      column('second')[row] = isHash && own.kind === 'adds' && own.position >= LIMB_COUNT ? 1 : 0;
      column('ninth')[row] = own.kind === 'doubles' && own.weight === 256 ? 1 : 0;
      for (let k = 0; k < INPUT_COUNT; k++) inputIds[k]![row] = request.inputs[k] ?? 0;
      if (i === rows.length - 1) {
        column('uses')[row] = request.uses;
        request.results.forEach((id, k) => {
          resultIds[k]![row] = id;
          values.use('limbs', id);
        });
      }
      writeRow(row, own, rows[i + 1] ?? nothing);
      row++;
    });
    if (!isHash) for (const id of request.inputs.slice(0, 4)) values.use('limbs', id);
  }
  for (; row < table.height; row++) writeRow(row, nothing, nothing);
  column('uses');

  const checked: ArrayLike<number>[] = [...points.flat(), ...slopes];
  for (const [name, columns] of [
    ['sum x', points[0]!],
    ['term x', points[2]!],
  ] as const) {
    const [top, full] = [column(`${name} top`), column(`${name} full`)];
    const [doubled, limb21] = [new Uint32Array(table.height), new Uint32Array(table.height)];
    for (let r = 0; r < table.height; r++) {
      top[r] = columns[27]![r] === 256 ? 1 : 0;
      full[r] = top[r]! & (columns[21]![r] === 136 ? 1 : 0);
      doubled[r] = 2 * columns[27]![r]! - 512 * top[r]!;
      limb21[r] = columns[21]![r]! + (511 - 135) * (top[r]! - full[r]!);
    }
    checked.push(doubled, limb21);
  }
  ranges.nineBits(checked);
  tables['point chains'] = table;
  fillDigits(witness, digitUses);
  fillCurve(witness, requests.points);
  Object.assign(tables, fillPoints(pointUses));
}
