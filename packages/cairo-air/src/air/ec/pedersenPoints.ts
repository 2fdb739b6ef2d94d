import {
  type AffinePoint,
  type Felt,
  feltInv,
  feltMod,
  PEDERSEN_LOW_BIT_COUNT,
  PEDERSEN_POINTS,
} from '@cairn/primitives';
import { LIMB_COUNT, upTo } from '../valueForm.ts';

const POINT_SHIFT = PEDERSEN_POINTS[0]!;

/** Windows of nine bits, one per limb of each input. */
export const PEDERSEN_WINDOWS = 2 * LIMB_COUNT;
const DIGITS = 512;
/** Bits of the uppermost window that belong to the low part. */
const LOW_BITS_OF_TOP = PEDERSEN_LOW_BIT_COUNT - 9 * (LIMB_COUNT - 1);

/** p + q of points with different x. */
export function addDistinct(
  p: AffinePoint,
  q: AffinePoint,
  inverse = feltInv(feltMod(q.x - p.x)),
): AffinePoint {
  const slope = feltMod((q.y - p.y) * inverse);
  const x = feltMod(slope * slope - p.x - q.x);
  return { x, y: feltMod(slope * (p.x - x) - p.y) };
}

/** 2p. */
export function double(p: AffinePoint): AffinePoint {
  const slope = feltMod((3n * p.x * p.x + 1n) * feltInv(feltMod(2n * p.y)));
  const x = feltMod(slope * slope - 2n * p.x);
  return { x, y: feltMod(slope * (p.x - x) - p.y) };
}

/** 1/v of several felts with one inversion. */
function invertAll(values: readonly Felt[]): Felt[] {
  const products: Felt[] = [];
  let product = 1n;
  for (const value of values) {
    products.push(product);
    product = feltMod(product * value);
  }
  let inverse = feltInv(product);
  const inverses: Felt[] = new Array(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = feltMod(inverse * products[i]!);
    inverse = feltMod(inverse * values[i]!);
  }
  return inverses;
}

/** The window's point of digit 0: no window's digit may stand for the point at infinity, so each has one more of its base. */
function windowBases(): AffinePoint[] {
  return [1, 3].flatMap((low) => {
    const bases: AffinePoint[] = [];
    let base = PEDERSEN_POINTS[low]!;
    for (let window = 0; window < LIMB_COUNT; window++) {
      bases.push(base);
      for (let i = 0; i < 9; i++) base = double(base);
    }
    return bases;
  });
}

/** Points by window and digit, `window·512 + digit`: (digit + 1)·base, in the upper windows (low part + 1)·base + high part. */
export interface PedersenTable {
  readonly points: readonly AffinePoint[];
  /** Where the sum over the windows begins: the shift point less one base of each window. */
  readonly initial: AffinePoint;
}

let table: PedersenTable | undefined;

/** The table of points; computed once. PERF: a third of a second. */
export function pedersenTable(): PedersenTable {
  table ??= makeTable();
  return table;
}

function makeTable(): PedersenTable {
  const bases = windowBases();
  const rows: AffinePoint[][] = [bases, bases.map(double)];
  while (rows.length < DIGITS) {
    const last = rows.at(-1)!;
    const inverses = invertAll(last.map((point, w) => feltMod(bases[w]!.x - point.x)));
    rows.push(last.map((point, w) => addDistinct(point, bases[w]!, inverses[w]!)));
  }
  // The upper windows have five bits of the low part and four of the high part.
  for (const [scalar, window] of [
    [0, LIMB_COUNT - 1],
    [1, 2 * LIMB_COUNT - 1],
  ] as const) {
    const high = PEDERSEN_POINTS[2 + 2 * scalar]!;
    const span = 2 ** LOW_BITS_OF_TOP;
    let shift: AffinePoint | undefined;
    for (let digit = span; digit < DIGITS; digit++) {
      if (digit % span === 0) shift = shift === undefined ? high : sum(shift, high);
      rows[digit]![window] = addDistinct(rows[digit % span]![window]!, shift!);
    }
  }
  const initial = bases.reduce((total, { x, y }) => addDistinct(total, { x, y: feltMod(-y) }), POINT_SHIFT);
  return { points: upTo(PEDERSEN_WINDOWS).flatMap((w) => rows.map((row) => row[w]!)), initial };
}

const sum = (p: AffinePoint, q: AffinePoint): AffinePoint => (p.x === q.x ? double(p) : addDistinct(p, q));
