// Prints the product of two felts, unrolled, as AssemblyScript.
//
// Factors are split into nine 29-bit limbs (B = 2^29). Products are scanned row by row, which V8 allocates registers
// better for than column sums; one limb of the 18-limb product is finished per row. Limbs from B^9 on fold back by
// 2^251 = −1 − 17·2^192 modulo the prime, that is r·B^k = −2^10·r·B^(k−9) − 17·2^28·r·B^(k−3).

const LIMBS = 9;
const BITS = 29;
const MASK = '0x1fffffff';
const limbs = Array.from({ length: LIMBS }, (_, i) => i);

function split(name) {
  return limbs.map((i) => {
    const word = Math.floor((i * BITS) / 64);
    const shift = (i * BITS) % 64;
    const low = shift === 0 ? `${name}${word}` : `(${name}${word} >> ${shift})`;
    const spills = shift + BITS > 64 && word < 3;
    const text = spills ? `(${low} | (${name}${word + 1} << ${64 - shift}))` : low;
    return `const ${name}l${i}: i64 = ${i === LIMBS - 1 ? text : `${text} & ${MASK}`};`;
  });
}

function rows() {
  const lines = [];
  for (const i of limbs) {
    for (const j of limbs) {
      const isFresh = i === 0 || j === LIMBS - 1;
      lines.push(`t${j} ${isFresh ? '=' : '+='} al${i} * bl${j};`);
    }
    lines.push(`let r${i}: i64 = t0 & ${MASK};`, `t0 = t1 + (t0 >> ${BITS});`);
    for (let j = 1; j < LIMBS - 1; j++) lines.push(`t${j} = t${j + 1};`);
  }
  for (let k = LIMBS; k < 2 * LIMBS - 1; k++) {
    const j = k - LIMBS;
    lines.push(`let r${k}: i64 = t${j} & ${MASK};`);
    lines.push(`${k === 2 * LIMBS - 2 ? `let r${k + 1}: i64 =` : `t${j + 1} +=`} t${j} >> ${BITS};`);
  }
  return lines;
}

function fold() {
  const lines = ['let n: i64;'];
  for (let k = 2 * LIMBS - 1; k >= LIMBS; k--) {
    lines.push(`r${k - 9} -= r${k} << 10;`, `n = 17 * r${k};`);
    lines.push(`r${k - 2} -= n >> 1;`, `r${k - 3} -= (n & 1) << 28;`);
  }
  return lines;
}

function carry() {
  return limbs.slice(0, -1).flatMap((i) => [`r${i + 1} += r${i} >> ${BITS};`, `r${i} &= ${MASK};`]);
}

/** The text of the module `multiplyKernel`. */
export function multiplyKernelText() {
  const body = [
    ...split('a'),
    ...split('b'),
    `let ${limbs.map((j) => `t${j}: i64 = 0`).join(', ')};`,
    ...rows(),
    ...fold(),
    ...carry(),
    '// What is above 2^251 once more.',
    'n = r8 >> 19;',
    'r0 -= n;',
    'r6 -= (n * 17) << 18;',
    'r8 -= n << 19;',
    ...carry(),
    'let w0: u64 = r0 | (r1 << 29) | (r2 << 58);',
    'let w1: u64 = (r2 >> 6) | (r3 << 23) | (r4 << 52);',
    'let w2: u64 = (r4 >> 12) | (r5 << 17) | (r6 << 46);',
    'let w3: u64 = (r6 >> 18) | (r7 << 11) | (r8 << 40);',
    'if (<i64>w3 < 0) {',
    '  w0 += 1;',
    '  const carry0 = u64(w0 == 0);',
    '  w1 += carry0;',
    '  const carry1 = carry0 & u64(w1 == 0);',
    '  w2 += carry1;',
    '  w3 += PRIME_TOP + (carry1 & u64(w2 == 0));',
    '} else if (w3 > PRIME_TOP || (w3 == PRIME_TOP && (w0 | w1 | w2) != 0)) {',
    '  const borrow0 = u64(w0 == 0);',
    '  w0 -= 1;',
    '  const borrow1 = borrow0 & u64(w1 == 0);',
    '  w1 -= borrow0;',
    '  const borrow2 = borrow1 & u64(w2 == 0);',
    '  w2 -= borrow1;',
    '  w3 -= PRIME_TOP + borrow2;',
    '}',
    'store<u64>(out, w0);',
    'store<u64>(out, w1, 8);',
    'store<u64>(out, w2, 16);',
    'store<u64>(out, w3 | PRESENT, 24);',
  ];
  const words = ['a', 'b'].flatMap((name) => [0, 1, 2, 3].map((i) => `${name}${i}: u64`)).join(', ');
  return `import { PRIME_TOP } from './cells';
import { PRESENT } from './layout';

/** Leaves the product of two felts, given by their words, in the cell \`out\`. */
export function multiplyFelts(out: usize, ${words}): void {
${body.map((line) => `  ${line}`).join('\n')}
}
`;
}
