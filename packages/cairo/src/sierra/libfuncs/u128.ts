import type { Var } from '../../casm/casmBuilder.ts';
import { preCost } from '../costToken.ts';
import {
  branching,
  built,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncTable,
  output,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import { U128_BOUND, U128_MAX } from '../range.ts';
import { noArgs } from '../typeContext.ts';

const U64_BOUND = 1n << 64n;
/** 2^128 minus a range's bound added to a value makes one range check prove the value below the bound. */
const U64_FIXER = U128_BOUND - U64_BOUND;

/** Prime / 2^128 and its remainder: the largest felt is MAX_HIGH · 2^128 + MAX_LOW. */
const MAX_HIGH = 10633823966279327296825105735305134080n;
const MAX_LOW = 0n;

/** Masks that swap neighbouring bytes, words, double words and halves of a u128. */
const SWAP_MASKS = [
  0x00ff00ff00ff00ff00ff00ff00ff00ffn,
  0x00ffff0000ffff0000ffff0000ffff00n,
  0x00ffffffff00000000ffffffff000000n,
  0x00ffffffffffffffff00000000000000n,
];

/** Libfuncs of u128 beyond those every unsigned type has. */
export const u128Libfuncs: LibfuncTable = {
  u128_guarantee_mul: ({ types }, args) => {
    noArgs(args);
    const u128 = types.find('u128');
    const signature = straight(
      [u128, u128],
      [output(u128, temp(0)), output(u128, temp(1)), output(types.find('U128MulGuarantee'), derefs)],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const lhs = input.deref(0);
        const rhs = input.deref(1);
        const high = b.temp();
        const low = b.temp();
        b.hint('WideMul128', { lhs, rhs }, { high, low });
        b.addAp(2);
        return { ends: [fallthrough([high], [low], [lhs, rhs, high, low])] };
      },
    );
  },
  u128_mul_guarantee_verify: ({ types }, args) => {
    noArgs(args);
    const rangeCheckType = types.find('RangeCheck');
    const signature = straight(
      [rangeCheckType, types.find('U128MulGuarantee')],
      [output(rangeCheckType, deferred)],
      'other',
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const rangeCheck = input.buffer(0, 8);
        const [a, c, high, low] = [0, 1, 2, 3].map((cell) => input.deref(1, cell)) as [Var, Var, Var, Var];
        const start = b.copy(rangeCheck);
        const u64Bound = b.constant(U64_BOUND);
        const u64Fixer = b.constant(U64_FIXER);
        // a = a1 · 2^64 + a0, and a1 · c = upper · 2^64 + bottom.
        const split = (value: Var, quotient: Var, remainder: Var) => {
          b.hint('DivMod', { lhs: value, rhs: u64Bound }, { quotient, remainder });
          const fixed = b.temp(b.add(remainder, u64Fixer));
          b.write(rangeCheck, fixed, remainder, quotient);
          const shifted = b.temp(b.mul(quotient, u64Bound));
          b.assert(value, b.add(shifted, remainder));
        };
        const a0 = b.temp();
        const a1 = b.temp();
        split(a, a1, a0);
        const a0c = b.temp(b.mul(a0, c));
        const a1c = b.temp(b.mul(a1, c));
        const upper = b.temp();
        const bottom = b.temp();
        split(a1c, upper, bottom);
        const shiftedBottom = b.temp(b.mul(bottom, u64Bound));
        const [carry, fixedCarry, shiftedCarry, lower] = b.temps(4) as [Var, Var, Var, Var];
        b.assert(lower, b.add(a0c, shiftedBottom));
        const u128Bound = b.constant(U128_BOUND);
        b.hint('DivMod', { lhs: lower, rhs: u128Bound }, { quotient: carry, remainder: low });
        b.assert(fixedCarry, b.add(carry, b.constant(U128_MAX - ((1n << 65n) - 1n))));
        b.write(rangeCheck, fixedCarry, carry, low);
        b.assert(shiftedCarry, b.mul(carry, u128Bound));
        b.assert(lower, b.add(shiftedCarry, low));
        b.assert(high, b.add(upper, carry));
        return { ends: [fallthrough([rangeCheck])], rangeCheck: [start, rangeCheck] };
      },
    );
  },
  u128s_from_felt252: ({ types }, args) => {
    noArgs(args);
    const rangeCheckType = types.find('RangeCheck');
    const u128 = types.find('u128');
    const pointer = output(rangeCheckType, deferred);
    const signature = branching(
      [rangeCheckType, types.find('felt252')],
      [
        [pointer, output(u128, sameAs(1))],
        [pointer, output(u128, temp(0)), output(u128, temp(1))],
      ],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const rangeCheck = input.buffer(0, 3);
        const value = input.deref(1);
        const start = b.copy(rangeCheck);
        const isU128 = b.temp();
        const bound = b.constant(U128_BOUND);
        b.hint('TestLessThan', { lhs: value, rhs: bound }, { dst: isU128 });
        b.jumpIf('Small', isU128);
        const [shifted, overMax, checked, high, low] = b.temps(5) as [Var, Var, Var, Var, Var];
        b.hint('DivMod', { lhs: value, rhs: bound }, { quotient: high, remainder: low });
        b.write(rangeCheck, high, low);
        b.assert(shifted, b.mul(high, bound));
        b.assert(value, b.add(shifted, low));
        // The pair must not exceed the largest felt: either high is below its maximum, or low does not exceed its.
        b.assert(overMax, b.add(high, b.constant(-MAX_HIGH)));
        b.jumpIf('NotMax', overMax);
        b.assert(checked, b.add(low, b.constant(U128_BOUND - MAX_LOW - 1n)));
        b.jump('Check');
        b.label('NotMax');
        b.assert(checked, b.add(high, b.constant(U128_BOUND - MAX_HIGH)));
        b.label('Check');
        b.write(rangeCheck, checked);
        b.jumpIf('Wide', high);
        b.fail();
        b.label('Small');
        b.write(rangeCheck, value);
        return {
          ends: [fallthrough([rangeCheck], [value]), goto('Wide', [rangeCheck], [high], [low])],
          rangeCheck: [start, rangeCheck],
        };
      },
    );
  },
  u128_byte_reverse: ({ types }, args) => {
    noArgs(args);
    const bitwise = types.find('Bitwise');
    const u128 = types.find('u128');
    const signature = straight([bitwise, u128], [output(bitwise, deferred), output(u128, deferred)], 'other');
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        let value = input.deref(1);
        const pointer = input.buffer(0, 20);
        let shift = 1n << 16n;
        for (const maskValue of SWAP_MASKS) {
          b.write(pointer, value);
          const mask = b.temp(b.constant(maskValue));
          b.write(pointer, mask);
          const masked = b.temp(b.next(pointer));
          b.next(pointer);
          b.next(pointer);
          // Adds the masked bytes a second time, `shift` higher; what stays below is cut off by the next mask.
          const raised = b.temp(b.mul(masked, b.constant(shift - 1n)));
          value = b.temp(b.add(value, raised));
          shift *= shift;
        }
        // Divides by 2^120, exact in the field: the reversed bytes lie there.
        const result = b.mul(value, b.constant(-0x800000000000011000000000000000000n));
        return { ends: [fallthrough([pointer], [result])] };
      },
      preCost({ bitwise: 4 }),
    );
  },
};
