import {
  bigIntToBytes,
  bytesToBigInt,
  concatBytes,
  modInverse,
  PRIME,
  pointFromX,
  sha256,
} from '@cairn/primitives';
import type { HintContext } from '../hintContext.ts';
import { asFelt } from '../reference.ts';
import { mod, modPow } from './integers.ts';

const K1_P = 2n ** 256n - 2n ** 32n - 977n;
const K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const R1_P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const R1_N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const R1_ALPHA = R1_P - 3n;
const ED_P = 2n ** 255n - 19n;
/** Curve25519 in short Weierstrass form. */
const ED_ALPHA = 42204101795669822316448953119945047945709099015225996174933988943478124189485n;

/** Limb base of the three-limb integers. */
const BASE_BITS = 86n;
const MASK = (1n << BASE_BITS) - 1n;

/** The integer of three signed limbs. */
function pack(h: HintContext, path: string): bigint {
  return (
    h.signed(`${path}.d0`) +
    (h.signed(`${path}.d1`) << BASE_BITS) +
    (h.signed(`${path}.d2`) << (2n * BASE_BITS))
  );
}

/** Sets the variables of later hints. */
function keep(h: HintContext, values: Record<string, bigint>): void {
  for (const [name, value] of Object.entries(values)) h.vars.set(name, value);
}

const local = (h: HintContext, name: string): bigint => h.local<bigint>(name);
const divMod = (n: bigint, m: bigint, p: bigint): bigint => mod(n * modInverse(mod(m, p), p), p);

function safeDiv(h: HintContext, x: bigint, y: bigint): bigint {
  h.assert(y !== 0n && x % y === 0n, `${x} is not divisible by ${y}`);
  return x / y;
}

function verifyZero(h: HintContext, p: bigint): void {
  const value = pack(h, 'val');
  h.assert(mod(value, p) === 0n, 'verify_zero: invalid input');
  h.set('q', value / p);
}

/** Slope of a tangent, kept as `slope` and `value`. */
function doubleSlope(h: HintContext, point: string, alpha: bigint, p: bigint): void {
  const x = pack(h, `${point}.x`);
  const y = pack(h, `${point}.y`);
  h.assert(mod(y, p) !== 0n, 'the tangent has no slope');
  const slope = divMod(3n * x * x + alpha, 2n * y, p);
  keep(h, { x, y, slope, value: slope });
}

/** Slope of a chord, kept as `slope` and `value`. */
function chordSlope(h: HintContext, first: string, second: string, p: bigint): void {
  const [x0, y0, x1, y1] = [
    pack(h, `${first}.x`),
    pack(h, `${first}.y`),
    pack(h, `${second}.x`),
    pack(h, `${second}.y`),
  ];
  h.assert(mod(x0 - x1, p) !== 0n, 'the points have the same x');
  const slope = divMod(y0 - y1, x0 - x1, p);
  keep(h, { x0, y0, x1, y1, slope, value: slope });
}

function doubledX(h: HintContext, point: string, p: bigint): void {
  const slope = pack(h, 'slope');
  const x = pack(h, `${point}.x`);
  const y = pack(h, `${point}.y`);
  const newX = mod(slope * slope - 2n * x, p);
  keep(h, { slope, x, y, new_x: newX, value: newX });
}

function addedX(h: HintContext, first: string, second: string, p: bigint): void {
  const slope = pack(h, 'slope');
  const [x0, x1, y0] = [pack(h, `${first}.x`), pack(h, `${second}.x`), pack(h, `${first}.y`)];
  const newX = mod(slope * slope - x0 - x1, p);
  keep(h, { slope, x0, x1, y0, new_x: newX, value: newX });
}

function divModN(h: HintContext, n: bigint): void {
  const a = pack(h, 'a');
  const b = pack(h, 'b');
  const res = divMod(a, b, n);
  keep(h, { a, b, res, value: res, N: n });
}

/** The hints use the prime that an earlier hint of the same scope named. */
const prime = (h: HintContext): bigint => local(h, 'SECP_P');

function withPrime(h: HintContext, p: bigint): bigint {
  keep(h, { SECP_P: p });
  return p;
}

/** Hints of `cairo_secp`, its forks, and elliptic curve operations. */
export const SECP_HINTS = {
  nondetBigInt3: (h: HintContext) => {
    const value = local(h, 'value');
    h.assert(value >= 0n && value >> (3n * BASE_BITS) === 0n, `${value} does not fit into three limbs`);
    h.writeAll(h.address('res'), [value & MASK, (value >> BASE_BITS) & MASK, value >> (2n * BASE_BITS)]);
  },
  verifyZeroK1: (h: HintContext) => verifyZero(h, withPrime(h, K1_P)),
  verifyZeroEd: (h: HintContext) => verifyZero(h, withPrime(h, ED_P)),
  verifyZeroLocal: (h: HintContext) => verifyZero(h, prime(h)),
  xIsZeroK1: (h: HintContext) => keep(h, { x: mod(pack(h, 'x'), withPrime(h, K1_P)) }),
  xIsZeroEd: (h: HintContext) => keep(h, { x: mod(pack(h, 'x'), withPrime(h, ED_P)) }),
  xIsZeroLocal: (h: HintContext) => keep(h, { x: mod(pack(h, 'x'), prime(h)) }),
  xEqualsZero: (h: HintContext) => h.setAp(local(h, 'x') === 0n),
  xInverseK1: (h: HintContext) => {
    const inverse = divMod(1n, local(h, 'x'), withPrime(h, K1_P));
    keep(h, { x_inv: inverse, value: inverse });
  },
  xInverseEd: (h: HintContext) => {
    const inverse = divMod(1n, local(h, 'x'), withPrime(h, ED_P));
    keep(h, { x_inv: inverse, value: inverse });
  },
  xInverseLocal: (h: HintContext) => {
    const inverse = divMod(1n, local(h, 'x'), prime(h));
    keep(h, { x_inv: inverse, value: inverse });
  },
  reduceK1: (h: HintContext) => keep(h, { value: mod(pack(h, 'x'), withPrime(h, K1_P)) }),
  reduceEd: (h: HintContext) => keep(h, { value: mod(pack(h, 'x'), withPrime(h, ED_P)) }),
  reduceLocal: (h: HintContext) => keep(h, { value: mod(pack(h, 'x'), prime(h)) }),
  importR1Prime: (h: HintContext) => keep(h, { SECP_P: R1_P }),
  importR1Order: (h: HintContext) => keep(h, { N: R1_N }),
  importR1Alpha: (h: HintContext) => keep(h, { ALPHA: R1_ALPHA }),
  doubleSlopeK1: (h: HintContext) => doubleSlope(h, 'point', 0n, withPrime(h, K1_P)),
  doubleSlopeK1Pt: (h: HintContext) => doubleSlope(h, 'pt', 0n, withPrime(h, K1_P)),
  doubleSlopeLocal: (h: HintContext) => doubleSlope(h, 'point', local(h, 'ALPHA'), prime(h)),
  doubleSlopeEd: (h: HintContext) => doubleSlope(h, 'point', ED_ALPHA, withPrime(h, ED_P)),
  slopeK1: (h: HintContext) => chordSlope(h, 'point0', 'point1', withPrime(h, K1_P)),
  slopeK1Pt: (h: HintContext) => chordSlope(h, 'pt0', 'pt1', withPrime(h, K1_P)),
  slopeEd: (h: HintContext) => chordSlope(h, 'point0', 'point1', withPrime(h, ED_P)),
  slopeLocal: (h: HintContext) => chordSlope(h, 'point0', 'point1', prime(h)),
  doubleNewXK1: (h: HintContext) => doubledX(h, 'point', withPrime(h, K1_P)),
  doubleNewXK1Pt: (h: HintContext) => doubledX(h, 'pt', withPrime(h, K1_P)),
  doubleNewXEd: (h: HintContext) => doubledX(h, 'point', withPrime(h, ED_P)),
  doubleNewXLocal: (h: HintContext) => doubledX(h, 'point', prime(h)),
  doubleNewY: (h: HintContext) => {
    const newY = mod(local(h, 'slope') * (local(h, 'x') - local(h, 'new_x')) - local(h, 'y'), prime(h));
    keep(h, { new_y: newY, value: newY });
  },
  addNewXK1: (h: HintContext) => addedX(h, 'point0', 'point1', withPrime(h, K1_P)),
  addNewXK1Pt: (h: HintContext) => addedX(h, 'pt0', 'pt1', withPrime(h, K1_P)),
  addNewXEd: (h: HintContext) => addedX(h, 'point0', 'point1', withPrime(h, ED_P)),
  addNewXLocal: (h: HintContext) => addedX(h, 'point0', 'point1', prime(h)),
  addNewY: (h: HintContext) => {
    const newY = mod(local(h, 'slope') * (local(h, 'x0') - local(h, 'new_x')) - local(h, 'y0'), prime(h));
    keep(h, { new_y: newY, value: newY });
  },
  negateYK1: (h: HintContext) => keep(h, { value: mod(-pack(h, 'point.y'), withPrime(h, K1_P)) }),
  negateYEd: (h: HintContext) => keep(h, { value: mod(-pack(h, 'point.y'), withPrime(h, ED_P)) }),
  recoverYK1: (h: HintContext) => {
    const p = withPrime(h, K1_P);
    const square = mod(pack(h, 'x_cube') + h.felt('BETA'), p);
    const y = modPow(square, (p + 1n) / 4n, p);
    keep(h, { y, value: h.felt('v') % 2n === y % 2n ? y : mod(-y, p) });
  },
  divModNK1: (h: HintContext) => divModN(h, K1_N),
  divModNLocal: (h: HintContext) => divModN(h, local(h, 'N')),
  safeDivN: (h: HintContext) => {
    const k = safeDiv(h, local(h, 'res') * local(h, 'b') - local(h, 'a'), local(h, 'N'));
    keep(h, { k, value: k });
  },
  safeDivNPlusOne: (h: HintContext) => {
    const k = safeDiv(h, local(h, 'res') * local(h, 'b') - local(h, 'a'), local(h, 'N')) + 1n;
    keep(h, { k_plus_one: k, value: k });
  },
  divModXByS: (h: HintContext) => divideXByS(h, pack(h, 'n')),
  divModXBySK1: (h: HintContext) => divideXByS(h, K1_N),
  safeDivXByS: (h: HintContext) => {
    const k = safeDiv(h, local(h, 'res') * local(h, 's') - local(h, 'x'), local(h, 'N'));
    keep(h, { k, value: k });
  },
  subtractPacked: (h: HintContext) => {
    const res = pack(h, 'a') - pack(h, 'b');
    keep(h, { a: pack(h, 'a'), b: pack(h, 'b'), res, value: res });
  },
  productModPacked: (h: HintContext) => {
    const product = pack(h, 'a') * pack(h, 'b');
    const m = pack(h, 'm');
    const res = mod(product, m);
    keep(h, { product, m, res, value: res });
  },
  productQuotient: (h: HintContext) => {
    const k = local(h, 'product') / local(h, 'm');
    keep(h, { k, value: k });
  },
  divMod5Limbs: (h: HintContext) => {
    const base = h.felt('BASE');
    const p = pack(h, 'P');
    const x = pack(h, 'x') + h.signed('x.d3') * base ** 3n + h.signed('x.d4') * base ** 4n;
    const y = pack(h, 'y');
    const res = divMod(x, y, p);
    keep(h, { p, x, y, res, value: res });
  },
  safeDivSigned: (h: HintContext) => {
    const k = safeDiv(h, local(h, 'res') * local(h, 'y') - local(h, 'x'), local(h, 'p'));
    keep(h, { k, value: k > 0n ? k : -k });
    h.set('flag', k > 0n);
  },
  lowOfBigInt3: (h: HintContext) =>
    h.set('low', (h.felt('x.d0') + h.felt('x.d1') * h.felt('BASE')) & ((1n << 128n) - 1n)),
  quadBit: (h: HintContext) => {
    const [u, v, m] = [h.felt('scalar_u'), h.felt('scalar_v'), h.felt('m')];
    const bit = (x: bigint, at: bigint): bigint => (x >> at) & 1n;
    h.set('quad_bit', 8n * bit(v, m) + 4n * bit(u, m) + 2n * bit(v, m - 1n) + bit(u, m - 1n));
  },
  dibit: (h: HintContext) =>
    h.set(
      'dibit',
      ((h.felt('scalar_u') >> h.felt('m')) & 1n) + 2n * ((h.felt('scalar_v') >> h.felt('m')) & 1n),
    ),
  highLimbLength: (h: HintContext) => {
    const length = (path: string): number => (h.felt(path) === 0n ? 0 : h.felt(path).toString(2).length);
    h.set('len_hi', Math.max(length('scalar_u.d2'), length('scalar_v.d2')) - 1);
  },
  randomEcPoint: (h: HintContext) =>
    setRandomPoint(h, [h.felt('p.x'), h.felt('p.y'), h.felt('m'), h.felt('q.x'), h.felt('q.y')]),
  chainedEcOpPoint: (h: HintContext) => {
    const count = h.count('len');
    const felts = [...h.readAll(h.pointer('m'), count), ...h.readAll(h.address('q'), 2 * count)];
    setRandomPoint(h, [h.felt('p.x'), h.felt('p.y'), ...felts.map(asFelt)]);
  },
  recoverY: (h: HintContext) => {
    const point = pointFromX(h.felt('x'));
    if (point === undefined) throw h.fail(`${h.felt('x')} is not the x coordinate of a point on the curve`);
    h.set('p.x', point.x);
    h.set('p.y', point.y);
  },
};

function divideXByS(h: HintContext, n: bigint): void {
  const x = mod(pack(h, 'x'), n);
  const s = mod(pack(h, 's'), n);
  const res = divMod(x, s, n);
  keep(h, { N: n, x, s, res, value: res });
}

const ATTEMPTS = 100;

/** A point that follows from the inputs, so that runs can be repeated. @see cairo-lang, random_ec_point */
function setRandomPoint(h: HintContext, inputs: readonly bigint[]): void {
  const seed = sha256(concatBytes(...inputs.map((felt) => bigIntToBytes(felt))));
  for (let i = 0; i < ATTEMPTS; i++) {
    const counter = bigIntToBytes(BigInt(i), 10).reverse();
    const point = pointFromX(bytesToBigInt(sha256(concatBytes(seed.subarray(1), counter))) % PRIME);
    if (point === undefined) continue;
    h.set('s.x', point.x);
    h.set('s.y', seed[0]! & 1 ? PRIME - point.y : point.y);
    return;
  }
  throw h.fail('no point on the curve was found');
}
