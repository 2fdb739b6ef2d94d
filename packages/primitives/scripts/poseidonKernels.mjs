// Prints the partial rounds of Poseidon as one loop whose state lives in registers.

import { ACCUMULATORS, carry, LIMB_BITS, loadLimb, productRows, squareRows } from './feltKernels.mjs';

const limbs = Array.from({ length: 9 }, (_, i) => i);

/**
 * Lines that take the multiple of p out of t0…t8 that their two top limbs suggest, before any carry. Whatever the
 * size of the accumulators, the value left is within a hair of [0, p).
 */
function reduceWide() {
  return [`x = (t8 + (t7 >> ${LIMB_BITS})) >> 19;`, 't0 -= x;', 't6 -= x * 0x440000;', 't8 -= x << 19;'];
}

/**
 * The text of the module `poseidonKernels`. With x the element that is cubed and W the sum of the other two, which
 * change linearly, rounds need only (see poseidonParameters.ts for the derivation and the constants)
 *   x' = W − 2x³ + K,   W' = 3W + 4W₋₁ − x'.
 * W and W₋₁ are nine unreduced 64-bit limbs, growing fourfold a round.
 */
export function poseidonKernelsText() {
  const body = [
    ...squareRows((j) => `c${j}`),
    't8 = 0;',
    ...carry((j, text) => `const s${j}: i64 = ${text};`),
    ...productRows([{ row: (i) => `s${i} << 1`, column: (j) => `c${j}` }]),
    't8 = 0;',
    ...limbs.map((j) => `t${j} = load<i64>(w, ${8 * j}) + ${loadLimb('constants', j)} - t${j};`),
    ...reduceWide(),
    ...carry((j, text) => `c${j} = ${text};`),
    ...limbs.map(
      (j) =>
        `store<i64>(before, load<i64>(w, ${8 * j}) * 3 + (load<i64>(before, ${8 * j}) << 2) - c${j}, ${8 * j});`,
    ),
    'const newest = before;',
    'before = w;',
    'w = newest;',
    'constants += 36;',
  ];
  return `/** \`count\` partial rounds on the felt x and on W, W₋₁; the pointers change roles in each. */
export function partialRounds(element: usize, w: usize, before: usize, constants: usize, count: i32): void {
  ${ACCUMULATORS}
${limbs.map((j) => `  let c${j}: i64 = ${loadLimb('element', j)};`).join('\n')}
  for (let round = 0; round < count; round++) {
${body.map((line) => `    ${line}`).join('\n')}
  }
${limbs.map((j) => `  i64.store32(element, c${j}, ${4 * j});`).join('\n')}
}

/** Takes multiples of p out of nine 64-bit limbs and carries them, in place. */
export function reduceWideLimbs(w: usize): void {
  ${ACCUMULATORS}
${limbs.map((j) => `  t${j} = load<i64>(w, ${8 * j});`).join('\n')}
  ${reduceWide().join('\n  ')}
  ${carry((j, text) => `store<i64>(w, ${text}, ${8 * j});`).join('\n  ')}
}
`;
}
