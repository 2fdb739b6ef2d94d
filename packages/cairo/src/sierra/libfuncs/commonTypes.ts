import type { LibfuncContext } from '../libfunc.ts';
import { type TypeId, typeArg, valueArg } from '../program.ts';
import { userType } from '../userTypeId.ts';

type Types = LibfuncContext['types'];

/** `name<type>`. */
export function wrapped(types: Types, name: string, type: TypeId): TypeId {
  return types.find(name, [typeArg(type)]);
}

export function boxOf(types: Types, type: TypeId): TypeId {
  return wrapped(types, 'Box', type);
}

export function nonZeroOf(types: Types, type: TypeId): TypeId {
  return wrapped(types, 'NonZero', type);
}

export function arrayOf(types: Types, type: TypeId): TypeId {
  return wrapped(types, 'Array', type);
}

/** The snapshot of a type, which is the type itself when values may be copied. */
export function snapshotOf(types: Types, type: TypeId): TypeId {
  return types.info(type).duplicatable ? type : wrapped(types, 'Snapshot', type);
}

export function boundedInt(types: Types, min: bigint, max: bigint): TypeId {
  return types.find('BoundedInt', [valueArg(min), valueArg(max)]);
}

/** The struct with this path and these members. */
export function structOf(types: Types, path: string, ...members: TypeId[]): TypeId {
  return types.find('Struct', [userType(path), ...members.map(typeArg)]);
}

/** The enum with this path and these variants. */
export function enumOf(types: Types, path: string, ...variants: TypeId[]): TypeId {
  return types.find('Enum', [userType(path), ...variants.map(typeArg)]);
}

/** `[type; count]` as a tuple. */
export function fixedArray(types: Types, type: TypeId, count: number): TypeId {
  return structOf(types, 'Tuple', ...Array.from({ length: count }, () => type));
}

export function unit(types: Types): TypeId {
  return structOf(types, 'Tuple');
}

export function bool(types: Types): TypeId {
  const empty = unit(types);
  return enumOf(types, 'core::bool', empty, empty);
}

export function u256(types: Types): TypeId {
  const u128 = types.find('u128');
  return structOf(types, 'core::integer::u256', u128, u128);
}

/** `Span<member>` whose member is spelled `path`. */
export function spanOf(types: Types, member: TypeId, path: string): TypeId {
  return structOf(types, `core::array::Span::<${path}>`, snapshotOf(types, arrayOf(types, member)));
}

export function feltSpan(types: Types): TypeId {
  return spanOf(types, types.find('felt252'), 'core::felt252');
}
