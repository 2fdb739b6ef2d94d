import type { SourceSpan } from '../sourceSpan.ts';

/** A member of a tuple type; either all members of a tuple have names or none. */
export interface TupleMember {
  readonly name: string | undefined;
  readonly type: CairoType;
  readonly span?: SourceSpan | undefined;
}

/** A type. `named` is a name not looked up yet; `struct` and `function` hold full names. */
export type CairoType = { readonly span?: SourceSpan | undefined } & (
  | { readonly kind: 'felt' }
  | { readonly kind: 'codeoffset' }
  | { readonly kind: 'pointer'; readonly pointee: CairoType }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'tuple'; readonly members: readonly TupleMember[] }
);

/** A type of several values in a row. */
export type TupleType = Extract<CairoType, { kind: 'tuple' }>;

/** A pointer to `pointee`. */
export function pointerTo(pointee: CairoType, span?: SourceSpan): CairoType {
  return { kind: 'pointer', pointee, span };
}

/** Whether every member has a name; true of the empty tuple. */
export function isNamedTuple(type: TupleType): boolean {
  return type.members.every(({ name }) => name !== undefined);
}

/** Felt, code offset or pointer: what one memory cell holds. */
export function isSingleCell(type: CairoType): boolean {
  return type.kind === 'felt' || type.kind === 'pointer' || type.kind === 'codeoffset';
}

/** Whether two types are the same; places do not count. */
export function sameType(a: CairoType, b: CairoType): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'felt':
    case 'codeoffset':
      return a.kind === b.kind;
    case 'pointer':
      return b.kind === 'pointer' && sameType(a.pointee, b.pointee);
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.members.length === b.members.length &&
        a.members.every(
          (member, i) => member.name === b.members[i]!.name && sameType(member.type, b.members[i]!.type),
        )
      );
    default:
      return a.kind === b.kind && a.name === (b as typeof a).name;
  }
}

/** The type as the language spells it. */
export function formatType(type: CairoType): string {
  switch (type.kind) {
    case 'felt':
    case 'codeoffset':
      return type.kind;
    case 'pointer':
      return `${formatType(type.pointee)}*`;
    case 'tuple': {
      const { members } = type;
      const parts = members.map(({ name, type: inner }) =>
        name === undefined ? formatType(inner) : `${name}: ${formatType(inner)}`,
      );
      const comma = members.length === 1 && members[0]!.name === undefined ? ',' : '';
      return `(${parts.join(', ')}${comma})`;
    }
    default:
      return type.name;
  }
}
