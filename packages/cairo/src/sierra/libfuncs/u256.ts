import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import {
  branching,
  built,
  type CallInput,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncTable,
  output,
  sameAs,
  straight,
} from '../libfunc.ts';
import { U128_BOUND, U128_MAX } from '../range.ts';
import { noArgs } from '../typeContext.ts';
import { nonZeroOf, structOf, u256 } from './commonTypes.ts';

const U64_BOUND = 1n << 64n;
const U64_FIXER = U128_BOUND - U64_BOUND;
const U65_FIXER = U128_BOUND - (1n << 65n);

/** Low and high word of a product of two u128, guessed; a guarantee makes the caller prove it. */
interface Product {
  readonly factors: readonly [Var, Var];
  readonly low: Var;
  readonly high: Var;
}

function wideMul(b: CasmBuilder, lhs: Var, rhs: Var): Product {
  const low = b.temp();
  const high = b.temp();
  b.hint('WideMul128', { lhs, rhs }, { low, high });
  return { factors: [lhs, rhs], low, high };
}

/** Cells of the guarantee of a product. */
function guarantee({ factors, high, low }: Product): Var[] {
  return [...factors, high, low];
}

/** Chain of temps: start + added − subtracted. */
function sum(b: CasmBuilder, start: Var, added: readonly Var[], subtracted: readonly Var[] = []): Var {
  let total = start;
  for (const term of added) total = b.temp(b.add(total, term));
  for (const term of subtracted) total = b.temp(b.sub(total, term));
  return total;
}

/** Proves remainder < divisor for two-word numbers; `alignLow` / `alignHigh` run at the two ways' fixed places. */
function proveRemainder(
  b: CasmBuilder,
  rangeCheck: Var,
  [divisorLow, divisorHigh]: readonly [Var, Var],
  [remainderLow, remainderHigh]: readonly [Var, Var],
  align: { before?: number; high?: number },
): void {
  const high = b.temp(b.sub(divisorHigh, remainderHigh));
  if (align.before) b.addAp(align.before);
  const low = b.temp();
  const lowMinusOne = b.temp();
  b.jumpIf('HighDiffers', high);
  b.assert(low, b.sub(divisorLow, remainderLow));
  b.assert(lowMinusOne, b.sub(low, b.constant(1)));
  b.write(rangeCheck, lowMinusOne);
  b.jump('RemainderProved');
  b.label('HighDiffers');
  if (align.high) b.addAp(align.high);
  b.write(rangeCheck, high);
  b.label('RemainderProved');
}

/**
 * Product of the top words, of which one factor of each must be zero: either `topQuotient` and then `divisorHigh`
 * is zero. The smaller factor is checked to be below 2^64.
 */
function topProduct(
  b: CasmBuilder,
  rangeCheck: Var,
  {
    topQuotient,
    quotient,
    divisorLow,
    divisorHigh,
  }: Record<'topQuotient' | 'quotient' | 'divisorLow' | 'divisorHigh', Var>,
): Var {
  const small = b.temp();
  const large = b.temp();
  const order = (x: Var, y: Var, xFirst: string) => {
    const isLess = b.temp();
    b.hint('TestLessThan', { lhs: x, rhs: y }, { dst: isLess });
    b.jumpIf(xFirst, isLess);
    b.assert(small, y);
    b.assert(large, x);
    b.jump('Merge');
    b.label(xFirst);
    b.assert(small, x);
    b.assert(large, y);
  };
  b.jumpIf('DivisorHighIsZero', topQuotient);
  order(quotient, divisorHigh, 'QuotientIsLess');
  b.jump('Merge');
  b.label('DivisorHighIsZero');
  b.assert(divisorHigh, b.constant(0));
  order(topQuotient, divisorLow, 'TopQuotientIsLess');
  b.label('Merge');
  b.write(rangeCheck, b.temp(b.add(small, b.constant(U64_FIXER))));
  return b.temp(b.mul(small, large));
}

function words(input: CallInput, param: number, count: number): Var[] {
  return Array.from({ length: count }, (_, cell) => input.deref(param, cell));
}

function divmod256(b: CasmBuilder, input: CallInput) {
  const rangeCheck = input.buffer(0, 5);
  const [dividend0, dividend1] = words(input, 1, 2) as [Var, Var];
  const [divisor0, divisor1] = words(input, 2, 2) as [Var, Var];
  const start = b.copy(rangeCheck);
  const [quotient0, quotient1, remainder0, remainder1] = b.temps(4) as [Var, Var, Var, Var];
  b.hint(
    'Uint256DivMod',
    { dividend0, dividend1, divisor0, divisor1 },
    { quotient0, quotient1, remainder0, remainder1 },
  );
  b.write(rangeCheck, quotient0, quotient1, remainder0, remainder1);
  proveRemainder(b, rangeCheck, [divisor0, divisor1], [remainder0, remainder1], { high: 1 });
  const product = wideMul(b, quotient0, divisor0);
  const low = sum(b, product.low, [remainder0], [dividend0]);
  const carry = b.temp(b.div(low, b.constant(U128_BOUND)));
  b.assert(carry, b.mul(carry, carry));
  const top = topProduct(b, rangeCheck, {
    topQuotient: quotient1,
    quotient: quotient0,
    divisorLow: divisor0,
    divisorHigh: divisor1,
  });
  const high = sum(b, carry, [product.high, remainder1]);
  b.assert(dividend1, b.add(high, top));
  return {
    ends: [fallthrough([rangeCheck], [quotient0, quotient1], [remainder0, remainder1], guarantee(product))],
    rangeCheck: [start, rangeCheck] as const,
  };
}

function sqrt256(b: CasmBuilder, input: CallInput) {
  const rangeCheck = input.buffer(0, 6);
  const [value_low, value_high] = words(input, 1, 2) as [Var, Var];
  const u64Bound = b.constant(U64_BOUND);
  const u128Bound = b.constant(U128_BOUND);
  const start = b.copy(rangeCheck);
  const [sqrt0, sqrt1, remainder_low, remainder_high, isWide] = b.temps(5) as [Var, Var, Var, Var, Var];
  b.hint(
    'Uint256SquareRoot',
    { value_low, value_high },
    { sqrt0, sqrt1, remainder_low, remainder_high, sqrt_mul_2_minus_remainder_ge_u128: isWide },
  );
  // Both halves of the root below 2^64.
  b.write(rangeCheck, sqrt0, sqrt1);
  b.write(rangeCheck, b.temp(b.add(b.temp(b.add(sqrt0, sqrt1)), b.constant(U65_FIXER))));
  b.write(rangeCheck, remainder_low);
  b.assert(remainder_high, b.mul(remainder_high, remainder_high));
  // value = root² + remainder, 64 bits at a time.
  const square0 = b.temp(b.mul(sqrt0, sqrt0));
  const carry0 = b.temp(b.div(sum(b, remainder_low, [square0], [value_low]), u64Bound));
  b.write(rangeCheck, b.temp(b.add(carry0, b.constant(U128_MAX / 2n + 1n))));
  const cross = b.temp(b.mul(sqrt0, sqrt1));
  const carry1 = b.temp(b.div(sum(b, carry0, [cross, cross]), u64Bound));
  b.write(rangeCheck, carry1);
  const upper = b.temp(b.add(carry1, remainder_high));
  const square1 = b.temp(b.mul(sqrt1, sqrt1));
  b.assert(value_high, b.add(upper, square1));
  // 0 ≤ 2·root − remainder, which has up to 129 bits.
  const root = b.temp(b.add(sqrt0, b.temp(b.mul(sqrt1, u64Bound))));
  const remainder = b.temp(b.add(remainder_low, b.temp(b.mul(remainder_high, u128Bound))));
  const slack = b.temp(b.sub(b.temp(b.add(root, root)), remainder));
  const fixedSlack = b.temp();
  b.jumpIf('IsWide', isWide);
  b.write(rangeCheck, slack);
  b.jump('Done');
  b.label('IsWide');
  b.assert(fixedSlack, b.sub(slack, u128Bound));
  b.write(rangeCheck, fixedSlack);
  b.label('Done');
  return { ends: [fallthrough([rangeCheck], [root])], rangeCheck: [start, rangeCheck] as const };
}

function inverse256(b: CasmBuilder, input: CallInput) {
  const rangeCheck = input.buffer(0, 6);
  const [b0, b1] = words(input, 1, 2) as [Var, Var];
  const [n0, n1] = words(input, 2, 2) as [Var, Var];
  const u128Bound = b.constant(U128_BOUND);
  const start = b.copy(rangeCheck);
  // With an inverse: 0, ?, r, k with r·b = k·n + 1; without: g, s, t with b = g·s, n = g·t.
  const [g0_or_no_inv, g1_option, s_or_r0, s_or_r1, t_or_k0, t_or_k1] = b.temps(6) as [
    Var,
    Var,
    Var,
    Var,
    Var,
    Var,
  ];
  b.hint('U256InvModN', { b0, b1, n0, n1 }, { g0_or_no_inv, g1_option, s_or_r0, s_or_r1, t_or_k0, t_or_k1 });
  b.jumpIf('NoInverse', g0_or_no_inv);
  const [r0, r1, k0, k1] = [s_or_r0, s_or_r1, t_or_k0, t_or_k1];
  b.write(rangeCheck, r0, r1, k0, k1);
  proveRemainder(b, rangeCheck, [n0, n1], [r0, r1], { before: 18 });
  const [r0b0, r0b1, r1b0, r1b1] = [
    wideMul(b, r0, b0),
    wideMul(b, r0, b1),
    wideMul(b, r1, b0),
    wideMul(b, r1, b1),
  ];
  const [n0k0, n0k1, n1k0, n1k1] = [
    wideMul(b, n0, k0),
    wideMul(b, n0, k1),
    wideMul(b, n1, k0),
    wideMul(b, n1, k1),
  ];
  const carried = (total: Var) => b.temp(b.div(total, u128Bound));
  const bit = carried(sum(b, n0k0.low, [b.constant(1)], [r0b0.low]));
  b.assert(bit, b.mul(bit, bit));
  const checkSmall = (carry: Var) => {
    // −2^15 ≤ carry < 2^15.
    b.write(rangeCheck, b.temp(b.sub(carry, b.constant(-0x8000))));
    b.write(rangeCheck, b.temp(b.add(carry, b.constant(U128_MAX - 0x7fffn))));
  };
  const carry1 = carried(sum(b, n0k0.high, [bit, n0k1.low, n1k0.low], [r0b0.high, r0b1.low, r1b0.low]));
  checkSmall(carry1);
  const carry2 = carried(sum(b, n0k1.high, [carry1, n1k0.high, n1k1.low], [r1b0.high, r0b1.high, r1b1.low]));
  checkSmall(carry2);
  b.assert(r1b1.high, b.add(n1k1.high, carry2));
  b.jump('Done');

  b.label('NoInverse');
  const [g0, g1, s0, s1, t0, t1] = [g0_or_no_inv, g1_option, s_or_r0, s_or_r1, t_or_k0, t_or_k1];
  b.write(rangeCheck, g0, g1, s0, s1, t0, t1);
  // g is not 1, except for n = 1.
  const g0MinusOne = b.temp();
  b.jumpIf('DivisorIsValid', g1);
  b.assert(g0MinusOne, b.sub(g0, b.constant(1)));
  b.jumpIf('DivisorIsValid', g0MinusOne);
  b.assert(n1, b.constant(0));
  b.assert(n0, b.constant(1));
  b.label('DivisorIsValid');
  const g0s0High = b.temp();
  b.hint('WideMul128', { lhs: g0, rhs: s0 }, { low: b0, high: g0s0High });
  const g0t0High = b.temp();
  b.hint('WideMul128', { lhs: g0, rhs: t0 }, { low: n0, high: g0t0High });
  const [gs1, gt1, smalls] = b.temps(3) as [Var, Var, Var];
  // At most one of g1 and (s1, t1) is not zero, and in each product one factor is below 2^64.
  const products = (s: Var, t: Var, g: Var, isSmallLabel: string, whenMultiplied: () => void) => {
    b.assert(gs1, b.mul(s, g));
    b.assert(gt1, b.mul(t, g));
    whenMultiplied();
    const isSmall = b.temp();
    b.hint('TestLessThan', { lhs: g, rhs: b.constant(U64_BOUND) }, { dst: isSmall });
    b.jumpIf(isSmallLabel, isSmall);
    b.assert(smalls, b.add(s, t));
    b.jump('Merge');
    b.label(isSmallLabel);
    b.assert(smalls, g);
  };
  b.jumpIf('HighFactorsAreZero', g1);
  products(s1, t1, g0, 'LowDivisorIsSmall', () => {});
  b.jump('Merge');
  b.label('HighFactorsAreZero');
  products(s0, t0, g1, 'HighDivisorIsSmall', () => {
    b.assert(s1, b.constant(0));
    b.assert(t1, b.constant(0));
  });
  b.label('Merge');
  b.write(rangeCheck, b.temp(b.add(smalls, b.constant(U65_FIXER))));
  b.assert(b1, b.add(gs1, g0s0High));
  b.assert(n1, b.add(gt1, g0t0High));
  b.jump('Failure');
  b.label('Done');
  const products8 = [r0b0, r0b1, r1b0, r1b1, n0k0, n0k1, n1k0, n1k1];
  return {
    ends: [
      fallthrough([rangeCheck], [r0, r1], ...products8.map(guarantee)),
      goto('Failure', [rangeCheck], [g0, s0, g0s0High, b0], [g0, t0, g0t0High, n0]),
    ],
    rangeCheck: [start, rangeCheck] as const,
  };
}

function divmod512(b: CasmBuilder, input: CallInput) {
  const rangeCheck = input.buffer(0, 9);
  const [dividend0, dividend1, dividend2, dividend3] = words(input, 1, 4) as [Var, Var, Var, Var];
  const [divisor0, divisor1] = words(input, 2, 2) as [Var, Var];
  const u128Bound = b.constant(U128_BOUND);
  const start = b.copy(rangeCheck);
  const [quotient0, quotient1, quotient2, quotient3, remainder0, remainder1] = b.temps(6) as [
    Var,
    Var,
    Var,
    Var,
    Var,
    Var,
  ];
  b.hint(
    'Uint512DivModByUint256',
    { dividend0, dividend1, dividend2, dividend3, divisor0, divisor1 },
    { quotient0, quotient1, quotient2, quotient3, remainder0, remainder1 },
  );
  b.write(rangeCheck, quotient0, quotient1, quotient2, quotient3, remainder0, remainder1);
  proveRemainder(b, rangeCheck, [divisor0, divisor1], [remainder0, remainder1], { before: 12 });
  const q0d0 = wideMul(b, quotient0, divisor0);
  const q1d0 = wideMul(b, quotient1, divisor0);
  const q0d1 = wideMul(b, quotient0, divisor1);
  const q1d1 = wideMul(b, quotient1, divisor1);
  const q2d0 = wideMul(b, quotient2, divisor0);
  const carried = (total: Var) => b.temp(b.div(total, u128Bound));
  const checkCarry = (carry: Var) => {
    // 0 ≤ carry < 4.
    b.write(rangeCheck, carry);
    b.write(rangeCheck, b.temp(b.add(carry, b.constant(U128_MAX - 3n))));
  };
  const bit = carried(sum(b, q0d0.low, [remainder0], [dividend0]));
  b.assert(bit, b.mul(bit, bit));
  const carry1 = carried(sum(b, bit, [q0d0.high, q1d0.low, q0d1.low, remainder1], [dividend1]));
  checkCarry(carry1);
  const carry2 = carried(sum(b, carry1, [q1d0.high, q0d1.high, q1d1.low, q2d0.low], [dividend2]));
  checkCarry(carry2);
  const top = topProduct(b, rangeCheck, {
    topQuotient: quotient3,
    quotient: quotient2,
    divisorLow: divisor0,
    divisorHigh: divisor1,
  });
  const high = sum(b, carry2, [q2d0.high, q1d1.high]);
  b.assert(dividend3, b.add(high, top));
  return {
    ends: [
      fallthrough(
        [rangeCheck],
        [quotient0, quotient1, quotient2, quotient3],
        [remainder0, remainder1],
        ...[q0d0, q0d1, q1d0, q1d1, q2d0].map(guarantee),
      ),
    ],
    rangeCheck: [start, rangeCheck] as const,
  };
}

/** Numbers of two and four u128 words. */
export const u256Libfuncs: LibfuncTable = {
  u256_is_zero: ({ types }, args) => {
    noArgs(args);
    const type = u256(types);
    const signature = branching([type], [[], [output(nonZeroOf(types, type), sameAs(0))]], 'newVars');
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const [low, high] = words(input, 0, 2) as [Var, Var];
        b.jumpIf('NotZero', low);
        b.jumpIf('NotZero', high);
        return { ends: [fallthrough(), goto('NotZero', [low, high])] };
      },
    );
  },
  u256_safe_divmod: ({ types }, args) => {
    noArgs(args);
    const type = u256(types);
    const rangeCheck = types.find('RangeCheck');
    const result = output(type, derefs);
    const signature = straight(
      [rangeCheck, type, nonZeroOf(types, type)],
      [output(rangeCheck, deferred), result, result, output(types.find('U128MulGuarantee'), derefs)],
      'other',
    );
    return built(signature, (id) => types.size(id), divmod256);
  },
  u256_sqrt: ({ types }, args) => {
    noArgs(args);
    const rangeCheck = types.find('RangeCheck');
    const signature = straight(
      [rangeCheck, u256(types)],
      [output(rangeCheck, deferred), output(types.find('u128'), derefs)],
      'other',
    );
    return built(signature, (id) => types.size(id), sqrt256);
  },
  u256_guarantee_inv_mod_n: ({ types }, args) => {
    noArgs(args);
    const type = u256(types);
    const nonZero = nonZeroOf(types, type);
    const rangeCheck = types.find('RangeCheck');
    const pointer = output(rangeCheck, deferred);
    const product = output(types.find('U128MulGuarantee'), derefs);
    const signature = branching(
      [rangeCheck, type, nonZero],
      [
        [pointer, output(nonZero, derefs), ...Array.from({ length: 8 }, () => product)],
        [pointer, product, product],
      ],
    );
    return built(signature, (id) => types.size(id), inverse256);
  },
  u512_safe_divmod_by_u256: ({ types }, args) => {
    noArgs(args);
    const u128 = types.find('u128');
    const divisor = u256(types);
    const dividend = structOf(types, 'core::integer::u512', u128, u128, u128, u128);
    const rangeCheck = types.find('RangeCheck');
    const product = output(types.find('U128MulGuarantee'), derefs);
    const signature = straight(
      [rangeCheck, dividend, nonZeroOf(types, divisor)],
      [
        output(rangeCheck, deferred),
        output(dividend, derefs),
        output(divisor, derefs),
        ...Array.from({ length: 5 }, () => product),
      ],
      'other',
    );
    return built(signature, (id) => types.size(id), divmod512);
  },
};
