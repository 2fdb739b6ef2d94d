import { assertEqual, instruction } from '../../casm/casmInstruction.ts';
import {
  apCell,
  type CellExpression,
  deref,
  fpCell,
  isOffset,
  shiftExpression,
} from '../../casm/cellExpression.ts';
import type { CellRef } from '../../casm/hint.ts';
import { HOLE_COST, regularCost, STEP_COST } from '../costToken.ts';
import { allocateLocal, finalizeLocals } from '../environment.ts';
import { require } from '../errors.ts';
import {
  type LibfuncTable,
  local,
  output,
  reinterpret,
  relabel,
  requireDeref,
  sameAs,
  straight,
  temp,
  zeroSized,
} from '../libfunc.ts';
import { noArgs, requireArgument, singleType } from '../typeContext.ts';
import { nonZeroOf, snapshotOf, wrapped } from './commonTypes.ts';

/** Stores cells one after the other; `destination` is as seen by each instruction. */
function store(cells: readonly CellExpression[], destination: (i: number) => CellRef) {
  let apChange = 0;
  return cells.map((cell, i) => {
    const dst = destination(i);
    const value = shiftExpression(cell, apChange);
    require(value !== undefined, 'INVALID_STATEMENT', 'an ap-based cell is out of reach');
    const atAp = dst.register === 'AP';
    if (atAp) apChange++;
    return assertEqual(dst, value, atAp);
  });
}

/** Storing, locals and renaming of variables. */
export const memoryLibfuncs: LibfuncTable = {
  store_temp: ({ types }, args) => {
    const type = singleType(args);
    const info = types.info(type);
    requireArgument(info.storable);
    const size = () => types.size(type);
    return {
      ...straight([type], [output(type, info.zeroSized ? zeroSized : temp(0))]),
      costs: () => [regularCost(size() * STEP_COST)],
      apChanges: () => [size()],
      generate: ({ args: [cells] }) => ({
        instructions: store(cells!, () => apCell(0)),
        relocations: [],
        outputs: [[cells!.map((_, i) => deref(apCell(i - cells!.length)))]],
      }),
    };
  },
  store_local: ({ types }, args) => {
    const type = singleType(args);
    const uninitialized = wrapped(types, 'Uninitialized', type);
    const info = types.info(type);
    requireArgument(info.storable);
    return {
      ...straight([uninitialized, type], [output(type, info.zeroSized ? zeroSized : local)]),
      costs: () => [regularCost(types.size(type) * (STEP_COST - HOLE_COST))],
      apChanges: () => [0],
      generate: ({ args: [target, cells] }) => ({
        instructions: store(cells!, (i) => requireDeref(target![i]!).cell),
        relocations: [],
        outputs: [[target!]],
      }),
    };
  },
  alloc_local: ({ types }, args) => {
    const type = singleType(args);
    const result = wrapped(types, 'Uninitialized', type);
    const info = types.info(type);
    return {
      ...straight([], [output(result, info.zeroSized ? zeroSized : local)]),
      costs: () => [regularCost(types.size(type) * HOLE_COST)],
      apChanges: () => [{ allocLocal: types.size(type) }],
      generate: ({ environment }) => {
        const size = types.size(type);
        const { offset, frame } = allocateLocal(environment, size);
        require(isOffset(offset + Math.max(0, size - 1)), 'INVALID_STATEMENT', 'too many locals');
        const cells = Array.from({ length: size }, (_, i) => deref(fpCell(offset + i)));
        return { instructions: [], relocations: [], outputs: [[cells]], frame };
      },
    };
  },
  finalize_locals: (_context, args) => {
    noArgs(args);
    return {
      ...straight([], [], 'other'),
      costs: () => [regularCost(STEP_COST)],
      apChanges: () => ['finalizeLocals'],
      generate: ({ environment }) => {
        const frame = finalizeLocals(environment);
        const instructions = [instruction({ kind: 'addAp', amount: frame.allocated })];
        return { instructions, relocations: [], outputs: [[]], frame };
      },
    };
  },
  rename: (_context, args) => {
    const type = singleType(args);
    return reinterpret(type, type);
  },
  unwrap_non_zero: ({ types }, args) => {
    const type = singleType(args);
    return reinterpret(nonZeroOf(types, type), type);
  },
  snapshot_take: ({ types }, args) => {
    const type = singleType(args);
    const outputs = [output(type, sameAs(0)), output(snapshotOf(types, type), sameAs(0))];
    return relabel(straight([type], outputs), ([cells]) => [cells!, cells!]);
  },
};
