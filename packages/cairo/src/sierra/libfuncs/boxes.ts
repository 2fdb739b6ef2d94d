import { callInstruction } from '../../casm/casmInstruction.ts';
import { addConstant, apCell } from '../../casm/cellExpression.ts';
import { regularCost, STEP_COST } from '../costToken.ts';
import {
  badForm,
  built,
  deferred,
  fallthrough,
  type LibfuncTable,
  output,
  reinterpret,
  relabel,
  requireDeref,
  straight,
  temp,
  zeroSized,
} from '../libfunc.ts';
import { singleType } from '../typeContext.ts';
import { boxOf, snapshotOf, wrapped } from './commonTypes.ts';
import { constant, jumpNotZero } from './felt252.ts';

/** Boxes and nullables: pointers to values in memory. */
export const boxLibfuncs: LibfuncTable = {
  into_box: ({ types }, args) => {
    const type = singleType(args);
    const signature = straight([type], [output(boxOf(types, type), temp(0))]);
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const count = input.count(0);
        // A value without cells is never read; any pointer serves.
        if (count === 0) return { ends: [fallthrough([b.temp(b.constant(1))])] };
        const size = b.constant(count);
        const pointer = b.temp();
        b.hint('AllocConstantSize', { size }, { dst: pointer });
        for (let i = 0; i < count; i++) b.assert(input.deref(0, i), b.at(pointer, i));
        return { ends: [fallthrough([pointer])] };
      },
    );
  },
  local_into_box: ({ types }, args) => {
    const type = singleType(args);
    return {
      ...straight([type], [output(boxOf(types, type), deferred)], 'other'),
      costs: () => [regularCost(2 * STEP_COST)],
      apChanges: () => [2],
      generate: ({ args: [cells] }) => {
        const first = cells![0];
        if (first !== undefined && (first.kind !== 'deref' || first.cell.register !== 'FP'))
          throw badForm('a local');
        // The call pushes fp, which makes it an address.
        const offset = first?.kind === 'deref' ? first.cell.offset : 0;
        return {
          instructions: [callInstruction()],
          relocations: [{ instruction: 0, target: { kind: 'endOfProgram' } }],
          outputs: [[[addConstant(apCell(-2), offset)]]],
        };
      },
    };
  },
  unbox: ({ types }, args) => {
    const type = singleType(args);
    const ref = types.info(type).zeroSized ? zeroSized : deferred;
    return relabel(straight([boxOf(types, type)], [output(type, ref)]), ([cells]) => {
      const { cell } = requireDeref(cells![0]!);
      return [
        Array.from({ length: types.size(type) }, (_, offset) => ({
          kind: 'doubleDeref' as const,
          cell,
          offset,
        })),
      ];
    });
  },
  box_forward_snapshot: ({ types }, args) => {
    const type = singleType(args);
    return reinterpret(snapshotOf(types, boxOf(types, type)), boxOf(types, snapshotOf(types, type)));
  },
  null: ({ types }, args) => constant(wrapped(types, 'Nullable', singleType(args)), 0n),
  nullable_from_box: ({ types }, args) => {
    const type = singleType(args);
    return reinterpret(boxOf(types, type), wrapped(types, 'Nullable', type));
  },
  match_nullable: (context, args) => {
    const type = singleType(args);
    return jumpNotZero(context, wrapped(context.types, 'Nullable', type), boxOf(context.types, type));
  },
  nullable_forward_snapshot: ({ types }, args) => {
    const type = singleType(args);
    return reinterpret(
      snapshotOf(types, wrapped(types, 'Nullable', type)),
      wrapped(types, 'Nullable', snapshotOf(types, type)),
    );
  },
};
