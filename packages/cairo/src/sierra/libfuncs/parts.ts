import { asCellPlusConstant, type CellExpression, isOffset } from '../../casm/cellExpression.ts';
import type { CellRef } from '../../casm/hint.ts';
import { badForm, deferred, type LibfuncContext, type OutputRef, zeroSized } from '../libfunc.ts';
import type { GenericArg, TypeId } from '../program.ts';
import { requireArgument, singleType } from '../typeContext.ts';
import { boxOf, snapshotOf } from './commonTypes.ts';

type Types = LibfuncContext['types'];

/** Members of a struct or variants of an enum. */
export function partsOf(types: Types, kind: 'Struct' | 'Enum', type: TypeId): readonly TypeId[] {
  const info = types.info(type);
  requireArgument(info.name === kind);
  return info.parts;
}

/** The parts behind a type that may be a snapshot, and how a part of it is seen in a box. */
export function boxedParts(types: Types, kind: 'Struct' | 'Enum', args: readonly GenericArg[]) {
  const type = singleType(args);
  const info = types.info(type);
  const isSnapshot = info.name === 'Snapshot';
  const parts = partsOf(types, kind, isSnapshot ? info.parts[0]! : type);
  const boxOfPart = (part: TypeId) => boxOf(types, isSnapshot ? snapshotOf(types, part) : part);
  return { box: boxOf(types, type), parts, boxOfPart };
}

/** A box as pointer cell and 16-bit offset. */
export function pointerOf(value: CellExpression): { cell: CellRef; offset: number } {
  const pointer = asCellPlusConstant(value);
  if (pointer === undefined || !isOffset(pointer.offset)) throw badForm('a cell plus a small constant');
  return pointer;
}

/** Where a part lives after its whole was taken apart. */
export function partRef(types: Types, part: TypeId): OutputRef {
  return types.info(part).zeroSized ? zeroSized : deferred;
}
