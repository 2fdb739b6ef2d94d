import type { BuiltinName } from '@cairn/cairo';
import { CURVE_CASES } from './curveCases.ts';
import { callBuiltin, modMain } from './programs.ts';

const sevenAndFive = (c: bigint): bigint[] => [5n, 0n, 0n, 0n, 7n, 0n, 0n, 0n, c, 0n, 0n, 0n];

/** For each builtin but the output a program, main(output, builtin), that uses it. */
export const BUILTIN_CASES: readonly (readonly [name: BuiltinName, main: readonly bigint[]])[] = [
  ['range_check', callBuiltin([2n ** 128n - 1n], 1, 0)],
  ['bitwise', callBuiltin([2n ** 251n - 1n, 0x123456789abcdefn << 180n], 5, 3)],
  ['poseidon', callBuiltin([1n, 2n, 3n], 6, 4, 2)],
  ['range_check96', callBuiltin([2n ** 96n - 1n], 1, 0)],
  ['add_mod', modMain(sevenAndFive(1n), [11n, 0n, 0n, 0n], 1)],
  ['mul_mod', modMain(sevenAndFive(5n), [10n, 0n, 0n, 0n], 1)],
  ...CURVE_CASES.map(([name, main]) => [name, main] as const),
];
