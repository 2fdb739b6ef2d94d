import {
  branching,
  built,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncTable,
  output,
} from '../libfunc.ts';
import { isSmallRange, U128_BOUND } from '../range.ts';
import { rangeOf, requireArgument, singleType } from '../typeContext.ts';
import { wrapped } from './commonTypes.ts';

/** Ranges of integers that loops count through. */
export const intRangeLibfuncs: LibfuncTable = {
  int_range_try_new: ({ types }, args) => {
    const type = singleType(args);
    const range = output(wrapped(types, 'IntRange', type), derefs);
    const rangeCheckType = types.find('RangeCheck');
    requireArgument(isSmallRange(rangeOf(types.info(type))));
    const pointer = output(rangeCheckType, deferred);
    const signature = branching(
      [rangeCheckType, type, type],
      [
        [pointer, range],
        [pointer, range],
      ],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const start = input.deref(1);
        const end = input.deref(2);
        const rangeCheck = input.buffer(0, 1);
        const rangeCheckStart = b.copy(rangeCheck);
        const difference = b.temp(b.sub(end, start));
        const bound = b.constant(U128_BOUND);
        const isValid = b.temp();
        b.hint('TestLessThan', { lhs: difference, rhs: bound }, { dst: isValid });
        b.jumpIf('Valid', isValid);
        b.write(rangeCheck, b.temp(b.add(difference, bound)));
        b.jump('Empty');
        b.label('Valid');
        b.write(rangeCheck, difference);
        return {
          ends: [fallthrough([rangeCheck], [start, end]), goto('Empty', [rangeCheck], [end, end])],
          rangeCheck: [rangeCheckStart, rangeCheck],
        };
      },
    );
  },
  int_range_pop_front: ({ types }, args) => {
    const type = singleType(args);
    const range = wrapped(types, 'IntRange', type);
    const signature = branching([range], [[], [output(range, deferred), output(type, deferred)]]);
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const start = input.deref(0, 0);
        const end = input.deref(0, 1);
        const next = b.add(start, b.constant(1));
        b.jumpIf('NotEmpty', b.temp(b.sub(end, start)));
        return { ends: [fallthrough(), goto('NotEmpty', [next, end], [start])] };
      },
    );
  },
};
