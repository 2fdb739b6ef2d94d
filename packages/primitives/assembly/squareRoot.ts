// Squares, square roots and inverses of single felts. The field has 2-adicity 192, so roots are taken by Lucas sequences, which do not mind:
// S. Müller, "On the Computation of Square Roots in Finite Fields", 2004.

import { copyFelt, feltAdd, fromCell, isZero, toCell } from './felt';
import { MONTGOMERY_ONE, MONTGOMERY_TWO } from './feltConstants';
import { feltInverse } from './curve';
import { feltMul, feltMulSub, feltSqr, feltSqrSubDouble } from './feltKernels';
import { IO } from './layout';

const POWER = memory.data(36, 16);
const ODD_POWER = memory.data(36, 16);
const VALUE = memory.data(36, 16);
const FACTOR = memory.data(36, 16);
const P = memory.data(36, 16);
const V = memory.data(36, 16);
const NEXT_V = memory.data(36, 16);
const SCALED = memory.data(36, 16);

/** a = a^(2^count). */
function squareTimes(a: usize, count: i32): void {
  for (let i = 0; i < count; i++) feltSqr(a, a);
}

/** Euler's criterion: a^((p − 1)/2) = 1, where (p − 1)/2 = 2^191·(2^59 + 17). False for 0. */
export function isSquare(a: usize): bool {
  copyFelt(POWER, a);
  squareTimes(POWER, 4);
  feltMul(ODD_POWER, POWER, a);
  squareTimes(POWER, 55);
  feltMul(POWER, POWER, ODD_POWER);
  squareTimes(POWER, 191);
  feltMulSub(POWER, POWER, MONTGOMERY_ONE, MONTGOMERY_ONE);
  return isZero(POWER);
}

/** V = V_(2n) and NEXT_V = V_(2n + 1), or V_(2n + 1) and V_(2n + 2) when `odd`, of the Lucas sequence of P. */
function lucasStep(odd: bool): void {
  if (odd) {
    feltMulSub(V, V, NEXT_V, P);
    feltSqrSubDouble(NEXT_V, NEXT_V, MONTGOMERY_ONE);
  } else {
    feltMulSub(NEXT_V, V, NEXT_V, P);
    feltSqrSubDouble(V, V, MONTGOMERY_ONE);
  }
}

/** (a) → a square root of a; false when there is none. */
export function squareRoot(): bool {
  fromCell(VALUE, IO);
  if (isZero(VALUE)) return true;
  // A factor t for which a·t² − 4 is no square; were it 0, the root would be 2/t.
  copyFelt(FACTOR, MONTGOMERY_ONE);
  for (;;) {
    feltMul(SCALED, VALUE, FACTOR);
    feltMulSub(P, SCALED, FACTOR, MONTGOMERY_TWO);
    feltMulSub(SCALED, MONTGOMERY_TWO, MONTGOMERY_ONE, P); // 4 − a·t²
    if (isZero(SCALED)) {
      copyFelt(V, MONTGOMERY_TWO);
      break;
    }
    // −1 is a square in this field.
    if (!isSquare(SCALED)) {
      lucas();
      break;
    }
    feltAdd(FACTOR, FACTOR, MONTGOMERY_ONE);
  }
  feltInverse(FACTOR, FACTOR);
  feltMul(V, V, FACTOR);
  toCell(IO, V);
  feltMulSub(V, V, V, VALUE);
  return isZero(V);
}

/** V = V_((p − 1)/4)(P), where (p − 1)/4 = 2^190·(2^59 + 17). */
function lucas(): void {
  copyFelt(V, P);
  feltSqrSubDouble(NEXT_V, P, MONTGOMERY_ONE);
  for (let bit = 58; bit >= 0; bit--) lucasStep(bit == 4 || bit == 0);
  for (let i = 0; i < 190; i++) feltSqrSubDouble(V, V, MONTGOMERY_ONE);
}

/** (a) → a⁻¹, a not 0. */
export function invert(): void {
  fromCell(VALUE, IO);
  feltInverse(VALUE, VALUE);
  toCell(IO, VALUE);
}
