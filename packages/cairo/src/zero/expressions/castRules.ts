import { type CairoType, formatType, sameType, type TupleMember } from '../ast/cairoType.ts';
import type { CastStrength, Expression } from '../ast/expression.ts';
import type { NameResolver } from '../names/nameResolver.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';

/** A conversion that is asked for; `value` is what it applies to, where that is known. */
export interface Conversion {
  source: CairoType;
  target: CairoType;
  strength: CastStrength;
  span: SourceSpan | undefined;
  value?: Expression | undefined;
}

/**
 * Whether a conversion is allowed.
 * @throws CairnError `ZERO_TYPE` where two tuples, or a tuple and a struct, differ in a way worth saying.
 */
export function canConvert(conversion: Conversion, names: NameResolver): boolean {
  const { source, target, strength, value } = conversion;
  if (sameType(source, target)) return true;
  if (source.kind === 'pointer' && target.kind === 'pointer' && target.pointee.kind === 'felt') return true;
  if (source.kind === 'tuple' && target.kind === 'tuple') {
    checkMembers(conversion, source.members, target.members, names);
    return true;
  }
  if (strength === 'assign') return false;
  const isFeltOrPointer = ({ kind }: CairoType) => kind === 'felt' || kind === 'pointer';
  if (isFeltOrPointer(source) && isFeltOrPointer(target)) return true;
  if (strength === 'unpacking') return false;
  const isFeltOrOffset = ({ kind }: CairoType) => kind === 'felt' || kind === 'codeoffset';
  if (isFeltOrOffset(source) && isFeltOrOffset(target)) return true;
  if (source.kind === 'tuple' && target.kind === 'struct') {
    const { members } = names.structByFullName(target.name, conversion.span);
    const expected = [...members].map(([name, { type }]) => ({ name, type }));
    checkMembers(conversion, source.members, expected, names);
    return true;
  }
  return (
    strength === 'forced' &&
    source.kind === 'felt' &&
    target.kind === 'struct' &&
    value?.kind === 'dereference'
  );
}

/** @throws CairnError `ZERO_TYPE` unless each member may be assigned to its counterpart. */
function checkMembers(
  { source, target, strength, span, value }: Conversion,
  members: readonly TupleMember[],
  expected: readonly TupleMember[],
  names: NameResolver,
): void {
  const [from, to] = [formatType(source), formatType(target)];
  const place = value?.span ?? span;
  if (members.length !== expected.length) {
    const counts = `The former has ${members.length} members while the latter has ${expected.length} members.`;
    throw zeroError('ZERO_TYPE', `Cannot cast an expression of type '${from}' to '${to}'.\n${counts}`, place);
  }
  for (const [i, member] of members.entries()) {
    const wanted = expected[i]!;
    const inner = value?.kind === 'tuple' ? value.members.items[i]?.value : undefined;
    const innerSpan = inner?.span ?? place;
    if (member.name !== undefined && wanted.name !== undefined && member.name !== wanted.name) {
      const problem = `Cannot cast '${from}' to '${to}'.\nExpected argument name '${wanted.name}'. Found: '${member.name}'.`;
      throw zeroError('ZERO_TYPE', problem, innerSpan);
    }
    const part: Conversion = {
      source: member.type,
      target: wanted.type,
      strength: strength === 'forced' ? 'forced' : 'assign',
      span: innerSpan,
      value: inner,
    };
    if (!canConvert(part, names)) {
      const problem = `Cannot cast '${formatType(member.type)}' to '${formatType(wanted.type)}'.`;
      throw zeroError('ZERO_TYPE', problem, innerSpan);
    }
  }
}
