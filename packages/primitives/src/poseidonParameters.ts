import { bytesToBigInt } from './bytes.ts';
import { type Felt, feltMod, feltMul, feltPow, PRIME } from './felt.ts';
import { sha256 } from './sha256.ts';

/** Full rounds of Starknet's Poseidon: half before and half after the partial ones. */
export const POSEIDON_FULL_ROUND_COUNT = 8;
/** Partial rounds of Starknet's Poseidon; only the last state element is cubed in them. */
export const POSEIDON_PARTIAL_ROUND_COUNT = 83;

/**
 * The 91·3 round constants in order of use: sha256 of "Hades" and the decimal index, reduced.
 * @see https://github.com/starkware-industries/poseidon (parameter generation)
 */
export function poseidonRoundConstants(): Felt[] {
  const count = 3 * (POSEIDON_FULL_ROUND_COUNT + POSEIDON_PARTIAL_ROUND_COUNT);
  const encoder = new TextEncoder();
  return Array.from({ length: count }, (_, i) => feltMod(bytesToBigInt(sha256(encoder.encode(`Hades${i}`)))));
}

/**
 * The 112 constants of the WebAssembly kernel, made of all round constants; it runs the partial rounds in another form.
 *
 * With (a, b, x) the state of a partial round after its constants are added, W = a + b and u = x³, the matrix gives
 * x' = W − 2u + k and a' + b' = 4a + 2u + …; since [[3,1],[1,−1]] has the characteristic polynomial t² − 2t − 4, the
 * sums obey W' = 2W + 4W₋₁ + 2u + …, and with 2u = W + … − x':
 *   x' = V − 2u + K,   V' = 3V + 4V₋₁ − x',
 * where V is W without any constant from V₀ = a + b, V₋₁ = (a − b)/2 on. The constants K and those that restore a and b
 * do not depend on the state, so one run of both forms from any state yields them.
 *
 * Order: 3 of the first round; 3 to add after each of the first four full rounds (for the fourth: 0, 0 and that of x);
 * 83 K; 2 for a and b after the partial rounds; 3 to add after each of the last four full rounds (at the end zeros).
 */
export function poseidonKernelConstants(all: readonly Felt[]): Felt[] {
  const halfFull = POSEIDON_FULL_ROUND_COUNT / 2;
  const constantsOf = (round: number) => all.slice(3 * round, 3 * round + 3) as [Felt, Felt, Felt];
  const firstPartial = halfFull;
  const afterPartial = halfFull + POSEIDON_PARTIAL_ROUND_COUNT;

  let [a, b, x] = constantsOf(firstPartial); // the state 0, 0, 0
  let [v, vBefore] = [0n, 0n];
  const partial: Felt[] = [];
  for (let round = firstPartial; round < afterPartial; round++) {
    const [ka, kb, kx] = constantsOf(round + 1);
    const cube = feltPow(x, 3n);
    x = feltMod(a + b - 2n * cube + kx);
    partial.push(feltMod(x - v + 2n * cube));
    [a, b] = [feltMod(3n * a + b + cube + ka), feltMod(a - b + cube + kb)];
    [v, vBefore] = [feltMod(3n * v + 4n * vBefore - x), v];
  }
  const half = feltMul(v, (PRIME + 1n) / 2n);
  const exit = [feltMod(a - half - vBefore), feltMod(b - half + vBefore)];

  return [
    ...all.slice(0, 3 * firstPartial),
    ...[0n, 0n, constantsOf(firstPartial)[2]],
    ...partial,
    ...exit,
    ...all.slice(3 * (afterPartial + 1)),
    ...[0n, 0n, 0n],
  ];
}

const LIMB_BITS = 29n;
const MONTGOMERY_SHIFT = 9n * LIMB_BITS;

/**
 * The 91·3 constants of the WebAssembly kernel that hashes four pairs at once, made of all round constants: those to add after each round (zeros
 * after the last) in Montgomery form, plus 4p, less 1, 2 and 3 times 2^29 in each of the limbs 0–7 for the three
 * elements. The kernel adds these biases again, to the limbs; then no limb can go below zero in the matrix product.
 */
export function poseidonLaneConstants(all: readonly Felt[]): bigint[] {
  const added = [...all.slice(3), 0n, 0n, 0n];
  const limbBias = Array.from({ length: 8 }, (_, limb) => 1n << (LIMB_BITS * BigInt(limb + 1))).reduce(
    (a, b) => a + b,
  );
  return added.map(
    (constant, i) => feltMod(constant << MONTGOMERY_SHIFT) + 4n * PRIME - BigInt((i % 3) + 1) * limbBias,
  );
}
