// Prints the Blake2s compression of four messages at once, word i of all four in one v128. The message lies in memory.
// @see RFC 7693, 3.2

import { BLAKE2S_IV, BLAKE2S_LANES, BLAKE2S_SIGMA } from '@cairn/primitives';

const message = (i) => `v128.load(block, ${16 * i})`;
const rotate = { 16: (v) => `v128.swizzle(${v}, turn16)`, 8: (v) => `v128.swizzle(${v}, turn8)` };
const shifted = (v, n) => `v128.or(i32x4.shr_u(${v}, ${n}), i32x4.shl(${v}, ${32 - n}))`;

function mix([a, b, c, d], first, second) {
  const half = (word, d1, b1) => [
    `v${a} = i32x4.add(i32x4.add(v${a}, v${b}), ${message(word)});`,
    `v${d} = v128.xor(v${d}, v${a}); v${d} = ${rotate[d1](`v${d}`)};`,
    `v${c} = i32x4.add(v${c}, v${d});`,
    `v${b} = v128.xor(v${b}, v${c}); v${b} = ${shifted(`v${b}`, b1)};`,
  ];
  return [...half(first, 16, 12), ...half(second, 8, 7)];
}

/** The text of the module `blakeLanes`. */
export function blakeLanesText() {
  const lines = [];
  for (let i = 0; i < 8; i++) {
    lines.push(
      `let v${i} = v128.load(state, ${16 * i});`,
      `let v${i + 8} = v128.load32_splat(IV, ${4 * i});`,
    );
  }
  lines.push('v12 = v128.xor(v12, i32x4.splat(byteCount));', 'v14 = v128.xor(v14, i32x4.splat(finalMask));');
  for (const order of BLAKE2S_SIGMA)
    lines.push(...BLAKE2S_LANES.flatMap((lanes, i) => mix(lanes, order[2 * i], order[2 * i + 1])));
  for (let i = 0; i < 8; i++) {
    lines.push(
      `v128.store(state, v128.xor(v128.load(state, ${16 * i}), v128.xor(v${i}, v${i + 8})), ${16 * i});`,
    );
  }
  return `const IV: usize = memory.data<u32>([${Array.from(BLAKE2S_IV, (w) => `0x${w.toString(16).padStart(8, '0')}`).join(', ')}], 16);
const TURN_16: usize = memory.data<u8>([2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13], 16);
const TURN_8: usize = memory.data<u8>([1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12], 16);

/** Compresses one block of each of four messages into their states. */
export function compressFour(state: usize, block: usize, byteCount: i32, finalMask: i32): void {
  const turn16 = v128.load(TURN_16);
  const turn8 = v128.load(TURN_8);
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}
