import { PRIME } from '@cairn/primitives';
import { type CircuitInfo, circuitInfo, isCircuitComponent } from './circuitInfo.ts';
import { checkConst } from './constData.ts';
import type { GenericArg, TypeFlags, TypeId } from './program.ts';
import { INTEGER_RANGES } from './range.ts';
import {
  asCount,
  badArgument,
  noArgs,
  requireArgument,
  singleType,
  singleValue,
  type TypeContext,
  type TypeInfo,
  typeArgs,
} from './typeContext.ts';

/** What a type definition says of one type: its flags and how many cells a value takes. */
export interface TypeShape {
  readonly flags: TypeFlags;
  /** Cells of a value; `undefined` for types that have no values. Sizes of parts are looked up by `sizeOf`. */
  readonly size: number | undefined | ((sizeOf: (part: TypeId) => number) => number);
  /** Members of a struct, variants of an enum, or the wrapped type. */
  readonly parts?: readonly TypeId[];
  readonly circuit?: CircuitInfo;
}

type TypeDefinition = (context: TypeContext, args: readonly GenericArg[]) => TypeShape;

const flags = (
  storable: boolean,
  droppable: boolean,
  duplicatable: boolean,
  zeroSized = false,
): TypeFlags => ({
  storable,
  droppable,
  duplicatable,
  zeroSized,
});

/** Values like felts: may be copied and forgotten. */
const PLAIN = flags(true, true, true);
/** Values that must be used exactly once: builtin pointers, guarantees. */
const LINEAR = flags(true, false, false);
const NO_VALUES = flags(false, false, false);
const COMPONENT = flags(false, false, false, true);

const fixed =
  (typeFlags: TypeFlags, size: number): TypeDefinition =>
  (_context, args) => {
    noArgs(args);
    return { flags: typeFlags, size };
  };

/** Types without arguments whose values take one cell. */
const PLAIN_CELLS = [
  ...Object.keys(INTEGER_RANGES),
  ...['felt252', 'bytes31', 'qm31', 'BuiltinCosts', 'Blake2sState'],
  ...['ContractAddress', 'ClassHash', 'StorageAddress', 'StorageBaseAddress'],
  ...['Secp256k1Point', 'Secp256r1Point', 'Sha256StateHandle', 'Sha512StateHandle'],
];
const LINEAR_CELLS = [
  ...['RangeCheck', 'RangeCheck96', 'Bitwise', 'EcOp', 'Pedersen', 'Poseidon', 'SegmentArena'],
  ...['AddMod', 'MulMod', 'GasBuiltin', 'System', 'U96Guarantee'],
];

/** A type with one type argument. */
const wrapper =
  (
    describe: (wrapped: TypeInfo, context: TypeContext) => TypeFlags,
    size: number | 'wrapped',
  ): TypeDefinition =>
  (context, args) => {
    const type = singleType(args);
    const typeFlags = describe(context.info(type), context);
    return { flags: typeFlags, parts: [type], size: size === 'wrapped' ? (sizeOf) => sizeOf(type) : size };
  };

/** Pointer-like wrappers keep whether the wrapped value may be copied and forgotten. */
function pointerFlags(wrapped: TypeInfo): TypeFlags {
  requireArgument(wrapped.storable);
  return flags(true, wrapped.droppable, wrapped.duplicatable);
}

function requireCells(wrapped: TypeInfo): void {
  requireArgument(wrapped.storable && !wrapped.zeroSized);
}

const DICT_VALUES = new Set(['felt252', 'u8', 'u16', 'u32', 'u64', 'u128']);

/** Values of dictionaries must have an all-zero default: integers, nullables, enums of at most two empty variants. */
function dictFlags(wrapped: TypeInfo, context: TypeContext): TypeFlags {
  const { name, args } = wrapped;
  const allowed =
    (DICT_VALUES.has(name) && args.length === 0) ||
    (name === 'Nullable' && args.length === 1) ||
    (name === 'Enum' &&
      args.length >= 1 &&
      args.length <= 3 &&
      args.slice(1).every((arg) => arg.kind === 'type' && context.info(arg.id).zeroSized));
  requireArgument(allowed && wrapped.storable && wrapped.droppable);
  return LINEAR;
}

function integerRangeFlags({ name, args, ...typeFlags }: TypeInfo): TypeFlags {
  requireArgument(
    (args.length === 0 && name in INTEGER_RANGES) ||
      (name === 'BoundedInt' && args.length === 2 && args.every((arg) => arg.kind === 'value')),
  );
  const { storable, droppable, duplicatable, zeroSized } = typeFlags;
  requireArgument(storable && droppable && duplicatable && !zeroSized);
  return PLAIN;
}

/** Bounds of `BoundedInt` and `BoundedIntGuarantee`. */
export function boundArgs(args: readonly GenericArg[]): { min: bigint; max: bigint } {
  const [min, max] = args;
  requireArgument(args.length === 2 && min?.kind === 'value' && max?.kind === 'value');
  return { min: min.value, max: max.value };
}

/** Guarantees exist only for the range of u32. */
export function requireU32Bounds(args: readonly GenericArg[]): void {
  const { min, max } = boundArgs(args);
  requireArgument(min === 0n && max === 0xffff_ffffn);
}

function boundedInt(args: readonly GenericArg[], typeFlags: TypeFlags): TypeShape {
  const { min, max } = boundArgs(args);
  requireArgument(-PRIME < min && min <= max && max < PRIME && max - min < PRIME);
  return { flags: typeFlags, size: 1 };
}

/** The type arguments after the name of a struct or enum. */
export function memberArgs(args: readonly GenericArg[]): TypeId[] {
  requireArgument(args[0]?.kind === 'userType');
  return typeArgs(args.slice(1), args.length - 1);
}

const struct: TypeDefinition = (context, args) => {
  const parts = memberArgs(args);
  const infos = parts.map((part) => context.info(part));
  const typeFlags = flags(
    infos.every((info) => info.storable),
    infos.every((info) => info.droppable),
    infos.every((info) => info.duplicatable),
    infos.every((info) => info.zeroSized),
  );
  const size = (sizeOf: (part: TypeId) => number) =>
    parts.reduce((sum, part) => cellCount(sum + sizeOf(part)), 0);
  return { flags: typeFlags, parts, size: typeFlags.storable ? size : undefined };
};

const enumeration: TypeDefinition = (context, args) => {
  const parts = memberArgs(args);
  const infos = parts.map((part) => context.info(part));
  requireArgument(infos.every((info) => info.storable));
  const typeFlags = flags(
    true,
    infos.every((info) => info.droppable),
    infos.every((info) => info.duplicatable),
  );
  return { flags: typeFlags, parts, size: (sizeOf) => cellCount(1 + Math.max(0, ...parts.map(sizeOf))) };
};

/** Sizes are counted in 16 signed bits. */
function cellCount(count: number): number {
  requireArgument(count <= 0x7fff);
  return count;
}

const circuitPart =
  (typeFlags: TypeFlags, size: number): TypeDefinition =>
  (context, args) => {
    const type = singleType(args);
    requireArgument(context.info(type).name === 'Circuit');
    return { flags: typeFlags, size, parts: [type] };
  };

const gate =
  (operandCount: number): TypeDefinition =>
  (context, args) => {
    for (const type of typeArgs(args, operandCount)) requireArgument(isCircuitComponent(context, type));
    return { flags: COMPONENT, size: undefined };
  };

/** Every generic type of Sierra by name. @see cairo-lang-sierra, extensions; cairo-lang-sierra-type-size */
const DEFINITIONS: Readonly<Record<string, TypeDefinition>> = {
  ...Object.fromEntries(PLAIN_CELLS.map((name) => [name, fixed(PLAIN, 1)])),
  ...Object.fromEntries(LINEAR_CELLS.map((name) => [name, fixed(LINEAR, 1)])),
  GasReserve: fixed(flags(true, true, false), 1),
  EcPoint: fixed(PLAIN, 2),
  EcState: fixed(PLAIN, 3),
  U128MulGuarantee: fixed(LINEAR, 4),
  CircuitModulus: fixed(PLAIN, 4),
  CircuitFailureGuarantee: fixed(LINEAR, 8),
  U96LimbsLtGuarantee: (_context, args) => {
    const limbCount = asCount(singleValue(args));
    requireArgument(limbCount >= 1);
    return { flags: LINEAR, size: cellCount(2 * limbCount) };
  },
  BoundedInt: (_context, args) => boundedInt(args, PLAIN),
  BoundedIntGuarantee: (_context, args) => {
    requireU32Bounds(args);
    return boundedInt(args, LINEAR);
  },
  Coupon: (_context, args) => {
    requireArgument(args.length === 1 && args[0]?.kind === 'function');
    return { flags: flags(true, true, false, true), size: 0 };
  },
  Const: (context, args) => {
    checkConst(context, args);
    return { flags: NO_VALUES, size: undefined };
  },

  Box: wrapper(pointerFlags, 1),
  Nullable: wrapper(pointerFlags, 1),
  NonZero: wrapper((wrapped) => ({ ...pointerFlags(wrapped), zeroSized: wrapped.zeroSized }), 'wrapped'),
  Snapshot: wrapper((wrapped) => {
    requireArgument(wrapped.storable && !wrapped.duplicatable);
    return flags(true, true, true, wrapped.zeroSized);
  }, 'wrapped'),
  Uninitialized: wrapper((wrapped) => {
    requireArgument(wrapped.storable);
    return flags(false, true, false, wrapped.zeroSized);
  }, 'wrapped'),
  Array: wrapper((wrapped) => {
    requireCells(wrapped);
    return flags(true, wrapped.droppable, false);
  }, 2),
  SquashedFelt252Dict: wrapper((wrapped) => {
    requireCells(wrapped);
    return flags(true, wrapped.droppable, false);
  }, 2),
  Span: wrapper((wrapped) => {
    requireCells(wrapped);
    return flags(true, wrapped.droppable, wrapped.duplicatable);
  }, 2),
  IntRange: wrapper(integerRangeFlags, 2),
  Felt252Dict: wrapper(dictFlags, 1),
  Felt252DictEntry: wrapper(dictFlags, 1),

  Struct: struct,
  Enum: enumeration,

  CircuitInput: (_context, args) => {
    asCount(singleValue(args));
    return { flags: COMPONENT, size: undefined };
  },
  AddModGate: gate(2),
  SubModGate: gate(2),
  MulModGate: gate(2),
  InverseGate: gate(1),
  Circuit: (context, args) => ({
    flags: COMPONENT,
    size: undefined,
    circuit: circuitInfo(context, singleType(args)),
  }),
  CircuitInputAccumulator: circuitPart(flags(true, true, false), 2),
  CircuitData: circuitPart(flags(true, true, false), 1),
  CircuitDescriptor: circuitPart(PLAIN, 4),
  CircuitOutputs: circuitPart(PLAIN, 5),
  CircuitPartialOutputs: circuitPart(flags(true, true, false), 6),
};

/**
 * Shape of the type `name<args>`.
 * @throws CairnError `INVALID_TYPE`
 */
export function specializeType(context: TypeContext, name: string, args: readonly GenericArg[]): TypeShape {
  const definition = Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined;
  if (definition === undefined) throw badArgument();
  return definition(context, args);
}

/** Names of all generic types. */
export const GENERIC_TYPE_NAMES: readonly string[] = Object.keys(DEFINITIONS);
