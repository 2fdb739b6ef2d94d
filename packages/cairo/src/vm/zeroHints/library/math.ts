import { feltDiv, feltSqrt, PRIME } from '@cairn/primitives';
import { difference, type HintContext } from '../hintContext.ts';
import { isqrt } from './integers.ts';

const RANGE_CHECK_BOUND = 1n << 128n;
const MASK_128 = RANGE_CHECK_BOUND - 1n;

/** Hints of `math.cairo`, `math_cmp.cairo` and `bool`-like comparisons. */
export const MATH_HINTS = {
  assertNn: (h: HintContext) => {
    const a = h.felt('a');
    h.assert(a < RANGE_CHECK_BOUND, `a = ${a} is out of range`);
  },
  assertLeFelt: (h: HintContext) => {
    const a = h.felt('a');
    const b = h.felt('b');
    h.assert(a <= b, `a = ${a} is not less than or equal to b = ${b}`);
    const arcs = [
      { length: a, index: 0 },
      { length: b - a, index: 1 },
      { length: PRIME - 1n - b, index: 2 },
    ].sort((x, y) => (x.length < y.length ? -1 : x.length > y.length ? 1 : x.index - y.index));
    h.vars.set('excluded', arcs[2]!.index);
    const range = h.pointer('range_check_ptr');
    const third = h.felt('PRIME_OVER_3_HIGH');
    const half = h.felt('PRIME_OVER_2_HIGH');
    const [first, second] = [arcs[0]!.length, arcs[1]!.length];
    h.writeAll(range, [first % third, first / third, second % half, second / half]);
  },
  assertLeFeltExcludes0: (h: HintContext) => h.setAp(h.local('excluded') !== 0),
  assertLeFeltExcludes1: (h: HintContext) => h.setAp(h.local('excluded') !== 1),
  assertLeFeltExcludes2: (h: HintContext) =>
    h.assert(h.local('excluded') === 2, 'the third arc is not the longest'),
  unsignedDivRem: (h: HintContext) => {
    const div = checkedDivisor(h);
    const value = h.felt('value');
    h.set('q', value / div);
    h.set('r', value % div);
  },
  signedDivRem: (h: HintContext) => {
    const div = checkedDivisor(h);
    const bound = h.felt('bound');
    h.assert(bound <= RANGE_CHECK_BOUND / 2n, `bound = ${bound} is out of the valid range`);
    const value = h.signed('value');
    const remainder = ((value % div) + div) % div;
    const quotient = (value - remainder) / div;
    h.assert(
      -bound <= quotient && quotient < bound,
      `${value} / ${div} = ${quotient} is out of [-${bound}, ${bound})`,
    );
    h.set('r', remainder);
    h.set('biased_q', quotient + bound);
  },
  isNn: (h: HintContext) => h.setAp(h.felt('a') >= RANGE_CHECK_BOUND),
  isNnOutOfRange: (h: HintContext) => h.setAp((PRIME - 1n - h.felt('a')) % PRIME >= RANGE_CHECK_BOUND),
  isLeFelt: (h: HintContext) => h.setAp(h.felt('a') > h.felt('b')),
  isPositive: (h: HintContext) => {
    const value = h.signed('value');
    h.assert(
      value < RANGE_CHECK_BOUND && -value < RANGE_CHECK_BOUND,
      `value = ${value} is out of the valid range`,
    );
    h.set('is_positive', value > 0n);
  },
  assertLtFelt: (h: HintContext) =>
    h.assert(h.felt('a') < h.felt('b'), `a = ${h.felt('a')} is not less than b = ${h.felt('b')}`),
  assertLeFeltValues: (h: HintContext) =>
    h.assert(
      h.felt('a') <= h.felt('b'),
      `a = ${h.felt('a')} is not less than or equal to b = ${h.felt('b')}`,
    ),
  assertLeFeltSmallInputs: (h: HintContext) => {
    const a = h.felt('a');
    const b = h.felt('b');
    h.assert(a <= b, `a = ${a} is not less than or equal to b = ${b}`);
    h.set('small_inputs', a < RANGE_CHECK_BOUND && b - a < RANGE_CHECK_BOUND);
  },
  assertNotZero: (h: HintContext) => h.assert(h.felt('value') !== 0n, 'assert_not_zero failed: 0 = 0'),
  assertNotEqual: (h: HintContext) => {
    const [a, b] = [h.get('a'), h.get('b')];
    const comparable =
      typeof a === 'bigint' ? typeof b === 'bigint' : typeof b !== 'bigint' && a.segment === b.segment;
    h.assert(comparable, 'assert_not_equal failed: the values cannot be compared');
    h.assert(difference(a, b) !== 0n, 'assert_not_equal failed: the values are equal');
  },
  assert250Bit: (h: HintContext) => {
    const value = h.felt('value');
    h.assert(value < h.felt('UPPER_BOUND'), `${value} is outside of the range [0, 2**250)`);
    const shift = h.felt('SHIFT');
    h.set('high', value / shift);
    h.set('low', value % shift);
  },
  splitFelt: (h: HintContext) => {
    const value = h.felt('value');
    h.set('low', value & MASK_128);
    h.set('high', value >> 128n);
  },
  splitIntCheck: (h: HintContext) => h.assert(h.felt('value') === 0n, 'split_int(): value is out of range'),
  splitIntLimb: (h: HintContext) => {
    const limb = h.felt('value') % h.felt('base');
    h.assert(limb < h.felt('bound'), `split_int(): limb ${limb} is out of range`);
    h.memory.write(h.pointer('output'), limb);
  },
  powBit: (h: HintContext) => h.set('locs.bit', h.felt('prev_locs.exp') & 1n),
  sqrt: (h: HintContext) => {
    const value = h.felt('value');
    h.assert(value < 1n << 250n, `value = ${value} is outside of the range [0, 2**250)`);
    h.set('root', isqrt(value));
  },
  isQuadResidue: (h: HintContext) => {
    const x = h.felt('x');
    // Exactly one of x and x / 3 is a square: 3 is none.
    h.set('y', feltSqrt(x) ?? feltSqrt(feltDiv(x, 3n))!);
  },
  normalizeAddressIsSmall: (h: HintContext) => h.set('is_small', h.felt('addr') < h.felt('ADDR_BOUND')),
  normalizeAddressIs250: (h: HintContext) => h.set('is_250', h.felt('addr') < 1n << 250n),
  bitLength: (h: HintContext) =>
    h.set('bit_length', h.felt('x').toString(2).length * Number(h.felt('x') !== 0n)),
  lowestBits: (h: HintContext) => {
    h.set('a_lsb', h.felt('a') & 1n);
    h.set('b_lsb', h.felt('b') & 1n);
  },
  scalarIsOdd: (h: HintContext) => h.setAp(h.felt('scalar') % 2n),
};

function checkedDivisor(h: HintContext): bigint {
  const div = h.felt('div');
  h.assert(div > 0n && div <= PRIME / RANGE_CHECK_BOUND, `div = ${div} is out of the valid range`);
  return div;
}
