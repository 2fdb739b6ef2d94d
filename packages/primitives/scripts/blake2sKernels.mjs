// Prints the Blake2s compression function, all ten rounds unrolled. @see RFC 7693, 3.2.

import {
  BLAKE2S_256_INITIAL_STATE,
  BLAKE2S_IV,
  BLAKE2S_LANES,
  BLAKE2S_SIGMA,
} from '../dist/blake2sParameters.js';

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
    lines.push(
      `let v${i} = load<u32>(state, ${4 * i});`,
      `let v${i + 8}: u32 = 0x${BLAKE2S_IV[i].toString(16)};`,
    );
  }
  lines.push('v12 ^= <u32>byteCount;', 'v13 ^= <u32>(byteCount >> 32);', 'v14 ^= finalMask;');
  for (const order of BLAKE2S_SIGMA)
    lines.push(...BLAKE2S_LANES.flatMap((lanes, i) => mix(lanes, order[2 * i], order[2 * i + 1])));
  for (let i = 0; i < 8; i++) {
    lines.push(`store<u32>(state, load<u32>(state, ${4 * i}) ^ v${i} ^ v${i + 8}, ${4 * i});`);
  }
  const initial = Array.from(BLAKE2S_256_INITIAL_STATE, (word) => `0x${word.toString(16)}`);
  return `/** State of an unkeyed Blake2s-256 before the first block. */
export const BLAKE2S_256_INITIAL_STATE: usize = memory.data<u32>([${initial.join(', ')}], 16);

/** Compresses a 64-byte message block into an 8-word state; finalMask is all ones for the last block, else 0. */
export function blake2sCompressBlock(state: usize, message: usize, byteCount: u64, finalMask: u32): void {
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}
