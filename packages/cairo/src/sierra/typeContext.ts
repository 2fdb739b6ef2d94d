import { refuse } from './errors.ts';
import type { GenericArg, TypeFlags, TypeId } from './program.ts';
import { numericRange, type Range } from './range.ts';

/** What a definition may know of another type: its spelling and flags. */
export interface TypeInfo extends TypeFlags {
  readonly name: string;
  readonly args: readonly GenericArg[];
}

/** Looks types up while types and libfuncs are specialised. */
export interface TypeContext {
  /** @throws CairnError `INVALID_TYPE` when the type is not declared. */
  info(id: TypeId): TypeInfo;
}

/** A generic argument that a definition does not take. */
export function badArgument(): Error {
  return refuse('INVALID_TYPE', 'unsupported generic argument');
}

/** Throws {@link badArgument} unless `condition` holds. */
export function requireArgument(condition: boolean): asserts condition {
  if (!condition) throw badArgument();
}

export function noArgs(args: readonly GenericArg[]): void {
  requireArgument(args.length === 0);
}

/** The arguments as exactly `count` types. */
export function typeArgs(args: readonly GenericArg[], count: number): TypeId[] {
  requireArgument(args.length === count);
  return args.map((arg) => {
    requireArgument(arg.kind === 'type');
    return arg.id;
  });
}

export function singleType(args: readonly GenericArg[]): TypeId {
  return typeArgs(args, 1)[0]!;
}

export function singleValue(args: readonly GenericArg[]): bigint {
  const [arg] = args;
  requireArgument(args.length === 1 && arg?.kind === 'value');
  return arg.value;
}

/** The arguments as one type and one value. */
export function typeAndValue(args: readonly GenericArg[]): { type: TypeId; value: bigint } {
  const [type, value] = args;
  requireArgument(args.length === 2 && type?.kind === 'type' && value?.kind === 'value');
  return { type: type.id, value: value.value };
}

/** A value as a machine-word count. */
export function asCount(value: bigint): number {
  requireArgument(value >= 0n && value < 1n << 64n);
  return Number(value);
}

/** Values of a numeric type. @throws CairnError `INVALID_TYPE` for any other. */
export function rangeOf(info: TypeInfo): Range {
  const range = numericRange(info.name, info.args);
  requireArgument(range !== undefined);
  return range;
}
