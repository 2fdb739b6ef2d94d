import type { AirBuilder, BusHandle } from '@cairn/stark';
import type { CairoBuses } from '../buses.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { declareChains, INPUT_COUNT } from './chainTable.ts';
import { declareCurve } from './curveTable.ts';
import { declareDigits } from './digitsTable.ts';
import { declarePoints } from './pointsTable.ts';

/** What the builtins on the curve ask for. */
export interface CurveBuses {
  readonly pedersen: BusHandle;
  readonly ecOp: BusHandle;
  readonly onCurve: BusHandle;
}

/** Declares the tables that pedersen and ec_op share. */
export function declareCurveTables(a: AirBuilder, core: CairoBuses, ranges: RangeChecks): CurveBuses {
  const points = declarePoints(a);
  const digits = declareDigits(a, core);
  const onCurve = declareCurve(a, core);
  const pedersen = a.bus('pedersen', ['a', 'b', 'hash']);
  const ecOp = a.bus('ec_op', [
    ...Array.from({ length: INPUT_COUNT }, (_, i) => `input${i}`),
    'result x',
    'result y',
  ]);
  declareChains(a, { core, points, digits, pedersen, ecOp }, ranges);
  return { pedersen, ecOp, onCurve };
}
