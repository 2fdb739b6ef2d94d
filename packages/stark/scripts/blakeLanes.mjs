// Prints the Blake2s compression of four messages at once, word i of all four in one v128. The message lies in memory.
// @see RFC 7693, 3.2

const SIGMA = [
  '0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15',
  '14 10 4 8 9 15 13 6 1 12 0 2 11 7 5 3',
  '11 8 12 0 5 2 15 13 10 14 3 6 7 1 9 4',
  '7 9 3 1 13 12 11 14 2 6 5 10 4 0 15 8',
  '9 0 5 7 2 4 10 15 14 1 11 12 6 8 3 13',
  '2 12 6 10 0 11 8 3 4 13 7 5 15 14 1 9',
  '12 5 1 15 14 13 4 10 0 7 6 3 9 2 8 11',
  '13 11 7 14 12 1 3 9 5 0 15 4 8 6 2 10',
  '6 15 14 9 11 3 0 8 12 2 13 7 1 4 10 5',
  '10 2 8 4 7 6 1 5 15 11 9 14 3 12 13 0',
].map((row) => row.split(' ').map(Number));
const IV = ['6a09e667', 'bb67ae85', '3c6ef372', 'a54ff53a', '510e527f', '9b05688c', '1f83d9ab', '5be0cd19'];
const COLUMNS_AND_DIAGONALS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

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
  for (const order of SIGMA)
    lines.push(...COLUMNS_AND_DIAGONALS.flatMap((lanes, i) => mix(lanes, order[2 * i], order[2 * i + 1])));
  for (let i = 0; i < 8; i++) {
    lines.push(
      `v128.store(state, v128.xor(v128.load(state, ${16 * i}), v128.xor(v${i}, v${i + 8})), ${16 * i});`,
    );
  }
  return `const IV: usize = memory.data<u32>([${IV.map((w) => `0x${w}`).join(', ')}], 16);
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
