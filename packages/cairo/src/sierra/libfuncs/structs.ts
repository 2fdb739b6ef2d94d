import { addConstant, type CellExpression, isOffset } from '../../casm/cellExpression.ts';
import {
  badForm,
  deferred,
  type LibfuncContext,
  type LibfuncTable,
  output,
  relabel,
  sameAs,
  straight,
  zeroSized,
} from '../libfunc.ts';
import type { GenericArg, TypeId } from '../program.ts';
import { singleType } from '../typeContext.ts';
import { snapshotOf } from './commonTypes.ts';
import { boxedParts, partRef, partsOf, pointerOf } from './parts.ts';

type Types = LibfuncContext['types'];

function splitCells(types: Types, parts: readonly TypeId[], cells: readonly CellExpression[]) {
  let start = 0;
  return parts.map((part) => cells.slice(start, (start += types.size(part))));
}

function structDeconstruct(types: Types, args: readonly GenericArg[], view: (type: TypeId) => TypeId) {
  const type = singleType(args);
  const parts = partsOf(types, 'Struct', type);
  const outputs = parts.map((part) => output(view(part), partRef(types, part)));
  return relabel(straight([view(type)], outputs), ([cells]) => splitCells(types, parts, cells!));
}

/** Structs: values are the cells of their members one after the other. */
export const structLibfuncs: LibfuncTable = {
  struct_construct: ({ types }, args) => {
    const type = singleType(args);
    const parts = partsOf(types, 'Struct', type);
    const filled = parts.flatMap((part, i) => (types.info(part).zeroSized ? [] : [i]));
    const ref = types.info(type).zeroSized ? zeroSized : filled.length === 1 ? sameAs(filled[0]!) : deferred;
    return relabel(straight(parts, [output(type, ref)]), (members) => [members.flat()]);
  },
  struct_deconstruct: ({ types }, args) => structDeconstruct(types, args, (type) => type),
  struct_snapshot_deconstruct: ({ types }, args) =>
    structDeconstruct(types, args, (type) => snapshotOf(types, type)),
  struct_boxed_deconstruct: ({ types }, args) => {
    const { box, parts, boxOfPart } = boxedParts(types, 'Struct', args);
    const firstFilled = parts.findIndex((part) => !types.info(part).zeroSized);
    const lastSame = firstFilled === -1 ? parts.length - 1 : firstFilled;
    const outputs = parts.map((part, i) => output(boxOfPart(part), i <= lastSame ? sameAs(0) : deferred));
    return relabel(straight([box], outputs), ([cells]) => {
      const { cell, offset: start } = pointerOf(cells![0]!);
      let offset = start;
      return parts.map((part) => {
        const member = addConstant(cell, offset);
        offset += types.size(part);
        if (!isOffset(offset)) throw badForm('within reach of its pointer');
        return [member];
      });
    });
  },
};
