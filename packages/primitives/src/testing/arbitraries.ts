// biome-ignore lint/correctness/noUndeclaredDependencies: a test tool of the workspace root, only tests import this
import fc from 'fast-check';
import { PRIME } from '../felt.ts';
import { ecMul } from '../reference/curve.ts';
import { STARK_CURVE } from '../starkCurve.ts';

/** Felts at which carries, windows and reductions of the kernels turn. */
export const EDGE_FELTS: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 255n, 256n, 257n, 511n, 512n],
  ...[29n, 58n, 63n, 64n, 174n, 192n, 232n, 243n, 248n, 251n].flatMap((bit) => [
    (1n << bit) - 1n,
    1n << bit,
    (1n << bit) + 1n,
  ]),
  ...[PRIME - 1n, PRIME - 2n, (PRIME - 1n) / 2n, (PRIME + 1n) / 2n],
];

/** Any felt, edges often. */
export const felt = fc.oneof(fc.constantFrom(...EDGE_FELTS), fc.bigInt({ min: 0n, max: PRIME - 1n }));

/** Scalars near 0, near the order, and anywhere below. */
export const scalar = fc.oneof(
  fc.bigInt({ min: 0n, max: 600n }),
  fc.bigInt({ min: 0n, max: 600n }).map((k) => STARK_CURVE.order - 1n - k),
  fc.bigInt({ min: 0n, max: STARK_CURVE.order - 1n }),
);

/** Finite points of the curve, small multiples of the generator often. */
export const point = scalar.filter((k) => k !== 0n).map((k) => ecMul(k, STARK_CURVE.generator)!);

/** Byte strings around the block sizes of the hashes. */
export const bytes = fc.oneof(
  fc
    .constantFrom(0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 135, 136, 137, 271, 272, 273)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  fc.uint8Array({ maxLength: 700 }),
);
