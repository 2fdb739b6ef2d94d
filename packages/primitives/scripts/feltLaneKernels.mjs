// Prints field kernels that work on four felts at once: limb j of all four is one v128 of 32-bit lanes.
//
// Other than the scalar kernels these are unsigned (SIMD has no 64-bit arithmetic shift): limbs are in [0, 2^29), and a
// product leaves a value in [0, p + ε). Two lanes are multiplied at a time, since products take 64 bits.

import { LIMB_BITS } from './feltKernels.mjs';

const LIMB_COUNT = 9;
const limbs = Array.from({ length: LIMB_COUNT }, (_, i) => i);

/** Lines that divide t0…t8 by B modulo p, adding a multiple of p = 1 + 17·2^18·B^6 + 2^19·B^8. */
function reduceRow() {
  const lines = [
    'm = v128.and(i64x2.sub(zero, t0), mask);',
    `t0 = i64x2.add(t1, i64x2.shr_u(i64x2.add(t0, mask), ${LIMB_BITS}));`,
  ];
  for (let j = 1; j < LIMB_COUNT - 1; j++) {
    if (j === 5) {
      lines.push('t5 = i64x2.add(t6, i64x2.add(i64x2.shl(m, 22), i64x2.shl(m, 18)));');
    } else if (j === 7) {
      lines.push('t7 = i64x2.add(t8, i64x2.shl(m, 19));');
    } else {
      lines.push(`t${j} = t${j + 1};`);
    }
  }
  return lines;
}

function accumulate(half, i, j, fresh) {
  const product = `i64x2.extmul_${half}_i32x4_u(x, ${j})`;
  return fresh ? `t${i} = ${product};` : `t${i} = i64x2.add(t${i}, ${product});`;
}

const load = (pointer, j) => `v128.load(${pointer}, ${16 * j})`;

function productHalf(half) {
  const lines = [];
  for (const i of limbs) {
    lines.push(`x = ${load('a', i)};`);
    for (const j of limbs) lines.push(accumulate(half, j, load('b', j), i === 0 || j === LIMB_COUNT - 1));
    lines.push(...reduceRow());
  }
  return lines;
}

function squareHalf(half) {
  const lines = [];
  for (const i of limbs) {
    lines.push(`x = ${load('a', i)};`);
    for (let j = i; j < LIMB_COUNT; j++) {
      lines.push(accumulate(half, j, load('a', j), i === 0 || j === LIMB_COUNT - 1));
      if (j === i) lines.push('x = i32x4.shl(x, 1);');
    }
    lines.push(...reduceRow());
  }
  return lines;
}

/** Lines that carry t0…t7 and hand limb j to `store`. */
function carryHalf(store) {
  const lines = [];
  for (let j = 0; j < LIMB_COUNT - 2; j++) {
    lines.push(store(j, `v128.and(t${j}, mask)`));
    lines.push(`t${j + 1} = i64x2.add(t${j + 1}, i64x2.shr_u(t${j}, ${LIMB_BITS}));`);
  }
  return [...lines, store(7, 'v128.and(t7, mask)'), store(8, `i64x2.shr_u(t7, ${LIMB_BITS})`)];
}

function kernel(name, summary, parameters, halfLines) {
  const lines = [
    ...halfLines('low'),
    ...carryHalf((j, text) => `v128.store(HALF, ${text}, ${16 * j});`),
    ...halfLines('high'),
    ...carryHalf(
      (j, text) => `v128.store(out, v128.shuffle<i32>(${load('HALF', j)}, ${text}, 0, 2, 4, 6), ${16 * j});`,
    ),
  ];
  return `/** ${summary}, four at once */
export function ${name}(out: usize, ${parameters.map((p) => `${p}: usize`).join(', ')}): void {
  const mask = v128.load64_splat(MASK);
  const zero = i64x2.splat(0);
  let x: v128, m: v128, ${limbs.map((j) => `t${j}: v128 = zero`).join(', ')};
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}

/** The rows of Poseidon's matrix on the limbs a, b, c, each plus its round constant. */
const MIX_ROWS = {
  a: 'i32x4.add(i32x4.add(i32x4.add(a, i32x4.shl(a, 1)), b), c)',
  b: 'i32x4.sub(i32x4.add(a, c), b)',
  c: 'i32x4.sub(i32x4.add(a, b), i32x4.shl(c, 1))',
};

function mixLimb(j) {
  const lines = ['a', 'b', 'c'].map((name, k) => `${name} = v128.load(state, ${144 * k + 16 * j});`);
  Object.entries(MIX_ROWS).forEach(([name, sum], k) => {
    lines.push(`s${name} = i32x4.add(${sum}, v128.load32_splat(constants, ${36 * k + 4 * j}));`);
  });
  return lines;
}

function mixKernel() {
  const rows = Object.keys(MIX_ROWS);
  const lines = [
    ...mixLimb(7),
    ...rows.map((r) => `q${r} = i32x4.shr_u(s${r}, ${LIMB_BITS});`),
    ...mixLimb(8),
  ];
  for (const r of rows) {
    lines.push(`q${r} = i32x4.shr_u(i32x4.add(s${r}, q${r}), 19);`, `carry${r} = i32x4.neg(q${r});`);
  }
  for (const j of limbs) {
    lines.push(...mixLimb(j));
    rows.forEach((r, k) => {
      lines.push(`s${r} = i32x4.add(s${r}, carry${r});`);
      if (j === 6)
        lines.push(`s${r} = i32x4.sub(s${r}, i32x4.add(i32x4.shl(q${r}, 22), i32x4.shl(q${r}, 18)));`);
      if (j === 8) {
        lines.push(`v128.store(state, i32x4.sub(s${r}, i32x4.shl(q${r}, 19)), ${144 * k + 16 * j});`);
      } else {
        lines.push(`v128.store(state, v128.and(s${r}, mask), ${144 * k + 16 * j});`);
        lines.push(`carry${r} = i32x4.shr_u(s${r}, ${LIMB_BITS});`);
      }
    });
  }
  const locals = ['', 's', 'q', 'carry'].flatMap((prefix) => rows.map((r) => `${prefix}${r}: v128`));
  return `/**
 * Applies Poseidon's matrix to a state of three and adds three constants, which must outweigh in every limb what is
 * subtracted; takes the multiple of p out that the two top limbs of each sum suggest.
 */
export function laneMix(state: usize, constants: usize): void {
  const mask = v128.load32_splat(MASK);
  let ${locals.join(', ')};
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}

/** The text of the module `feltLaneKernels`. */
export function feltLaneKernelsText() {
  return `const MASK: usize = memory.data<u64>([0x1fffffff], 16);
const HALF: usize = memory.data(144, 16);

${kernel('laneMul', 'a·b', ['a', 'b'], productHalf)}
${kernel('laneSqr', 'a²', ['a'], squareHalf)}
${mixKernel()}`;
}
