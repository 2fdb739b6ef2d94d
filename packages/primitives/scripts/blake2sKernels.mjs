// Prints the Blake2s compression function, all ten rounds unrolled. @see RFC 7693, 3.2.

export const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
export const IV = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
/** Columns, then diagonals, of the working state. */
export const LANES = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

const word = (i) => `load<u32>(message, ${4 * i})`;

function mix([a, b, c, d], first, second) {
  return [
    `v${a} += v${b} + ${word(first)};`,
    `v${d} = rotr<u32>(v${d} ^ v${a}, 16);`,
    `v${c} += v${d};`,
    `v${b} = rotr<u32>(v${b} ^ v${c}, 12);`,
    `v${a} += v${b} + ${word(second)};`,
    `v${d} = rotr<u32>(v${d} ^ v${a}, 8);`,
    `v${c} += v${d};`,
    `v${b} = rotr<u32>(v${b} ^ v${c}, 7);`,
  ];
}

/** The text of the module `blake2sKernels`. */
export function blake2sKernelsText() {
  const lines = [];
  for (let i = 0; i < 8; i++) {
    lines.push(`let v${i} = load<u32>(state, ${4 * i});`, `let v${i + 8}: u32 = 0x${IV[i].toString(16)};`);
  }
  lines.push('v12 ^= <u32>byteCount;', 'v13 ^= <u32>(byteCount >> 32);', 'v14 ^= finalMask;');
  for (const order of SIGMA)
    lines.push(...LANES.flatMap((lanes, i) => mix(lanes, order[2 * i], order[2 * i + 1])));
  for (let i = 0; i < 8; i++) {
    lines.push(`store<u32>(state, load<u32>(state, ${4 * i}) ^ v${i} ^ v${i + 8}, ${4 * i});`);
  }
  const initial = IV.map((value, i) => `0x${(i === 0 ? (value ^ 0x01010020) >>> 0 : value).toString(16)}`);
  return `/** State of an unkeyed Blake2s-256 before the first block. */
export const BLAKE2S_256_INITIAL_STATE: usize = memory.data<u32>([${initial.join(', ')}], 16);

/** Compresses a 64-byte message block into an 8-word state; finalMask is all ones for the last block, else 0. */
export function blake2sCompressBlock(state: usize, message: usize, byteCount: u64, finalMask: u32): void {
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}
