// Prints the kernels over QM31: four planes of M31, one per coordinate, each in lanes of four. A QM31 named q is the four
// variables q0 … q3.

const C = [0, 1, 2, 3];
const add = (a, b) => `addLanes(${a}, ${b}, p)`;
const sub = (a, b) => `subLanes(${a}, ${b}, p)`;
const mul = (a, b) => `mulLanes(${a}, ${b}, p)`;
const splat = (pointer, i) => `v128.load32_splat(${pointer}, ${4 * i})`;

/** Lines that set re, im to (x0 + x1 i)(y0 + y1 i), by three products. */
function complexProduct(re, im, [x0, x1], [y0, y1]) {
  return [
    `m0 = ${mul(x0, y0)}; m1 = ${mul(x1, y1)}; m2 = ${mul(add(x0, x1), add(y0, y1))};`,
    `${re} = ${sub('m0', 'm1')}; ${im} = ${sub(sub('m2', 'm0'), 'm1')};`,
  ];
}

/** Lines that set out to a·b; out may be a or b. Uses m0 … m2, l0, l1, h0, h1, k0, k1. */
function secureProduct(out, a, b) {
  const q = (name) => C.map((c) => `${name}${c}`);
  const [a0, a1, a2, a3] = q(a);
  const [b0, b1, b2, b3] = q(b);
  return [
    ...complexProduct('l0', 'l1', [a0, a1], [b0, b1]),
    ...complexProduct('h0', 'h1', [a2, a3], [b2, b3]),
    ...complexProduct('k0', 'k1', [add(a0, a2), add(a1, a3)], [add(b0, b2), add(b1, b3)]),
    `${out}2 = ${sub(sub('k0', 'l0'), 'h0')}; ${out}3 = ${sub(sub('k1', 'l1'), 'h1')};`,
    `${out}0 = ${add('l0', sub(add('h0', 'h0'), 'h1'))}; ${out}1 = ${add('l1', add('h0', add('h1', 'h1')))};`,
  ];
}

const TEMPORARIES =
  'let m0: v128, m1: v128, m2: v128, l0: v128, l1: v128, h0: v128, h1: v128, k0: v128, k1: v128;';
const declare = (name) => `let ${C.map((c) => `${name}${c}: v128`).join(', ')};`;
const loadPlanes = (name, planes) =>
  C.map((c) => `${name}${c} = v128.load(<usize>load<u32>(${planes}, ${4 * c}) + at);`).join(' ');
const storePlanes = (name, planes, canonical = true) =>
  C.map(
    (c) =>
      `v128.store(<usize>load<u32>(${planes}, ${4 * c}) + at, ${canonical ? `canonical(${name}${c}, p)` : `${name}${c}`});`,
  ).join(' ');
const indent = (lines, spaces) => lines.join(`\n${' '.repeat(spaces)}`);

/** Montgomery's trick over the vectors of a chunk: `norms` in, inverses out, `prefix` for products. */
const INVERT_CHUNK = `
/** Inverts \`count\` vectors at norms in place, lane by lane; prefix is as large. True when some lane had a 0. */
export function invertChunk(norms: usize, prefix: usize, count: i32): bool {
  const p = v128.load32_splat(PRIME);
  let product = i32x4.splat(1);
  for (let i = 0; i < count; i++) {
    v128.store(prefix + (<usize>i << 4), product);
    product = mulLanes(product, v128.load(norms + (<usize>i << 4)), p);
  }
  product = canonical(product, p);
  const hasZero = !i32x4.all_true(product);
  let inverse = invertLanes(product, p);
  for (let i = count - 1; i >= 0; i--) {
    const at = <usize>i << 4;
    const norm = v128.load(norms + at);
    v128.store(norms + at, mulLanes(v128.load(prefix + at), inverse, p));
    inverse = mulLanes(inverse, norm, p);
  }
  return hasZero;
}
`;

const SAMPLE = `
/**
 * The value at a point of the polynomial with 2^logSize coefficients: Σ c_k·low[k mod 2^logLow]·high[k >> logLow]. low: four
 * planes of doubled weights; high: four words each, canonical; result: four words.
 */
export function samplePoint(coefficients: usize, logSize: i32, low: usize, logLow: i32, high: usize, result: usize): void {
  const p = v128.load32_splat(PRIME);
  const plane: usize = <usize>4 << logLow;
  let ${C.map((c) => `r${c}: u32 = 0`).join(', ')};
  for (let block = 1 << (logSize - logLow); block > 0; block--, high += 16) {
    let ${C.map((c) => `s${c}: v128 = i32x4.splat(0)`).join(', ')};
    for (const end = low + plane; low < end; low += 16, coefficients += 16) {
      const v = v128.load(coefficients);
      ${indent(
        C.map(
          (c) =>
            `s${c} = addLanes(s${c}, mulDoubled(v, v128.load(low${c > 0 ? ` + ${c} * plane` : ''}), p), p);`,
        ),
        6,
      )}
    }
    low -= plane;
    ${indent(
      C.map((c) => `const w${c} = sumOfLanes(canonical(s${c}, p));`),
      4,
    )}
    ${indent(
      C.map((c) => `const h${c} = load<u32>(high, ${4 * c});`),
      4,
    )}
    // (w0 + w1 i + (w2 + w3 i)u)·(h0 + h1 i + (h2 + h3 i)u) with u² = 2 + i.
    const e0 = addWord(mulWord(w2, h2), negWord(mulWord(w3, h3)));
    const e1 = addWord(mulWord(w2, h3), mulWord(w3, h2));
    r0 = addWord(r0, addWord(addWord(mulWord(w0, h0), negWord(mulWord(w1, h1))), addWord(addWord(e0, e0), negWord(e1))));
    r1 = addWord(r1, addWord(addWord(mulWord(w0, h1), mulWord(w1, h0)), addWord(e0, addWord(e1, e1))));
    r2 = addWord(r2, addWord(addWord(mulWord(w0, h2), mulWord(w2, h0)), negWord(addWord(mulWord(w1, h3), mulWord(w3, h1)))));
    r3 = addWord(r3, addWord(addWord(mulWord(w0, h3), mulWord(w3, h0)), addWord(mulWord(w1, h2), mulWord(w2, h1))));
  }
  ${C.map((c) => `store<u32>(result, r${c}, ${4 * c});`).join(' ')}
}

// @ts-ignore: decorator
@inline
function negWord(a: u32): u32 {
  return addWord(0x7fffffff - a, 0);
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): u32 {
  return addWord(
    addWord(i32x4.extract_lane(v, 0), i32x4.extract_lane(v, 1)),
    addWord(i32x4.extract_lane(v, 2), i32x4.extract_lane(v, 3)),
  );
}
`;

const OPEN = `
/**
 * Values at \`count\` base-field points of the polynomial with 2^logSize coefficients. Point i has its weights at weights + i·
 * stride: 2^logLow doubled words, then 2^(logSize - logLow) canonical words; results: one word each.
 */
export function openColumn(coefficients: usize, logSize: i32, weights: usize, logLow: i32, stride: usize, count: i32, results: usize): void {
  const p = v128.load32_splat(PRIME);
  const size: usize = <usize>4 << logLow;
  const blockCount = 1 << (logSize - logLow);
  for (let i = 0; i < count; i++, results += 4, weights += stride) {
    let sum: u32 = 0;
    let high = weights + size;
    for (let block = 0; block < blockCount; block++, high += 4) {
      const from = coefficients + (<usize>block << (logLow + 2));
      let s = i32x4.splat(0), t = i32x4.splat(0);
      for (let k: usize = 0; k < size; k += 32) {
        s = addLanes(s, mulDoubled(v128.load(from + k), v128.load(weights + k), p), p);
        t = addLanes(t, mulDoubled(v128.load(from + k, 16), v128.load(weights + k, 16), p), p);
      }
      sum = addWord(sum, mulWord(sumOfLanes(canonical(addLanes(s, t, p), p)), load<u32>(high)));
    }
    store<u32>(results, sum);
  }
}
`;

const GROUP = [0, 1, 2, 3];
/** Σ of the products of the group's columns with coordinate c of their coefficients, in two 64-bit lanes: below 4p² < 2^64. */
const products = (half, c) =>
  GROUP.map((g) => `i64x2.extmul_${half}_i32x4_u(v${g}, ${splat('weight', 4 * g + c)})`).reduce(
    (sum, term) => `i64x2.add(${sum}, ${term})`,
  );

const COMBINE = `
/**
 * planes[k] = Σ coefficient·column[k] for the bytes [from, to) of all columns. \`columns\` holds addresses, \`coefficients\` four
 * words each, \`planes\` four addresses; count is a multiple of 4.
 */
export function combineColumns(columns: usize, coefficients: usize, count: i32, from: usize, to: usize, planes: usize): void {
  const p = v128.load32_splat(PRIME);
  const end = columns + (<usize>count << 2);
  let low: v128, high: v128, even: v128, odd: v128;
  for (let at = from; at < to; at += 16) {
    let ${C.map((c) => `s${c}: v128 = i32x4.splat(0), k${c}: v128 = i32x4.splat(0)`).join(', ')};
    let weight = coefficients;
    for (let list = columns; list < end; list += 16, weight += 64) {
      ${indent(
        GROUP.map((g) => `const v${g} = v128.load(<usize>load<u32>(list, ${4 * g}) + at);`),
        6,
      )}
      // A sum w1·2^32 + w0 is w0 + 2·w1; what of these lies above 31 bits, at most 4, is summed up apart.
      ${indent(
        C.flatMap((c) => [
          `low = ${products('low', c)};`,
          `high = ${products('high', c)};`,
          'even = v128.shuffle<i32>(low, high, 0, 2, 4, 6); odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7);',
          `k${c} = i32x4.add(k${c}, i32x4.add(i32x4.shr_u(even, 31), i32x4.shr_u(odd, 30)));`,
          `s${c} = addLanes(s${c}, addLanes(v128.and(even, p), v128.and(i32x4.shl(odd, 1), p), p), p);`,
        ]),
        6,
      )}
    }
    ${indent(
      C.map((c) => `v128.store(<usize>load<u32>(planes, ${4 * c}) + at, addLanes(s${c}, k${c}, p));`),
      4,
    )}
  }
}
`;

const CHUNK = 64;

const QUOTIENT = `
/** Values of four positions from 4·quad of a plane, lifted by so many doublings. */
// @ts-ignore: decorator
@inline
function lifted(plane: usize, quad: u32, doublings: i32): v128 {
  if (doublings == 0) return v128.load(plane + (<usize>quad << 4));
  return v128.load64_splat(plane + (<usize>(((quad << 2) >> (doublings + 1)) << 1) << 2));
}

/**
 * result += factor·(sum - slope·y - offset)/D_w, at the positions 4·from … 4·to - 1 of the domain with these (plain)
 * coordinates: x at positions 4m, y at positions 2i. \`sum\`: four addresses of planes, lifted by \`doublings\`. constants: D_w as
 * α + β x + γ y in CM31 (6 words), slope, offset, factor (4 words each). scratch: ${3 * CHUNK * 16 + CHUNK * 16} bytes.
 */
export function addQuotient(sum: usize, doublings: i32, constants: usize, xs: usize, ys: usize, from: u32, to: u32, result: usize, scratch: usize): void {
  const p = v128.load32_splat(PRIME);
  const zero = i32x4.splat(0);
  const d0s = scratch, d1s = scratch + ${CHUNK * 16}, norms = scratch + ${2 * CHUNK * 16}, prefix = scratch + ${3 * CHUNK * 16};
  ${TEMPORARIES}
  ${declare('q')} ${declare('f')}
  f0 = ${splat('constants', 14)}; f1 = ${splat('constants', 15)}; f2 = ${splat('constants', 16)}; f3 = ${splat('constants', 17)};
  for (let first = from; first < to; first += ${CHUNK}) {
    const count = <i32>min<u32>(${CHUNK}, to - first);
    for (let k = 0; k < count; k++) {
      const quad = first + <u32>k;
      const x = quadX(xs, quad, p), y = quadY(ys, quad, p);
      const d0 = addLanes(${splat('constants', 0)}, addLanes(mulLanes(x, ${splat('constants', 2)}, p), mulLanes(y, ${splat('constants', 4)}, p), p), p);
      const d1 = addLanes(${splat('constants', 1)}, addLanes(mulLanes(x, ${splat('constants', 3)}, p), mulLanes(y, ${splat('constants', 5)}, p), p), p);
      const o = <usize>k << 4;
      v128.store(d0s + o, d0);
      v128.store(d1s + o, subLanes(zero, d1, p));
      v128.store(norms + o, addLanes(mulLanes(d0, d0, p), mulLanes(d1, d1, p), p));
    }
    invertChunk(norms, prefix, count);
    for (let k = 0; k < count; k++) {
      const quad = first + <u32>k;
      const o = <usize>k << 4;
      const y = quadY(ys, quad, p);
      const n = v128.load(norms + o);
      const d0 = mulLanes(v128.load(d0s + o), n, p), d1 = mulLanes(v128.load(d1s + o), n, p);
      ${indent(
        C.map(
          (c) =>
            `q${c} = subLanes(lifted(<usize>load<u32>(sum, ${4 * c}), quad, doublings), addLanes(mulLanes(y, ${splat('constants', 6 + c)}, p), ${splat('constants', 10 + c)}, p), p);`,
        ),
        6,
      )}
      ${indent(complexProduct('l0', 'l1', ['q0', 'q1'], ['d0', 'd1']), 6)}
      ${indent(complexProduct('h0', 'h1', ['q2', 'q3'], ['d0', 'd1']), 6)}
      q0 = l0; q1 = l1; q2 = h0; q3 = h1;
      ${indent(secureProduct('q', 'q', 'f'), 6)}
      const at = <usize>quad << 4;
      ${indent(
        C.map((c) => `q${c} = addLanes(q${c}, v128.load(<usize>load<u32>(result, ${4 * c}) + at), p);`),
        6,
      )}
      ${storePlanes('q', 'result')}
    }
  }
}

/** x of the points at positions 4m … 4m + 3: (x, x, -x, -x). */
// @ts-ignore: decorator
@inline
function quadX(xs: usize, m: u32, p: v128): v128 {
  const x = v128.load32_splat(xs + (<usize>m << 2));
  return v128.shuffle<i32>(x, i32x4.sub(p, x), 0, 1, 6, 7);
}

/** y of the points at positions 4m … 4m + 3: (y, -y, y', -y'). */
// @ts-ignore: decorator
@inline
function quadY(ys: usize, m: u32, p: v128): v128 {
  const y = v128.load64_zero(ys + (<usize>m << 3));
  return v128.shuffle<i32>(y, i32x4.sub(p, y), 0, 4, 1, 5);
}
`;

const FOLD = `
/** Folds pairs [from, to) (multiples of 4) of source into target: (a + b) + λ(a - b)·inverse. inverses are doubled. */
export function foldPairs(source: usize, target: usize, inverses: usize, lambda: usize, from: usize, to: usize): void {
  const p = v128.load32_splat(PRIME);
  ${TEMPORARIES}
  ${declare('d')} ${declare('f')} ${declare('s')}
  ${C.map((c) => `f${c} = ${splat('lambda', c)};`).join(' ')}
  for (let i = from; i < to; i += 4) {
    const t = v128.load(inverses + (i << 2));
    ${indent(
      C.flatMap((c) => [
        `l0 = v128.load(<usize>load<u32>(source, ${4 * c}) + (i << 3)); l1 = v128.load(<usize>load<u32>(source, ${4 * c}) + (i << 3), 16);`,
        'h0 = v128.shuffle<i32>(l0, l1, 0, 2, 4, 6); h1 = v128.shuffle<i32>(l0, l1, 1, 3, 5, 7);',
        `s${c} = addLanes(h0, h1, p); d${c} = mulDoubled(subLanes(h0, h1, p), t, p);`,
      ]),
      4,
    )}
    ${indent(secureProduct('d', 'd', 'f'), 4)}
    const at = i << 2;
    ${indent(
      C.map((c) => `s${c} = addLanes(s${c}, d${c}, p);`),
      4,
    )}
    ${storePlanes('s', 'target')}
  }
}
`;

const FRACTIONS = `
/**
 * numerators ← numerators/denominators on the bytes [from, to). scratch: ${2 * CHUNK * 16} bytes. True when a denominator is 0.
 */
export function divideFractions(numerators: usize, denominators: usize, from: usize, to: usize, scratch: usize): bool {
  const p = v128.load32_splat(PRIME);
  const zero = i32x4.splat(0);
  ${TEMPORARIES}
  ${declare('d')} ${declare('q')}
  let n0: v128, n1: v128, hasZero = false;
  for (let first = from; first < to; first += ${CHUNK * 16}) {
    const count = <i32>(min<usize>(${CHUNK * 16}, to - first) >> 4);
    for (let k = 0; k < count; k++) {
      const at = first + (<usize>k << 4);
      ${loadPlanes('d', 'denominators')}
      ${indent(secureNorm(), 6)}
      v128.store(scratch + (<usize>k << 4), addLanes(mulLanes(n0, n0, p), mulLanes(n1, n1, p), p));
    }
    hasZero = invertChunk(scratch, scratch + ${CHUNK * 16}, count) || hasZero;
    for (let k = 0; k < count; k++) {
      const at = first + (<usize>k << 4);
      ${loadPlanes('d', 'denominators')}
      ${indent(secureNorm(), 6)}
      const inverse = v128.load(scratch + (<usize>k << 4));
      n0 = mulLanes(n0, inverse, p); n1 = mulLanes(subLanes(zero, n1, p), inverse, p);
      ${indent(complexProduct('l0', 'l1', ['d0', 'd1'], ['n0', 'n1']), 6)}
      ${indent(complexProduct('h0', 'h1', ['d2', 'd3'], ['n0', 'n1']), 6)}
      d0 = l0; d1 = l1; d2 = subLanes(zero, h0, p); d3 = subLanes(zero, h1, p);
      ${loadPlanes('q', 'numerators')}
      ${indent(secureProduct('q', 'q', 'd'), 6)}
      ${storePlanes('q', 'numerators')}
    }
  }
  return hasZero;
}
`;

/** n = low² - (2 + i)·high², in CM31. */
function secureNorm() {
  return [
    ...complexProduct('l0', 'l1', ['d0', 'd1'], ['d0', 'd1']),
    ...complexProduct('h0', 'h1', ['d2', 'd3'], ['d2', 'd3']),
    `n0 = ${sub('l0', sub(add('h0', 'h0'), 'h1'))}; n1 = ${sub('l1', add('h0', add('h1', 'h1')))};`,
  ];
}

const PLANES = `
/** target[i] += source[lifted i] on the bytes [from, to) of target. */
export function addLifted(target: usize, source: usize, doublings: i32, from: usize, to: usize): void {
  const p = v128.load32_splat(PRIME);
  for (let at = from; at < to; at += 16) {
    v128.store(target + at, addLanes(v128.load(target + at), lifted(source, <u32>(at >> 4), doublings), p));
  }
}

/** Multiplies the bytes [from, to) at target by a word. */
export function scalePlane(target: usize, from: usize, to: usize, factor: u32): void {
  const p = v128.load32_splat(PRIME);
  const f = i32x4.splat(factor + factor);
  for (let at = target + from; at < target + to; at += 16) v128.store(at, mulDoubled(v128.load(at), f, p));
}

/** The sum of \`count\` words in [0, p], in [0, p). */
export function sumWords(source: usize, count: u32): u32 {
  let sum: u64 = 0;
  for (let i: usize = 0; i < count; i++) sum += load<u32>(source + (i << 2));
  return <u32>(sum % 0x7fffffff);
}

/** Replaces each word by the sum of (word - mean) over those before it. */
export function runningSums(target: usize, count: u32, mean: u32): void {
  let sum: u32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const value = load<u32>(target + (i << 2));
    store<u32>(target + (i << 2), sum);
    sum = addWord(sum, addWord(addWord(value, 0), negWord(mean)));
  }
}

/** For measurements: count multiply-accumulates r += a·b over vectors in the first-level cache; all planes at one address. */
export function repeatSecureMac(planes: usize, count: i32): void {
  const p = v128.load32_splat(PRIME);
  ${TEMPORARIES}
  ${declare('a')} ${declare('b')} ${declare('r')}
  let at: usize = 0;
  for (let i = 0; i < count; i += 4, at = (at + 16) & 1023) {
    ${C.map((c) => `a${c} = v128.load(planes + at + ${1024 * c}); b${c} = v128.load(planes + at + ${1024 * (4 + c)}); r${c} = v128.load(planes + at + ${1024 * (8 + c)});`).join(' ')}
    ${indent(secureProduct('a', 'a', 'b'), 4)}
    ${C.map((c) => `v128.store(planes + at + ${1024 * (8 + c)}, addLanes(r${c}, a${c}, p));`).join(' ')}
  }
}

/** For measurements: count products c[i] = a[i]·b[i] over 2048 words each. */
export function repeatVectorMul(planes: usize, count: i32): void {
  const p = v128.load32_splat(PRIME);
  let at: usize = 0;
  for (let i = 0; i < count; i += 16, at = (at + 64) & 8191) {
    const o = planes + at;
    v128.store(o, mulDoubled(v128.load(o, 8192), v128.load(o, 16384), p));
    v128.store(o, mulDoubled(v128.load(o, 8208), v128.load(o, 16400), p), 16);
    v128.store(o, mulDoubled(v128.load(o, 8224), v128.load(o, 16416), p), 32);
    v128.store(o, mulDoubled(v128.load(o, 8240), v128.load(o, 16432), p), 48);
  }
}
`;

/** The text of the module `secureKernels`. */
export function secureKernelsText() {
  return `import { addLanes, addWord, canonical, invertLanes, mulDoubled, mulLanes, mulWord, PRIME, subLanes } from './lanes';
${INVERT_CHUNK}${SAMPLE}${OPEN}${COMBINE}${QUOTIENT}${FOLD}${FRACTIONS}${PLANES}`;
}
