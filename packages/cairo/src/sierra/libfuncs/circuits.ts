import type { Var } from '../../casm/casmBuilder.ts';
import { callInstruction, instruction, pushSum } from '../../casm/casmInstruction.ts';
import { apCell, deref, immediate } from '../../casm/cellExpression.ts';
import {
  type CircuitInfo,
  isCircuitComponent,
  MOD_INSTANCE_SIZE,
  OFFSETS_PER_GATE,
  rangeCheck96Count,
  VALUE_SIZE,
} from '../circuitInfo.ts';
import { preCost, regularCost, STEP_COST } from '../costToken.ts';
import { refuse } from '../errors.ts';
import {
  branching,
  built,
  type CallInput,
  type ConcreteLibfunc,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  reinterpret,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import { type GenericArg, type TypeId, valueArg } from '../program.ts';
import {
  asCount,
  noArgs,
  rangeOf,
  requireArgument,
  singleType,
  singleValue,
  typeArgs,
} from '../typeContext.ts';
import { boundedInt, fixedArray, structOf, wrapped } from './commonTypes.ts';

type Types = LibfuncContext['types'];

const sizesOf = (types: Types) => (type: TypeId) => types.size(type);

function circuitOf(types: Types, type: TypeId): CircuitInfo {
  const { circuit } = types.info(type);
  requireArgument(circuit !== undefined);
  return circuit;
}

const U96_MAX = (1n << 96n) - 1n;
const u96 = (types: Types) => boundedInt(types, 0n, U96_MAX);
const limbsGuarantee = (types: Types, limbCount: number) =>
  types.find('U96LimbsLtGuarantee', [valueArg(limbCount)]);

function cells(input: CallInput, param: number, count: number): Var[] {
  return Array.from({ length: count }, (_, cell) => input.deref(param, cell));
}

function addInput({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const accumulator = wrapped(types, 'CircuitInputAccumulator', type);
  const data = wrapped(types, 'CircuitData', type);
  const value = fixedArray(types, types.find('U96Guarantee'), VALUE_SIZE);
  const signature = branching([accumulator, value], [[output(data, derefs)], [output(accumulator, derefs)]]);
  return built(signature, sizesOf(types), (b, input) => {
    const count = input.count(1);
    const next = input.buffer(0, count, 0);
    const end = input.deref(0, 1);
    for (let i = 0; i < count; i++) b.write(next, input.deref(1, i));
    const stored = b.temp(next);
    b.jumpIf('MoreInputs', b.temp(b.sub(end, stored)));
    return { ends: [fallthrough([end]), goto('MoreInputs', [stored, end])] };
  });
}

function getDescriptor({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const descriptor = wrapped(types, 'CircuitDescriptor', type);
  const count = (value: number) =>
    instruction({ kind: 'assertEq', dst: apCell(0), res: immediate(value) }, true);
  return {
    ...straight([], [output(descriptor, temp(0))], 'other'),
    circuitDescriptor: type,
    costs: () => [regularCost(6 * STEP_COST)],
    apChanges: () => [6],
    generate: () => {
      const { addOffsets, mulOffsets } = circuitOf(types, type);
      return {
        instructions: [
          callInstruction(),
          pushSum(1, 1),
          count(addOffsets.length),
          pushSum(2, addOffsets.length * OFFSETS_PER_GATE),
          count(mulOffsets.length),
        ],
        relocations: [0, 1].map((at) => ({ instruction: at, target: { kind: 'circuit' as const, type } })),
        outputs: [[[-4, -3, -2, -1].map((offset) => deref(apCell(offset)))]],
      };
    },
  };
}

/** Lets the add_mod and mul_mod builtins fill the circuit's values; the second branch is a failed inverse. */
function evaluate({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const addMod = types.find('AddMod');
  const mulMod = types.find('MulMod');
  const params = [
    addMod,
    mulMod,
    wrapped(types, 'CircuitDescriptor', type),
    wrapped(types, 'CircuitData', type),
    types.find('CircuitModulus'),
    boundedInt(types, 0n, 0n),
    boundedInt(types, 1n, 1n),
  ];
  const pointers = [output(addMod, deferred), output(mulMod, deferred)];
  const signature = branching(params, [
    [...pointers, output(wrapped(types, 'CircuitOutputs', type), derefs)],
    [
      ...pointers,
      output(wrapped(types, 'CircuitPartialOutputs', type), derefs),
      output(types.find('CircuitFailureGuarantee'), derefs),
    ],
  ]);
  const { addOffsets, mulOffsets, inputCount } = circuitOf(types, type);
  return built(
    signature,
    sizesOf(types),
    (b, input) => {
      const addPointer = input.buffer(0, MOD_INSTANCE_SIZE);
      const mulPointer = input.buffer(1, MOD_INSTANCE_SIZE);
      const inputsEnd = input.buffer(3, VALUE_SIZE);
      const [addOffsetsPointer, addCount, mulOffsetsPointer, mulCount] = cells(input, 2, 4) as [
        Var,
        Var,
        Var,
        Var,
      ];
      const modulus = cells(input, 4, VALUE_SIZE);
      const zero = input.deref(5);
      const one = input.deref(6);
      const values = b.temp(b.sub(inputsEnd, b.constant((1 + inputCount) * VALUE_SIZE)));
      [one, zero, zero, zero].forEach((limb, i) => {
        b.assert(limb, b.at(values, i));
      });
      const writeInstance = (pointer: Var, fields: Var[]) =>
        [...modulus, values, ...fields].forEach((field, i) => {
          b.assert(field, b.at(pointer, i));
        });
      if (addOffsets.length > 0) writeInstance(addPointer, [addOffsetsPointer, addCount]);
      writeInstance(mulPointer, [mulOffsetsPointer]);
      b.hint('EvalCircuit', {
        n_add_mods: addCount,
        add_mod_builtin: addPointer,
        n_mul_mods: mulCount,
        mul_mod_builtin: mulPointer,
      });
      // The builtin stops at a failed inverse and says so by the number of gates.
      const doneCount = b.temp(b.at(mulPointer, MOD_INSTANCE_SIZE - 1));
      const newAddPointer = b.add(addPointer, b.constant(MOD_INSTANCE_SIZE * addOffsets.length));
      const used = b.temp(b.mul(doneCount, b.constant(MOD_INSTANCE_SIZE)));
      const newMulPointer = b.add(mulPointer, used);
      b.jumpIf('Failure', b.temp(b.sub(mulCount, doneCount)));
      return {
        ends: [
          fallthrough([newAddPointer], [newMulPointer], [values, ...modulus]),
          goto(
            'Failure',
            [newAddPointer],
            [newMulPointer],
            [values, ...modulus, doneCount],
            [mulOffsetsPointer, mulCount, doneCount, values, ...modulus],
          ),
        ],
      };
    },
    preCost({ addMod: addOffsets.length, mulMod: mulOffsets.length }),
  );
}

function getOutput({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const [circuitType, outputType] = typeArgs(args, 2) as [TypeId, TypeId];
  requireArgument(isCircuitComponent(types, outputType));
  const limb = u96(types);
  const u384 = structOf(types, 'core::circuit::u384', limb, limb, limb, limb);
  const signature = straight(
    [wrapped(types, 'CircuitOutputs', circuitType)],
    [output(u384, derefs), output(limbsGuarantee(types, VALUE_SIZE), derefs)],
    'other',
  );
  return built(signature, sizesOf(types), (b, input) => {
    const position = circuitOf(types, circuitType).values.get(outputType);
    if (position === undefined) throw refuse('INVALID_STATEMENT', 'the circuit does not have this output');
    const [values, ...modulus] = cells(input, 0, 1 + VALUE_SIZE) as [Var, ...Var[]];
    const pointer = b.temp(b.add(values, b.constant(position * VALUE_SIZE)));
    const limbs = Array.from({ length: VALUE_SIZE }, (_, i) => b.temp(b.at(pointer, i)));
    return { ends: [fallthrough(limbs, [...limbs, ...modulus])] };
  });
}

/** Four limbs as a modulus, unless they spell 0 or 1. */
function tryIntoModulus({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  noArgs(args);
  const value = fixedArray(types, u96(types), VALUE_SIZE);
  const signature = branching([value], [[output(types.find('CircuitModulus'), sameAs(0))], []]);
  return built(signature, sizesOf(types), (b, input) => {
    const limbs = cells(input, 0, VALUE_SIZE) as [Var, Var, Var, Var];
    const [lowest, ...upper] = limbs;
    const lowestMinusOne = b.temp();
    for (const limb of upper.reverse()) b.jumpIf('Success', limb);
    b.jumpIf('CheckNotOne', lowest);
    b.jump('Failure');
    b.label('CheckNotOne');
    b.assert(lowestMinusOne, b.sub(lowest, b.constant(1)));
    b.jumpIf('Success', lowestMinusOne);
    b.jump('Failure');
    b.label('Success');
    return { ends: [fallthrough(limbs), goto('Failure')] };
  });
}

/** Proves that an inverse did not exist: a nullifier that is not zero times its input is zero. */
function verifyFailure({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  noArgs(args);
  const rangeCheck96 = types.find('RangeCheck96');
  const mulMod = types.find('MulMod');
  const signature = straight(
    [
      rangeCheck96,
      mulMod,
      types.find('CircuitFailureGuarantee'),
      boundedInt(types, 0n, 0n),
      boundedInt(types, 1n, 1n),
    ],
    [
      output(rangeCheck96, deferred),
      output(mulMod, deferred),
      output(limbsGuarantee(types, VALUE_SIZE), derefs),
    ],
    'other',
  );
  return built(signature, sizesOf(types), (b, input) => {
    const pointer = input.buffer(0, 2 + VALUE_SIZE);
    const mulPointer = input.buffer(1, MOD_INSTANCE_SIZE);
    const [offsets, mulCount, failedIndex, values] = cells(input, 2, 4) as [Var, Var, Var, Var];
    const modulus = [4, 5, 6, 7].map((cell) => input.deref(2, cell));
    const zero = input.deref(3);
    const one = input.deref(4);
    const start = b.copy(pointer);
    const gateOffset = b.temp(b.mul(failedIndex, b.constant(OFFSETS_PER_GATE)));
    const gate = b.temp(b.add(offsets, gateOffset));
    b.assert(zero, b.at(gate, 2));
    const inputOffset = b.temp(b.at(gate, 1));
    const nullifierOffset = b.temp(b.at(gate, 0));
    const zeroOffset = b.temp(b.sub(pointer, values));
    b.write(pointer, zero, zero, zero, zero);
    const newOffsets = b.temp();
    b.hint('AllocSegment', {}, { dst: newOffsets });
    [nullifierOffset, inputOffset, zeroOffset].forEach((offset, i) => {
      b.assert(offset, b.at(newOffsets, i));
    });
    b.write(pointer, failedIndex);
    b.write(pointer, b.temp(b.sub(mulCount, failedIndex)));
    [...modulus, values, newOffsets, one].forEach((field, i) => {
      b.assert(field, b.at(mulPointer, i));
    });
    const nullifier = b.temp(b.add(values, nullifierOffset));
    const limbs = Array.from({ length: VALUE_SIZE }, (_, i) => b.temp(b.at(nullifier, i)));
    for (const limb of limbs) b.jumpIf('Done', limb);
    b.assert(one, zero);
    b.unreachable();
    b.label('Done');
    const newMulPointer = b.add(mulPointer, b.constant(MOD_INSTANCE_SIZE));
    return {
      ends: [fallthrough([pointer], [newMulPointer], [...limbs, ...modulus])],
      rangeCheck96: [start, pointer],
    };
  });
}

/** Compares the highest limbs of a value and its bound: equal leaves the lower limbs, else their difference. */
function verifyLimbs({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const limbCount = asCount(singleValue(args));
  requireArgument(limbCount > 1);
  const signature = {
    params: [limbsGuarantee(types, limbCount)],
    branches: [
      { outputs: [output(limbsGuarantee(types, limbCount - 1), deferred)], stack: 'other' as const },
      { outputs: [output(types.find('U96Guarantee'), temp(0))], stack: 'newVars' as const },
    ],
    fallthrough: 0,
  };
  return built(signature, sizesOf(types), (b, input) => {
    const high = b.sub(input.any(0, 2 * limbCount - 1), input.any(0, limbCount - 1));
    const lower = Array.from({ length: limbCount - 1 }, (_, i) => i);
    const rest = [...lower, ...lower.map((i) => limbCount + i)].map((cell) => input.any(0, cell));
    const difference = b.temp(high);
    b.jumpIf('Differ', difference);
    return { ends: [fallthrough(rest), goto('Differ', [difference])] };
  });
}

const initData: LibfuncDefinition = ({ types }, args) => {
  const type = singleType(args);
  const rangeCheck96 = types.find('RangeCheck96');
  const accumulator = wrapped(types, 'CircuitInputAccumulator', type);
  const signature = straight([rangeCheck96], [output(rangeCheck96, deferred), output(accumulator, deferred)]);
  return built(signature, sizesOf(types), (b, input) => {
    const info = circuitOf(types, type);
    const pointer = input.buffer(0, 1);
    const after = (cellCount: number) => b.add(pointer, b.constant(cellCount));
    const end = after(rangeCheck96Count(info));
    return {
      ends: [fallthrough([end], [after(VALUE_SIZE), after((1 + info.inputCount) * VALUE_SIZE)])],
      rangeCheck96: [pointer, end],
    };
  });
};

/** Circuits of modular arithmetic on values of four 96-bit limbs. */
export const circuitLibfuncs: LibfuncTable = {
  init_circuit_data: initData,
  add_circuit_input: addInput,
  get_circuit_descriptor: getDescriptor,
  eval_circuit: evaluate,
  get_circuit_output: getOutput,
  try_into_circuit_modulus: tryIntoModulus,
  circuit_failure_guarantee_verify: verifyFailure,
  into_u96_guarantee: ({ types }, args) => {
    const type = singleType(args);
    const { lower, upper } = rangeOf(types.info(type));
    requireArgument(lower >= 0n && upper <= U96_MAX + 1n);
    return reinterpret(type, types.find('U96Guarantee'));
  },
  u96_guarantee_verify: ({ types }, args) => {
    noArgs(args);
    const rangeCheck96 = types.find('RangeCheck96');
    const signature = straight([rangeCheck96, types.find('U96Guarantee')], [output(rangeCheck96, deferred)]);
    return built(signature, sizesOf(types), (b, input) => {
      const pointer = input.buffer(0, 0);
      const start = b.copy(pointer);
      b.write(pointer, input.deref(1));
      return { ends: [fallthrough([pointer])], rangeCheck96: [start, pointer] };
    });
  },
  u96_limbs_less_than_guarantee_verify: verifyLimbs,
  u96_single_limb_less_than_guarantee_verify: ({ types }, args) => {
    noArgs(args);
    const signature = straight([limbsGuarantee(types, 1)], [output(types.find('U96Guarantee'), deferred)]);
    return built(signature, sizesOf(types), (b, input) => ({
      ends: [fallthrough([b.sub(input.deref(0, 1), input.deref(0, 0))])],
    }));
  },
};
