import { P } from '../field/m31.ts';

/** A bus as the language hands it out. */
export interface BusHandle {
  readonly index: number;
  readonly name: string;
  readonly fields: readonly string[];
}

/**
 * The type of a column: the integers it may hold and what enforces that. Declaring a column of a type adds the
 * constraint or the look-up.
 */
export interface ColumnType {
  readonly name: string;
  readonly min: bigint;
  readonly max: bigint;
  readonly enforcement:
    | { readonly kind: 'none' }
    /** Nothing here: other parts of the AIR see to it, in the way that the reason says. */
    | { readonly kind: 'elsewhere'; readonly reason: string }
    /** x·(x - 1) = 0. */
    | { readonly kind: 'boolean' }
    /** A use of (x) on the bus, in every row. */
    | { readonly kind: 'lookup'; readonly bus: BusHandle };
}

/** Any element of the field. */
export const anyM31: ColumnType = { name: 'm31', min: 0n, max: BigInt(P - 1), enforcement: { kind: 'none' } };
/** 0 or 1. */
export const bit: ColumnType = { name: 'bit', min: 0n, max: 1n, enforcement: { kind: 'boolean' } };

/**
 * The type with the same integers but without its look-up or constraint: for values that are checked where they come from,
 * as those read from a bus. The reason is part of the AIR and stands or falls with a reviewer.
 */
export function checkedElsewhere(type: ColumnType, reason: string): ColumnType {
  return { ...type, name: `${type.name} (${reason})`, enforcement: { kind: 'elsewhere', reason } };
}
