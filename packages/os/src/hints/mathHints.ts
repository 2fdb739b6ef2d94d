import type { HintContext } from '@cairn/cairo';
import { feltDiv, feltSqrt, PRIME } from '@cairn/primitives';
import { floorDivide, integerRoot, RANGE_CHECK_BOUND, signedFelt } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

/** Weights of the upper range checks in `assert_le_felt`. */
const SHORT_WEIGHT = 0x2aaaaaaaaaaaab05555555555555555n;
const LONG_WEIGHT = 0x4000000000000088000000000000000n;
/** Weight of the upper range check in `is_nn`. */
const FAR_WEIGHT = 0x8000000000000110000000000000000n - 2n;
const ADDRESS_BOUND = (1n << 251n) - 256n;

/** Hints of `math.cairo`, `math_cmp.cairo`, `pow.cairo`, `log2_ceil.cairo` and `storage.cairo`. */
export const MATH_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.math.halves_to_range_checks': (h) => {
    const value = h.felt('value');
    writeRangeChecks(h, value % RANGE_CHECK_BOUND, value / RANGE_CHECK_BOUND);
  },
  'cairn.math.le_felt_arcs': (h) => {
    const { short, long } = arcs(h);
    writeRangeChecks(h, ...weighted(short, SHORT_WEIGHT), ...weighted(long, LONG_WEIGHT));
  },
  'cairn.math.le_felt_shows_last_arc': (h) => arcs(h).kinds.includes('last'),
  'cairn.math.le_felt_is_swapped': (h) => {
    const [short, long] = arcs(h).kinds;
    return short === 'last' || (short === 'gap' && long === 'first');
  },
  'cairn.math.le_felt_shows_gap': (h) => arcs(h).kinds.includes('gap'),
  'cairn.math.is_negative': (h) => h.signed('value') < 0n,
  'cairn.math.quotient_to_range_checks': (h) => {
    const [value, div] = [h.felt('value'), positive(h, 'div')];
    writeRangeChecks(h, value % div, value / div);
  },
  'cairn.math.signed_quotient_to_range_checks': (h) => {
    const [value, div] = [h.signed('value'), positive(h, 'div')];
    const quotient = floorDivide(value, div);
    writeRangeChecks(h, value - quotient * div, quotient + h.felt('bound'));
  },
  'cairn.math.limbs_to_output': (h) => {
    const base = positive(h, 'base');
    let left = h.felt('value');
    const limbs = Array.from({ length: h.count('n') }, () => {
      const limb = left % base;
      left /= base;
      return limb;
    });
    h.writeAll(h.pointer('output'), limbs);
  },
  'cairn.math.root_to_range_check': (h) => writeRangeChecks(h, integerRoot(h.felt('value'))),
  'cairn.math.is_square': (h) => feltSqrt(h.felt('x')) !== undefined,
  'cairn.math.square_root': (h) => feltSqrt(h.felt('x')) ?? feltSqrt(feltDiv(h.felt('x'), 3n))!,
  'cairn.math_cmp.is_outside': (h) => h.felt('a') >= RANGE_CHECK_BOUND,
  'cairn.math_cmp.is_far': (h) => PRIME - h.felt('a') > RANGE_CHECK_BOUND,
  'cairn.math_cmp.far_to_range_checks': (h) =>
    writeRangeChecks(h, ...weighted(h.felt('a') - RANGE_CHECK_BOUND, FAR_WEIGHT)),
  'cairn.math_cmp.is_greater_felt': (h) => h.felt('a') > h.felt('b'),
  'cairn.pow.bit_count_to_range_check': (h) => writeRangeChecks(h, BigInt(h.felt('exp').toString(2).length)),
  'cairn.pow.bit': (h) => (h.felt('exp') >> (h.felt('left') - 1n)) & 1n,
  'cairn.log2_ceil.to_range_check': (h) =>
    writeRangeChecks(h, BigInt((h.felt('value') - 1n).toString(2).length)),
  'cairn.storage.is_small': (h) => h.felt('addr') < ADDRESS_BOUND,
};

type Arc = 'first' | 'gap' | 'last';

/** The two shortest of the three arcs into which 0, a and b cut the circle of felts. */
function arcs(h: HintContext): { short: bigint; long: bigint; kinds: [short: Arc, long: Arc] } {
  const [a, b] = [h.felt('a'), h.felt('b')];
  h.assert(a <= b, `got ${a} and ${b}, expected the first to be at most the second`);
  const lengths: [Arc, bigint][] = [
    ['first', a],
    ['gap', b - a],
    ['last', PRIME - 1n - b],
  ];
  const [short, long] = lengths.sort((x, y) => (x[1] < y[1] ? -1 : x[1] > y[1] ? 1 : 0)) as [
    [Arc, bigint],
    [Arc, bigint],
  ];
  return { short: short[1], long: long[1], kinds: [short[0], long[0]] };
}

/** `value` = r0 + r1 · weight with both r below 2^128. */
function weighted(value: bigint, weight: bigint): [bigint, bigint] {
  const quotient = value / weight;
  const upper = quotient < RANGE_CHECK_BOUND ? quotient : RANGE_CHECK_BOUND - 1n;
  return [value - upper * weight, upper];
}

function writeRangeChecks(h: HintContext, ...values: bigint[]): void {
  h.writeAll(h.pointer('range_check_ptr'), values);
}

function positive(h: HintContext, name: string): bigint {
  const value = h.felt(name);
  h.assert(value > 0n, `got ${name} = 0, expected more`);
  return signedFelt(value) > 0n ? value : PRIME;
}
