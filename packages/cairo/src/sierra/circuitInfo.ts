import type { TypeId } from './program.ts';
import {
  asCount,
  badArgument,
  requireArgument,
  singleValue,
  type TypeContext,
  typeArgs,
} from './typeContext.ts';
import { userType } from './userTypeId.ts';

/** Operands and result of one gate, as positions in the circuit's value table. */
export interface GateOffsets {
  readonly lhs: number;
  readonly rhs: number;
  readonly output: number;
}

/** Layout of a circuit: value 0 is the constant one, then the inputs, their reductions, and the gates' outputs. */
export interface CircuitInfo {
  readonly inputCount: number;
  /** Position of each gate and reduced input in the value table. */
  readonly values: ReadonlyMap<TypeId, number>;
  readonly addOffsets: readonly GateOffsets[];
  readonly mulOffsets: readonly GateOffsets[];
}

/** Cells of one circuit value: four limbs of 96 bits. */
export const VALUE_SIZE = 4;
/** Cells of one instance of the add_mod and mul_mod builtins. */
export const MOD_INSTANCE_SIZE = 7;
/** Offsets that describe one gate to the builtins. */
export const OFFSETS_PER_GATE = 3;
const ONE_POSITION = 0;

const COMPONENTS = new Set(['CircuitInput', 'AddModGate', 'SubModGate', 'MulModGate', 'InverseGate']);

/** Types that are gates or inputs of circuits. */
export function isCircuitComponent(context: TypeContext, type: TypeId): boolean {
  return COMPONENTS.has(context.info(type).name);
}

/** Cells of 96-bit range checks that one evaluation of the circuit uses. */
export function rangeCheck96Count({ inputCount, values }: CircuitInfo): number {
  return (1 + inputCount + values.size) * VALUE_SIZE;
}

/**
 * Layout of the circuit whose outputs are the members of `outputs`, a tuple of circuit components.
 * @throws CairnError `INVALID_TYPE`
 */
export function circuitInfo(context: TypeContext, outputs: TypeId): CircuitInfo {
  const { name, args } = context.info(outputs);
  const tuple = userType('Tuple');
  const [tag, ...members] = args;
  requireArgument(
    name === 'Struct' && tag?.kind === 'userType' && tuple.kind === 'userType' && tag.id === tuple.id,
  );
  const roots = typeArgs(members, members.length);
  for (const root of roots) requireArgument(isCircuitComponent(context, root));
  const inputs = findInputs(context, roots);
  requireArgument(inputs.length >= 1);
  const values = new Map<TypeId, number>();
  const firstReduced = 1 + inputs.length;
  const mulOffsets = inputs.map((type, i): GateOffsets => {
    values.set(type, firstReduced + i);
    return { lhs: ONE_POSITION, rhs: 1 + i, output: firstReduced + i };
  });
  const addOffsets = placeGates(context, roots, firstReduced, values, mulOffsets);
  return { inputCount: inputs.length, values, addOffsets, mulOffsets };
}

/** The inputs below the outputs in order of their index, which must run from 0 without holes. */
function findInputs(context: TypeContext, roots: TypeId[]): TypeId[] {
  const inputs = new Map<number, TypeId>();
  const seen = new Set<TypeId>();
  for (const stack = [...roots]; stack.length > 0; ) {
    const type = stack.pop()!;
    if (seen.has(type)) continue;
    seen.add(type);
    const { name, args } = context.info(type);
    if (name === 'CircuitInput') {
      const index = asCount(singleValue(args));
      requireArgument(!inputs.has(index));
      inputs.set(index, type);
    } else {
      stack.push(...typeArgs(args, args.length));
    }
  }
  return Array.from({ length: inputs.size }, (_, i) => {
    const type = inputs.get(i);
    requireArgument(type !== undefined);
    return type;
  });
}

/** Places every gate after its operands, depth first from the last output; returns the add_mod gates. */
function placeGates(
  context: TypeContext,
  roots: TypeId[],
  firstReduced: number,
  values: Map<TypeId, number>,
  mulOffsets: GateOffsets[],
): GateOffsets[] {
  const addOffsets: GateOffsets[] = [];
  const open = new Set<TypeId>();
  const stack = roots.map((type) => ({ type, first: true }));
  while (stack.length > 0) {
    const { type, first } = stack.pop()!;
    if (values.has(type)) continue;
    const { name, args } = context.info(type);
    const operands = typeArgs(args, args.length);
    if (first) {
      // A gate below itself would never be placed.
      requireArgument(!open.has(type));
      open.add(type);
      stack.push({ type, first: false }, ...operands.map((operand) => ({ type: operand, first: true })));
      continue;
    }
    const output = firstReduced + values.size;
    const [lhs, rhs] = operands.map((operand) => {
      const position = values.get(operand);
      requireArgument(position !== undefined);
      return position;
    });
    requireArgument(operands.length === (name === 'InverseGate' ? 1 : 2) && lhs !== undefined);
    switch (name) {
      case 'AddModGate':
        addOffsets.push({ lhs, rhs: rhs!, output });
        break;
      case 'SubModGate':
        // lhs - rhs = output, written output + rhs = lhs.
        addOffsets.push({ lhs: output, rhs: rhs!, output: lhs });
        break;
      case 'MulModGate':
        mulOffsets.push({ lhs, rhs: rhs!, output });
        break;
      case 'InverseGate':
        // input * output = 1.
        mulOffsets.push({ lhs: output, rhs: lhs, output: ONE_POSITION });
        break;
      default:
        throw badArgument();
    }
    values.set(type, output);
  }
  return addOffsets;
}
