import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import {
  branching,
  built,
  type ConcreteLibfunc,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import type { GenericArg, TypeId } from '../program.ts';
import { requireArgument, singleType } from '../typeContext.ts';
import { arrayOf, boxOf, snapshotOf } from './commonTypes.ts';

type Types = LibfuncContext['types'];

/** The member type of a tuple whose members are all alike and not empty. */
function tupleMember(types: Types, tuple: TypeId): TypeId {
  const { name, parts, zeroSized } = types.info(tuple);
  requireArgument(name === 'Struct' && !zeroSized);
  const [first, ...others] = parts;
  requireArgument(first !== undefined && others.every((other) => other === first));
  return first;
}

const sizesOf = (types: Types) => (type: TypeId) => types.size(type);

function append({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const array = arrayOf(types, type);
  return built(straight([array, type], [output(array, deferred)]), sizesOf(types), (b, input) => {
    const count = input.count(1);
    const start = input.buffer(0, 0, 0);
    const end = input.buffer(0, count, 1);
    for (let i = 0; i < count; i++) b.write(end, input.deref(1, i));
    return { ends: [fallthrough([start, end])] };
  });
}

/** Takes one element off an end; the second branch is taken for an empty array. */
function pop(
  side: 'front' | 'back',
  options: { view: 'owned' | 'snapshot'; consume?: boolean },
): LibfuncDefinition {
  return ({ types }, args) => {
    const type = singleType(args);
    const view = (id: TypeId) => (options.view === 'snapshot' ? snapshotOf(types, id) : id);
    const array = view(arrayOf(types, type));
    const element = boxOf(types, view(type));
    const signature = branching(
      [array],
      [
        [output(array, deferred), output(element, deferred)],
        options.consume ? [] : [output(array, sameAs(0))],
      ],
    );
    return built(signature, sizesOf(types), (b, input) => {
      const start = input.deref(0, 0);
      const end = input.deref(0, 1);
      const length = b.temp(b.sub(end, start));
      b.jumpIf('NonEmpty', length);
      b.jump('Empty');
      b.label('NonEmpty');
      const size = b.constant(types.size(type));
      const popped =
        side === 'front'
          ? fallthrough([b.add(start, size), end], [start])
          : (() => {
              const newEnd = b.sub(end, size);
              return fallthrough([start, newEnd], [newEnd]);
            })();
      return { ends: [popped, goto('Empty', ...(options.consume ? [] : [[start, end]]))] };
    });
  };
}

/** Takes a tuple's worth of elements off an end of a snapshot. */
function multiPop(side: 'front' | 'back'): LibfuncDefinition {
  return ({ types }, args) => {
    const tuple = singleType(args);
    const array = snapshotOf(types, arrayOf(types, tupleMember(types, tuple)));
    const rangeCheckType = types.find('RangeCheck');
    const pointer = output(rangeCheckType, deferred);
    const popped = output(snapshotOf(types, boxOf(types, tuple)), side === 'front' ? deferred : temp(0));
    const signature = branching(
      [rangeCheckType, array],
      [
        [pointer, output(array, derefs), popped],
        [pointer, output(array, sameAs(1))],
      ],
    );
    return built(signature, sizesOf(types), (b, input) => {
      const size = types.size(tuple);
      const rangeCheck = input.buffer(0, 1);
      const start = input.deref(1, 0);
      const end = input.deref(1, 1);
      const rangeCheckStart = b.copy(rangeCheck);
      const sizeValue = b.constant(size);
      const afterPop = b.add(start, sizeValue);
      const hasEnough = b.temp();
      b.hint('TestLessThanOrEqualAddress', { lhs: afterPop, rhs: end }, { dst: hasEnough });
      b.jumpIf('HasEnough', hasEnough);
      const negatedLength = b.temp(b.sub(start, end));
      b.write(rangeCheck, b.temp(b.add(negatedLength, b.constant(size - 1))));
      b.jump('Failure');
      b.label('HasEnough');
      const rest = b.temp();
      const boundary = b.temp(side === 'front' ? b.add(start, sizeValue) : b.sub(end, sizeValue));
      b.assert(rest, side === 'front' ? b.sub(end, boundary) : b.sub(boundary, start));
      b.write(rangeCheck, rest);
      const success =
        side === 'front'
          ? fallthrough([rangeCheck], [boundary, end], [start])
          : fallthrough([rangeCheck], [start, boundary], [boundary]);
      return {
        ends: [success, goto('Failure', [rangeCheck], [start, end])],
        rangeCheck: [rangeCheckStart, rangeCheck],
      };
    });
  };
}

function get({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const rangeCheckType = types.find('RangeCheck');
  const pointer = output(rangeCheckType, deferred);
  const signature = branching(
    [rangeCheckType, snapshotOf(types, arrayOf(types, type)), types.find('u32')],
    [[pointer, output(boxOf(types, snapshotOf(types, type)), deferred)], [pointer]],
  );
  return built(signature, sizesOf(types), (b, input) => {
    const index = input.derefOrConst(2);
    const [start, end] = [input.deref(1, 0), input.deref(1, 1)];
    const rangeCheck = input.buffer(0, 1);
    const rangeCheckStart = b.copy(rangeCheck);
    const length = b.temp(b.sub(end, start));
    const offset = b.stored(b.mul(index, b.constant(types.size(type))));
    const isInRange = b.temp();
    b.hint('TestLessThan', { lhs: offset, rhs: length }, { dst: isInRange });
    b.jumpIf('InRange', isInRange);
    b.write(rangeCheck, b.temp(b.sub(offset, length)));
    b.jump('OutOfRange');
    b.label('InRange');
    const next = b.temp(b.add(offset, b.constant(1)));
    b.write(rangeCheck, b.temp(b.sub(length, next)));
    return {
      ends: [fallthrough([rangeCheck], [b.add(start, offset)]), goto('OutOfRange', [rangeCheck])],
      rangeCheck: [rangeCheckStart, rangeCheck],
    };
  });
}

function slice({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const array = snapshotOf(types, arrayOf(types, type));
  const rangeCheckType = types.find('RangeCheck');
  const index = types.find('u32');
  const pointer = output(rangeCheckType, deferred);
  const signature = branching(
    [rangeCheckType, array, index, index],
    [[pointer, output(array, deferred)], [pointer]],
  );
  return built(signature, sizesOf(types), (b, input) => {
    const sliceStart = input.deref(2);
    const sliceLength = input.derefOrConst(3);
    const [start, end] = [input.deref(1, 0), input.deref(1, 1)];
    const rangeCheck = input.buffer(0, 1);
    const rangeCheckStart = b.copy(rangeCheck);
    const elementSize = b.constant(types.size(type));
    const length = b.temp(b.sub(end, start));
    const sliceEnd = b.temp(b.add(sliceStart, sliceLength));
    const endOffset = b.stored(b.mul(sliceEnd, elementSize));
    const isInRange = b.temp();
    b.hint('TestLessThanOrEqual', { lhs: endOffset, rhs: length }, { dst: isInRange });
    b.jumpIf('InRange', isInRange);
    const lengthPlusOne = b.temp(b.add(length, b.constant(1)));
    b.write(rangeCheck, b.temp(b.sub(endOffset, lengthPlusOne)));
    b.jump('OutOfRange');
    b.label('InRange');
    b.write(rangeCheck, b.temp(b.sub(length, endOffset)));
    const startOffset = b.stored(b.mul(sliceStart, elementSize));
    return {
      ends: [
        fallthrough([rangeCheck], [b.add(start, startOffset), b.add(start, endOffset)]),
        goto('OutOfRange', [rangeCheck]),
      ],
      rangeCheck: [rangeCheckStart, rangeCheck],
    };
  });
}

/** Arrays: a start and an end pointer into a segment of elements. */
export const arrayLibfuncs: LibfuncTable = {
  array_new: ({ types }, args) => {
    const array = arrayOf(types, singleType(args));
    return built(straight([], [output(array, derefs)], 'other'), sizesOf(types), (b: CasmBuilder) => {
      const start: Var = b.temp();
      b.hint('AllocSegment', {}, { dst: start });
      b.addAp(1);
      return { ends: [fallthrough([start, start])] };
    });
  },
  array_append: append,
  array_pop_front: pop('front', { view: 'owned' }),
  array_pop_front_consume: pop('front', { view: 'owned', consume: true }),
  array_snapshot_pop_front: pop('front', { view: 'snapshot' }),
  array_snapshot_pop_back: pop('back', { view: 'snapshot' }),
  array_snapshot_multi_pop_front: multiPop('front'),
  array_snapshot_multi_pop_back: multiPop('back'),
  array_get: get,
  array_slice: slice,
  array_len: ({ types }, args) => {
    const type = singleType(args);
    const signature = straight(
      [snapshotOf(types, arrayOf(types, type))],
      [output(types.find('u32'), deferred)],
      'other',
    );
    return built(signature, sizesOf(types), (b, input) => {
      const cells = b.sub(input.deref(0, 1), input.deref(0, 0));
      const size = types.size(type);
      return { ends: [fallthrough([size === 1 ? cells : b.div(b.temp(cells), b.constant(size))])] };
    });
  },
  span_from_tuple: ({ types }, args) => {
    const tuple = singleType(args);
    const member = tupleMember(types, tuple);
    const signature = straight(
      [boxOf(types, snapshotOf(types, tuple))],
      [output(snapshotOf(types, arrayOf(types, member)), deferred)],
    );
    return built(signature, sizesOf(types), (b, input) => {
      const start = input.deref(0);
      return { ends: [fallthrough([start, b.add(start, b.constant(types.size(tuple)))])] };
    });
  },
  tuple_from_span: ({ types }, args) => {
    const tuple = singleType(args);
    const member = tupleMember(types, tuple);
    const signature = branching(
      [snapshotOf(types, arrayOf(types, member))],
      [[output(snapshotOf(types, boxOf(types, tuple)), deferred)], []],
    );
    return built(signature, sizesOf(types), (b, input) => {
      const start = input.deref(0, 0);
      const length = b.temp(b.sub(input.deref(0, 1), start));
      b.jumpIf('WrongLength', b.temp(b.sub(length, b.constant(types.size(tuple)))));
      return { ends: [fallthrough([start]), goto('WrongLength')] };
    });
  },
};
