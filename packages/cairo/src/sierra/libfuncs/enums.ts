import { feltDiv, feltMod, invariant } from '@cairn/primitives';
import { type CasmInstruction, instruction } from '../../casm/casmInstruction.ts';
import {
  addConstant,
  apCell,
  type CellExpression,
  immediate,
  isOffset,
  shiftCell,
} from '../../casm/cellExpression.ts';
import type { CellRef } from '../../casm/hint.ts';
import { regularCost, STEP_COST } from '../costToken.ts';
import {
  badForm,
  built,
  type Call,
  type ConcreteLibfunc,
  deferred,
  type Emission,
  fallthrough,
  type LibfuncContext,
  type LibfuncTable,
  output,
  reinterpret,
  relabel,
  requireDeref,
  straight,
} from '../libfunc.ts';
import type { GenericArg, TypeId } from '../program.ts';
import { requireArgument, singleType, typeAndValue } from '../typeContext.ts';
import { variantSelector } from '../variantSelector.ts';
import { boundedInt, snapshotOf } from './commonTypes.ts';
import { boxedParts, partRef, partsOf, pointerOf } from './parts.ts';

type Types = LibfuncContext['types'];

/** Selects a branch by the selector cell, after `before`. */
function selectBranch(
  { targets }: Call,
  selector: CellRef,
  outputs: Emission['outputs'],
  before: readonly CasmInstruction[] = [],
): Emission {
  const instructions = [...before];
  const relocations: Emission['relocations'][number][] = [];
  const goTo = (added: CasmInstruction, index: number) => {
    relocations.push({ instruction: instructions.length, target: { kind: 'statement', index } });
    instructions.push(added);
  };
  if (targets.length === 2) {
    goTo(instruction({ kind: 'jnz', condition: selector, target: 0 }), targets[1]!);
  } else if (targets.length > 2) {
    instructions.push(instruction({ kind: 'jumpBy', cell: selector }));
    for (let i = targets.length - 1; i >= 1; i--) goTo(instruction({ kind: 'jump', target: 0 }), targets[i]!);
  }
  return { instructions, relocations, outputs };
}

/** Gas of selecting each of `count` branches after `extraSteps`. */
function selectionCosts(count: number, extraSteps: number) {
  const steps = (i: number) => (count === 1 ? 0 : extraSteps + (count === 2 || i === 0 ? 1 : 2));
  return Array.from({ length: count }, (_, i) => regularCost(steps(i) * STEP_COST));
}

function enumMatch(
  types: Types,
  args: readonly GenericArg[],
  view: (type: TypeId) => TypeId,
): ConcreteLibfunc {
  const type = singleType(args);
  const variants = partsOf(types, 'Enum', type);
  const costs = selectionCosts(variants.length, 0);
  return {
    params: [view(type)],
    branches: variants.map((variant) => ({
      outputs: [output(view(variant), partRef(types, variant))],
      stack: 'newVars',
    })),
    fallthrough: variants.length === 0 ? undefined : 0,
    costs: () => costs,
    apChanges: () => variants.map(() => 0),
    generate: (call) => {
      const [selector, ...value] = call.args[0]!;
      const outputs = variants.map((variant) => [value.slice(value.length - types.size(variant))]);
      return selectBranch(call, requireDeref(selector!).cell, outputs);
    },
  };
}

function enumBoxedMatch({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const { box, parts, boxOfPart } = boxedParts(types, 'Enum', args);
  const reads = parts.length > 1;
  const costs = selectionCosts(parts.length, 1);
  return {
    params: [box],
    branches: parts.map((part) => ({
      outputs: [output(boxOfPart(part), deferred)],
      stack: reads ? ('other' as const) : ('newVars' as const),
    })),
    fallthrough: parts.length === 0 ? undefined : 0,
    costs: () => costs,
    apChanges: () => parts.map(() => (reads ? 1 : 0)),
    generate: (call) => {
      if (parts.length === 0) return { instructions: [], relocations: [], outputs: [] };
      const { cell, offset } = pointerOf(call.args[0]![0]!);
      if (!reads) return { instructions: [], relocations: [], outputs: [[[inReach(cell, offset + 1)]]] };
      const read = instruction(
        { kind: 'assertEq', dst: apCell(0), res: { kind: 'doubleDeref', cell, offset } },
        true,
      );
      const sizes = parts.map((part) => types.size(part));
      const largest = Math.max(...sizes);
      const after = shiftCell(cell, 1);
      invariant(after !== undefined, 'box pointer out of reach');
      const outputs = sizes.map((size) => [[inReach(after, offset + 1 + largest - size)]]);
      return selectBranch(call, apCell(-1), outputs, [read]);
    },
  };
}

/** `cell + offset`, offset within 16 bits. */
function inReach(cell: CellRef, offset: number): CellExpression {
  if (!isOffset(offset)) throw badForm('within reach of its pointer');
  return addConstant(cell, offset);
}

function enumInit({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const { type, value } = typeAndValue(args);
  const variants = partsOf(types, 'Enum', type);
  requireArgument(value >= 0n && value < BigInt(variants.length));
  const index = Number(value);
  const selector = immediate(variantSelector(variants.length, index));
  return relabel(straight([variants[index]!], [output(type, deferred)]), ([cells]) => {
    const padding = types.size(type) - 1 - cells!.length;
    return [[selector, ...Array.from({ length: padding }, () => immediate(0)), ...cells!]];
  });
}

function enumFromBoundedInt({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const variants = partsOf(types, 'Enum', type);
  const count = variants.length;
  requireArgument(count > 0);
  for (const variant of variants) {
    const info = types.info(variant);
    requireArgument(info.name === 'Struct' && info.args.length === 1);
  }
  const integer = boundedInt(types, 0n, BigInt(count - 1));
  if (count <= 2) return reinterpret(integer, type);
  // The selector 2(n - i) - 1 is (i - m) · (-2) with m = (2n - 1) / 2 in the field.
  const middle = feltDiv(feltMod(BigInt(2 * count - 1)), 2n);
  const signature = straight([integer], [output(type, deferred)], 'other');
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const shifted = b.temp(b.sub(input.deref(0), b.constant(middle)));
      return { ends: [fallthrough([b.mul(shifted, b.constant(-2))])] };
    },
  );
}

/** Enums: a selector cell, zero padding, and the value of the variant. */
export const enumLibfuncs: LibfuncTable = {
  enum_init: enumInit,
  enum_from_bounded_int: enumFromBoundedInt,
  enum_match: ({ types }, args) => enumMatch(types, args, (type) => type),
  enum_snapshot_match: ({ types }, args) => enumMatch(types, args, (type) => snapshotOf(types, type)),
  enum_boxed_match: enumBoxedMatch,
};
