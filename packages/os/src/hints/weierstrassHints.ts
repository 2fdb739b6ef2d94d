import type { HintContext } from '@cairn/cairo';
import { modInverse } from '@cairn/primitives';
import { digitsOf, floorDivide, modPow } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const LIMB_BITS = 86n;

/** A curve y² = x³ + a x + b modulo p. */
interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
}

/** @see SEC 2 v2.0, 2.4.1 */
const SECP256K1: Curve = { p: (1n << 256n) - (1n << 32n) - 977n, a: 0n, b: 7n };
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** @see SEC 2 v2.0, 2.4.2 */
const SECP256R1: Curve = {
  p: (1n << 256n) - (1n << 224n) + (1n << 192n) + (1n << 96n) - 1n,
  a: -3n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
};

/** What `div_mod_n` adds to the count of orders, so that it is no negative number. */
const ADDED_ORDERS = 16n;

/** Carries of `secp256r1/field.cairo` are given in this many low bits and a rest, which is raised. */
const CARRY_LOW_BITS = 128;
const CARRY_BIAS = 1n << 164n;
const CARRY_HIGH_FACTOR = 1n << 91n;

/** Hints of `cairo_secp` and `secp256r1`: `field.cairo`, `ec.cairo` and `signature.cairo`. */
export const WEIERSTRASS_HINTS: Readonly<Record<string, LibraryHint>> = {
  ...curveHints('secp256k1', SECP256K1),
  ...curveHints('secp256r1', SECP256R1),
  'cairn.secp256k1.quotient': (h) => floorDivide(number(h, 'val'), SECP256K1.p),
  'cairn.secp256r1.quotient_and_carries': (h) => {
    const q = floorDivide(number(h, 'val'), SECP256R1.p);
    const carry = (h.signed('val.d0') + q * h.signed('SECP_REM0')) >> LIMB_BITS;
    const carryTwo = (h.signed('val.d1') + q * h.signed('SECP_REM1') + carry) >> LIMB_BITS;
    h.writeAll(
      h.pointer('range_check_ptr'),
      [q, carry, carryTwo].flatMap((value) => {
        const [low, high] = digitsOf(value + CARRY_BIAS, CARRY_LOW_BITS, 2) as [bigint, bigint];
        return [low, high, high * CARRY_HIGH_FACTOR];
      }),
    );
  },
  'cairn.secp256k1.quotient_mod_n': (h) =>
    setValue(h, modulo(divide(number(h, 'a'), number(h, 'b'), SECP256K1_ORDER), SECP256K1_ORDER)),
  'cairn.secp256k1.orders_in_product': (h) =>
    setValue(
      h,
      floorDivide(number(h, 'res') * number(h, 'b') - number(h, 'a'), SECP256K1_ORDER) + ADDED_ORDERS,
    ),
};

/** Hints that the modules of both curves have. */
function curveHints(name: string, { p, a, b }: Curve): Record<string, LibraryHint> {
  const rightSide = (h: HintContext): bigint => {
    const x = number(h, 'x');
    return modulo(x ** 3n + a * x + b, p);
  };
  const thirdX = (h: HintContext): bigint =>
    modulo(number(h, 'slope') ** 2n - number(h, 'point.x') - number(h, 'other_x'), p);
  /** A root of the value or, where it has none, of its negative: p is 3 modulo 4. */
  const root = (value: bigint): bigint => modPow(value, (p + 1n) / 4n, p);
  const hints: Record<string, LibraryHint> = {
    is_zero: (h) => modulo(number(h, 'x'), p) === 0n,
    inverse: (h) => setValue(h, modInverse(modulo(number(h, 'x'), p), p)),
    residue: (h) => setValue(h, modulo(number(h, 'x'), p)),
    negative_y: (h) => setValue(h, modulo(-number(h, 'point.y'), p)),
    tangent_slope: (h) => {
      // Some programs' own hints take the prime from here.
      h.vars.set('SECP_P', p);
      setValue(h, divide(3n * number(h, 'point.x') ** 2n + a, 2n * number(h, 'point.y'), p));
    },
    chord_slope: (h) =>
      setValue(
        h,
        divide(
          number(h, 'point0.y') - number(h, 'point1.y'),
          number(h, 'point0.x') - number(h, 'point1.x'),
          p,
        ),
      ),
    third_x: (h) => setValue(h, thirdX(h)),
    third_y: (h) =>
      setValue(h, modulo(number(h, 'slope') * (number(h, 'point.x') - thirdX(h)) - number(h, 'point.y'), p)),
    bit: (h) => h.felt('scalar') & 1n,
    digit: (h) => (h.felt('half') >> (4n * (h.felt('left') - 1n))) & 15n,
    last_digit: (h) => h.felt('scalar.low') & 15n,
    is_on_curve: (h) => root(rightSide(h)) ** 2n % p === rightSide(h),
    root: (h) => {
      const y = root(rightSide(h));
      setValue(h, (y ^ h.felt('v')) & 1n ? p - y : y);
    },
  };
  return Object.fromEntries(Object.entries(hints).map(([key, hint]) => [`cairn.${name}.${key}`, hint]));
}

/** The integer that three limbs of 86 bits, each possibly negative, make. */
function number(h: HintContext, path: string): bigint {
  return (
    h.signed(`${path}.d0`) +
    (h.signed(`${path}.d1`) << LIMB_BITS) +
    (h.signed(`${path}.d2`) << (2n * LIMB_BITS))
  );
}

/** Proposes the number that the next `nondet_bigint3` writes. */
function setValue(h: HintContext, value: bigint): void {
  h.vars.set('value', value);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function divide(dividend: bigint, divisor: bigint, modulus: bigint): bigint {
  return modulo(dividend * modInverse(modulo(divisor, modulus), modulus), modulus);
}
