// Prints Keccak-f[1600] as AssemblyScript: one state in 64-bit integers, and two states side by side in v128 lanes.
// The state stays in memory and alternates between two buffers, one round each; V8 has too few registers for 25 lanes
// and spills worse than that. @see FIPS 202, 3.2

const ROUND_COUNT = 24;

/** Where the lane at each position comes from and by how much it is rotated (ρ and π together). */
const SOURCES = [];
{
  const rotations = [0];
  for (let t = 0, x = 1, y = 0; t < 24; t++) {
    rotations[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  for (let x = 0; x < 5; x++) {
    for (let y = 0; y < 5; y++) {
      SOURCES[y + 5 * ((2 * x + 3 * y) % 5)] = { lane: x + 5 * y, rotation: rotations[x + 5 * y] };
    }
  }
}

/** Constants of ι, from the LFSR of algorithm 5. */
const ROUND_CONSTANTS = [];
for (let round = 0, lfsr = 1; round < ROUND_COUNT; round++) {
  let constant = 0n;
  for (let j = 0; j <= 6; j++) {
    if (lfsr & 1) constant |= 1n << BigInt(2 ** j - 1);
    lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1;
  }
  ROUND_CONSTANTS.push(constant);
}

const scalar = {
  type: 'u64',
  bytes: 8,
  load: (pointer, i) => `load<u64>(${pointer}, ${8 * i})`,
  store: (pointer, i, value) => `store<u64>(${pointer}, ${value}, ${8 * i});`,
  constant: (i) => `load<u64>(constants, ${8 * i})`,
  xor: (...values) => values.join(' ^ '),
  rotate: (value, n) => `rotl<u64>(${value}, ${n})`,
  notAnd: (a, b) => `(~${a} & ${b})`,
};

const paired = {
  type: 'v128',
  bytes: 16,
  load: (pointer, i) => `v128.load(${pointer}, ${16 * i})`,
  store: (pointer, i, value) => `v128.store(${pointer}, ${value}, ${16 * i});`,
  constant: (i) => `v128.load64_splat(constants, ${8 * i})`,
  xor: (...values) => values.reduce((a, b) => `v128.xor(${a}, ${b})`),
  rotate: (value, n) => `v128.or(i64x2.shl(${value}, ${n}), i64x2.shr_u(${value}, ${64 - n}))`,
  notAnd: (a, b) => `v128.andnot(${b}, ${a})`,
};

function round(lanes, from, to, constantIndex) {
  const { load, store, constant, xor, rotate, notAnd } = lanes;
  const lines = [];
  for (let x = 0; x < 5; x++) {
    lines.push(`c${x} = ${xor(...[0, 5, 10, 15, 20].map((y) => load(from, x + y)))};`);
  }
  for (let x = 0; x < 5; x++) lines.push(`d${x} = ${xor(`c${(x + 4) % 5}`, rotate(`c${(x + 1) % 5}`, 1))};`);
  for (let y = 0; y < 25; y += 5) {
    for (let x = 0; x < 5; x++) {
      const { lane, rotation } = SOURCES[y + x];
      lines.push(`b${x} = ${xor(load(from, lane), `d${lane % 5}`)};`);
      if (rotation) lines.push(`b${x} = ${rotate(`b${x}`, rotation)};`);
    }
    for (let x = 0; x < 5; x++) {
      const parts = [`b${x}`, notAnd(`b${(x + 1) % 5}`, `b${(x + 2) % 5}`)];
      if (x + y === 0) parts.push(constant(constantIndex));
      lines.push(store(to, x + y, xor(...parts)));
    }
  }
  return lines;
}

function permutation(name, summary, lanes) {
  const locals = ['b', 'c', 'd'].flatMap((letter) =>
    [0, 1, 2, 3, 4].map((x) => `${letter}${x}: ${lanes.type}`),
  );
  const body = [...round(lanes, 'state', 'other', 0), ...round(lanes, 'other', 'state', 1)];
  return `const ${name}Buffer = memory.data(${25 * lanes.bytes}, 16);

/** ${summary} */
export function ${name}(state: usize): void {
  let ${locals.join(', ')};
  const other: usize = ${name}Buffer;
  for (let constants: usize = ROUND_CONSTANTS; constants < ROUND_CONSTANTS + ${8 * ROUND_COUNT}; constants += 16) {
${body.map((line) => `    ${line}`).join('\n')}
  }
}
`;
}

/** The text of the module `keccakKernels`. */
export function keccakKernelsText() {
  return `const ROUND_CONSTANTS: usize = memory.data<u64>([${ROUND_CONSTANTS.map((c) => `0x${c.toString(16)}`).join(', ')}], 16);

${permutation('keccakF1600', 'The permutation on 25 64-bit lanes, in place.', scalar)}
${permutation('keccakF1600Pair', 'The permutation on two states, lane i of both in one v128, in place.', paired)}`;
}
