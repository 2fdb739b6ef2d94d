import { callInstruction, pushSum } from '../../casm/casmInstruction.ts';
import { apCell, deref, immediate } from '../../casm/cellExpression.ts';
import { constParts } from '../constData.ts';
import { regularCost, STEP_COST } from '../costToken.ts';
import {
  deferred,
  type LibfuncContext,
  type LibfuncTable,
  output,
  relabel,
  straight,
  temp,
} from '../libfunc.ts';
import type { TypeId } from '../program.ts';
import { requireArgument, singleType, typeAndValue } from '../typeContext.ts';
import { boxOf } from './commonTypes.ts';

/** Constants, as immediates or in constant segments behind the code. */
export const constLibfuncs: LibfuncTable = {
  const_as_immediate: (context, args) => {
    const type = singleType(args);
    const inner = constInner(context, type);
    return relabel(straight([], [output(inner, deferred)]), () => [context.constCells(type).map(immediate)]);
  },
  const_as_box: (context, args) => {
    const { type, value } = typeAndValue(args);
    requireArgument(value >= 0n && value < 1n << 32n);
    const segment = Number(value);
    const box = boxOf(context.types, constInner(context, type));
    return {
      ...straight([], [output(box, temp(0))], 'other'),
      constBox: { type, segment },
      costs: () => [regularCost(3 * STEP_COST)],
      apChanges: () => [3],
      generate: () => ({
        // The call runs the `ret` before the segment and leaves its address; 1 skips that `ret`.
        instructions: [callInstruction(), pushSum(1, 1)],
        relocations: [
          { instruction: 0, target: { kind: 'segmentStart', segment } },
          { instruction: 1, target: { kind: 'const', segment, type } },
        ],
        outputs: [[[deref(apCell(-1))]]],
      }),
    };
  },
};

function constInner({ types }: LibfuncContext, type: TypeId): TypeId {
  return constParts(types, type).inner;
}
