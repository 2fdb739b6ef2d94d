import { invM31, type M31 } from '../field/m31.ts';
import { add, mul, ONE, type QM31, scale } from '../field/qm31.ts';
import { doubleSecureX, doubleX, HALF, type SecurePoint } from './circlePoint.ts';
import { pointAtPosition, positionOfRow } from './domain.ts';

/**
 * The polynomial that is 1 at one row of C_logSize and 0 at the others, at a point: ½(1 + y/y₀)·½(1 + x/x₀)·½(1 + πx/πx₀)…
 * Each factor is 1 or 0 on the points that the later factors let pass.
 */
export function evaluateRowSelector(row: number, logSize: number, point: SecurePoint): QM31 {
  const at = pointAtPosition(positionOfRow(row, logSize), logSize);
  const factor = (value: QM31, here: M31) => scale(add(ONE, scale(value, invM31(here))), HALF);
  let result = factor(point.y, at.y);
  let x = point.x;
  let hereX = at.x;
  for (let i = 1; i < logSize; i++) {
    result = mul(result, factor(x, hereX));
    x = doubleSecureX(x);
    hereX = doubleX(hereX);
  }
  return result;
}

/** v_logSize(P) = π^(logSize - 1)(x), which vanishes exactly on C_logSize. */
export function evaluateVanishing(logSize: number, point: SecurePoint): QM31 {
  let x = point.x;
  for (let i = 1; i < logSize; i++) x = doubleSecureX(x);
  return x;
}
