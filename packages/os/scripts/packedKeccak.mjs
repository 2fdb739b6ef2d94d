// Cairo Zero source of cairo_keccak/packed_keccak.cairo: a round of keccak-f[1600], unrolled. Numbers are those of
// FIPS 202, section 3.2.

/** Rotation of the lane at x + 5 y: the walk of the rho step through the lanes. */
function rotations() {
  const offsets = new Array(25).fill(0);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return offsets;
}

/** Constants of the iota step: bits of an LFSR over x^8 + x^6 + x^5 + x^4 + 1. */
function roundConstants() {
  let register = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let j = 0; j <= 6; j++) {
      if (register & 1) constant |= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
    return constant;
  });
}

/** Statements of a round, and how often it takes the bitwise builtin. */
function round() {
  const lines = [];
  let used = 0;
  /** Takes the builtin with two arguments; gives the cell's name. */
  const bitwise = (x, y) => {
    lines.push(`assert bits[${used}].x = ${x};`, `assert bits[${used}].y = ${y};`);
    return `bits[${used++}]`;
  };
  const set = (name, value) => {
    lines.push(`tempvar ${name} = ${value};`);
    return name;
  };
  /** x, of high * 2^(64 - n) + low, becomes low * 2^n + high. */
  const rotated = (name, x, n) => {
    const low = set('low', `${bitwise(x, `(2 ** ${64 - n} - 1) * SHIFTS`)}.x_and_y`);
    const down = `(1 / 2 ** ${64 - n})`;
    return set(name, `${x} * ${down} + ${low} * (2 ** ${n} - ${down})`);
  };
  const five = [0, 1, 2, 3, 4];
  const lanes = Array.from({ length: 25 }, (_, i) => set(`a${i}`, `values[${i}]`));

  lines.push('', '// Parities of columns.');
  const columns = five.map((x) => {
    let parity = lanes[x];
    for (const y of [1, 2, 3, 4]) parity = `${bitwise(parity, lanes[x + 5 * y])}.x_xor_y`;
    return set(`c${x}`, parity);
  });
  const parities = five.map((x) => {
    const right = rotated('right', columns[(x + 1) % 5], 1);
    return set(`d${x}`, `${bitwise(columns[(x + 4) % 5], right)}.x_xor_y`);
  });

  lines.push('', '// Each lane takes the parities on both sides, is rotated, and moves.');
  const offsets = rotations();
  const moved = [];
  for (const y of five)
    for (const x of five) {
      const target = y + 5 * ((2 * x + 3 * y) % 5);
      const mixed = `${bitwise(lanes[x + 5 * y], parities[x])}.x_xor_y`;
      const offset = offsets[x + 5 * y];
      moved[target] =
        offset === 0 ? set(`b${target}`, mixed) : rotated(`b${target}`, set('mixed', mixed), offset);
    }

  lines.push('', '// Rows: each lane takes those bits of the second after it that the next one lacks.');
  const mixed = moved.map((lane, i) => {
    const at = (steps) => moved[i - (i % 5) + ((i + steps) % 5)];
    const lacking = set('lacking', `${at(2)} - ${bitwise(at(1), at(2))}.x_and_y`);
    return `${bitwise(lane, lacking)}.x_xor_y`;
  });
  mixed[0] = `${bitwise(mixed[0], 'rc')}.x_xor_y`;

  lines.push('', '// The new lanes, one after the other.');
  for (const [i, lane] of mixed.entries()) set(`n${i}`, lane);
  return { lines, used };
}

export function packedKeccakSource() {
  const { lines, used } = round();
  const body = lines.map((line) => (line ? `    ${line}` : '')).join('\n');
  const table = roundConstants()
    .map((constant) => `    dw 0x${constant.toString(16)} * SHIFTS;`)
    .join('\n');
  return `// The permutation keccak-f[1600] of three states at once: their lanes, of 64 bits, are side by side in 25 felts.
// 13,700 steps, which the three share.
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.registers import get_ap, get_label_location

const BLOCK_SIZE = 3;
// One in each of three lanes.
const SHIFTS = 1 + 2 ** 64 + 2 ** 128;
const ROUNDS = 24;
const LANES = 25;

// One round, of the constant rc.
func keccak_round{bitwise_ptr: BitwiseBuiltin*}(values: felt*, rc: felt) -> (values_b: felt*) {
    let bits = bitwise_ptr;
${body}

    let (end) = get_ap();
    let bitwise_ptr = bits + ${used} * BitwiseBuiltin.SIZE;
    return (values_b=cast(end - LANES, felt*));
}

func packed_keccak_func{bitwise_ptr: BitwiseBuiltin*}(values: felt*) -> (values: felt*) {
    let (constants) = get_label_location(round_constants);
    return rounds(values=values, constant=constants, left=ROUNDS);

    round_constants:
${table}
}

func rounds{bitwise_ptr: BitwiseBuiltin*}(values: felt*, constant: felt*, left: felt) -> (
    values: felt*
) {
    if (left == 0) {
        return (values=values);
    }
    let (next) = keccak_round(values=values, rc=[constant]);
    return rounds(values=next, constant=constant + 1, left=left - 1);
}
`;
}
