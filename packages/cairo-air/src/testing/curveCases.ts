import type { BuiltinName } from '@cairn/cairo';
import { ecAdd, ecOp, type Felt, pedersen, STARK_CURVE } from '@cairn/primitives';
import { callBuiltin } from './programs.ts';

const { generator } = STARK_CURVE;
const twice = ecAdd(generator, generator)!;
const SCALAR = 2n ** 251n + 12345n;

/** Programs of the builtins on the curve with their output. */
export const CURVE_CASES: readonly (readonly [name: BuiltinName, main: bigint[], output: Felt])[] = [
  ['pedersen', callBuiltin([2n ** 251n, 17n], 3, 2), pedersen(2n ** 251n, 17n)],
  [
    'ec_op',
    callBuiltin([generator.x, generator.y, twice.x, twice.y, SCALAR], 7, 5),
    ecOp(generator, twice, SCALAR)!.x,
  ],
];
