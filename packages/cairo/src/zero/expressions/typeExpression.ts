import {
  type CairoType,
  formatType,
  isNamedTuple,
  isSingleCell,
  pointerTo,
  sameType,
  type TupleType,
} from '../ast/cairoType.ts';
import {
  binary,
  cast,
  constant,
  dereference,
  type Expression,
  type ExpressionOf,
  type Identifier,
} from '../ast/expression.ts';
import type { NameResolver } from '../names/nameResolver.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { canConvert } from './castRules.ts';
import { simplifyExpression } from './simplifyExpression.ts';

/** An expression over constants, registers, memory, hints, calls and labels to come, and what it is worth. */
export interface TypedExpression {
  value: Expression;
  type: CairoType;
}

/** What names stand for where an expression is typed. */
export interface TypingScope {
  names: NameResolver;
  /** The value of a name. @throws CairnError */
  valueOf(name: Identifier): Expression;
}

/**
 * Puts in the values of names, removes casts, members and subscripts, and finds the type.
 * @throws CairnError `ZERO_TYPE` and those of looking up names
 */
export function typeExpression(expression: Expression, scope: TypingScope): TypedExpression {
  const { span } = expression;
  switch (expression.kind) {
    case 'constant':
    case 'hint':
    case 'register':
      return { value: expression, type: { kind: 'felt', span } };
    case 'identifier':
      return typeExpression(scope.valueOf(expression), scope);
    case 'futureLabel': {
      const value = scope.valueOf(expression.label);
      if (value.kind !== 'futureLabel') return typeExpression(value, scope);
      return {
        value: { ...expression, typed: false },
        type: { kind: expression.typed ? 'codeoffset' : 'felt', span },
      };
    }
    case 'binary':
      return typeBinary(expression, scope);
    case 'power':
      return typePower(expression, scope);
    case 'negate': {
      const { value, type } = typeExpression(expression.operand, scope);
      if (type.kind !== 'felt')
        throw typeError(`Unary '-' is not supported for type '${formatType(type)}'.`, span);
      return { value: { ...expression, operand: value }, type: { kind: 'felt', span } };
    }
    case 'addressOf': {
      const { value, type } = typeExpression(expression.operand, scope);
      return { value: addressOf(value), type: pointerTo(type) };
    }
    case 'new': {
      if (!expression.typed) return { value: expression, type: { kind: 'felt', span } };
      const { value, type } = typeExpression(expression.operand, scope);
      return { value: { ...expression, operand: value, typed: false }, type: pointerTo(type) };
    }
    case 'parentheses':
      return typeExpression(expression.inner, scope);
    case 'dereference': {
      const { value, type } = typeExpression(expression.address, scope);
      if (type.kind !== 'felt' && type.kind !== 'pointer')
        throw typeError(`Cannot dereference type '${formatType(type)}'.`, span);
      const pointee: CairoType = type.kind === 'pointer' ? type.pointee : { kind: 'felt', span };
      return { value: { ...expression, address: value }, type: pointee };
    }
    case 'subscript':
      return typeSubscript(expression, scope);
    case 'member':
      return typeMember(expression, scope);
    case 'cast': {
      const { value, type: source } = typeExpression(expression.value, scope);
      const target = scope.names.resolveType(expression.type);
      const { strength } = expression;
      if (!canConvert({ source, target, strength, span, value }, scope.names))
        throw typeError(`Cannot cast '${formatType(source)}' to '${formatType(target)}'.`, span);
      return { value: { ...value, span }, type: target };
    }
    case 'tuple':
      return typeTuple(expression, scope);
    case 'call':
      return typeCall(expression, scope);
  }
}

/** The address inside `[address]`. @throws CairnError `ZERO_TYPE` */
export function addressOf(value: Expression): Expression {
  if (value.kind !== 'dereference') throw typeError('Expression has no address.', value.span);
  return value.address;
}

function typeError(problem: string, span: SourceSpan | undefined) {
  return zeroError('ZERO_TYPE', problem, span);
}

function typeBinary(expression: ExpressionOf<'binary'>, scope: TypingScope): TypedExpression {
  const { operator, span } = expression;
  const left = typeExpression(expression.left, scope);
  const right = typeExpression(expression.right, scope);
  const value = { ...expression, left: left.value, right: right.value };
  const [a, b] = [left.type, right.type];
  if (a.kind === 'felt' && b.kind === 'felt') return { value, type: { kind: 'felt', span } };
  const isSum = operator === '+' || operator === '-';
  if (a.kind === 'pointer' && b.kind === 'felt' && isSum) return { value, type: a };
  if (a.kind === 'felt' && b.kind === 'pointer' && operator === '+') return { value, type: b };
  const isDistance = operator === '-' && (a.kind === 'pointer' || a.kind === 'codeoffset') && sameType(a, b);
  if (isDistance) return { value, type: { kind: 'felt', span } };
  const problem = `Operator '${operator}' is not implemented for types '${formatType(a)}' and '${formatType(b)}'.`;
  throw typeError(problem, span);
}

/** The exponent is a number or the name of a constant: it is not reduced like a felt, so nothing else can be. */
function typePower(expression: ExpressionOf<'power'>, scope: TypingScope): TypedExpression {
  const { span } = expression;
  const named = expression.exponent.kind === 'identifier' ? scope.valueOf(expression.exponent) : undefined;
  const base = typeExpression(expression.base, scope);
  const exponent = typeExpression(named?.kind === 'constant' ? named : expression.exponent, {
    names: scope.names,
    valueOf(name) {
      throw typeError(`Identifier '${name.name}' is not allowed in this context.`, name.span);
    },
  });
  if (base.type.kind !== 'felt' || exponent.type.kind !== 'felt') {
    const problem = `Operator '**' is not implemented for types '${formatType(base.type)}' and '${formatType(exponent.type)}'.`;
    throw typeError(problem, span);
  }
  return {
    value: { ...expression, base: base.value, exponent: exponent.value },
    type: { kind: 'felt', span },
  };
}

function typeSubscript(expression: ExpressionOf<'subscript'>, scope: TypingScope): TypedExpression {
  const { span } = expression;
  const base = typeExpression(expression.base, scope);
  const index = typeExpression(expression.index, scope);
  if (base.type.kind !== 'tuple' && base.type.kind !== 'pointer')
    throw typeError(
      `Cannot apply subscript-operator to non-pointer, non-tuple type '${formatType(base.type)}'.`,
      span,
    );
  if (index.type.kind !== 'felt') {
    const problem = `Cannot apply subscript-operator with offset of non-felt type '${formatType(index.type)}'.`;
    throw typeError(problem, index.value.span);
  }
  if (base.type.kind === 'tuple') return tupleItem(base.value, base.type, index.value, span, scope);
  const size = constant(scope.names.sizeOf(base.type.pointee), span);
  const address = binary('+', base.value, binary('*', index.value, size, span), span);
  return { value: dereference(address, span), type: base.type.pointee };
}

function tupleItem(
  tuple: Expression,
  { members }: TupleType,
  indexExpression: Expression,
  span: SourceSpan,
  { names }: TypingScope,
): TypedExpression {
  const index = simplifyExpression(indexExpression, 'integer');
  if (index.kind !== 'constant')
    throw typeError('Subscript-operator for tuples supports only constant offsets.', index.span);
  const member = index.value >= 0n ? members[Number(index.value)] : undefined;
  if (member === undefined)
    throw typeError(`Tuple index ${index.value} is out of range [0, ${members.length}).`, span);
  if (tuple.kind === 'tuple')
    return { value: { ...tuple.members.items[Number(index.value)]!.value, span }, type: member.type };
  const before = members.slice(0, Number(index.value)).reduce((sum, { type }) => sum + names.sizeOf(type), 0);
  const address = binary('+', addressOf(tuple), constant(before, index.span), span);
  return { value: dereference(address, span), type: member.type };
}

function typeMember(expression: ExpressionOf<'member'>, scope: TypingScope): TypedExpression {
  const { member, span } = expression;
  const base = typeExpression(expression.base, scope);
  const isPointer = base.type.kind === 'pointer';
  const type = base.type.kind === 'pointer' ? base.type.pointee : base.type;
  if (type.kind !== 'struct' && type.kind !== 'tuple') {
    const what = isPointer ? 'pointer-to-non-struct' : 'non-struct';
    throw typeError(`Cannot apply dot-operator to ${what} type '${formatType(base.type)}'.`, span);
  }
  if (!isPointer && base.value.kind === 'tuple')
    throw typeError('Accessing struct/tuple members for r-value structs is not supported yet.', span);
  const start = isPointer ? base.value : addressOf(base.value);
  const found = findMember(type, member, span, scope.names);
  const address = found.offset === 0 ? start : binary('+', start, constant(found.offset, span), span);
  return { value: dereference(address, span), type: found.type };
}

function findMember(
  type: Extract<CairoType, { kind: 'struct' | 'tuple' }>,
  name: string,
  span: SourceSpan,
  names: NameResolver,
): { offset: number; type: CairoType } {
  if (type.kind === 'struct') {
    const member = names.structByFullName(type.name, span).members.get(name);
    if (member !== undefined) return member;
    throw typeError(`Member '${name}' does not appear in definition of struct '${type.name}'.`, span);
  }
  if (!isNamedTuple(type))
    throw typeError(`Cannot apply dot-operator to unnamed tuple type '${formatType(type)}'.`, span);
  let offset = 0;
  for (const member of type.members) {
    if (member.name === name) return { offset, type: member.type };
    offset += names.sizeOf(member.type);
  }
  throw typeError(
    `Member '${name}' does not appear in definition of tuple type '${formatType(type)}'.`,
    span,
  );
}

function typeTuple(expression: ExpressionOf<'tuple'>, scope: TypingScope): TypedExpression {
  const { members, span } = expression;
  const typed = members.items.map((item) => ({ item, ...typeExpression(item.value, scope) }));
  const items = typed.map(({ item, value }) => ({ ...item, name: undefined, value }));
  const types = typed.map(({ item, type }) => ({ name: item.name?.name, type, span: item.span }));
  return {
    value: { ...expression, members: { ...members, items } },
    type: { kind: 'tuple', members: types, span },
  };
}

/** A function's value, its arguments left to the call; or a struct made from its members. */
function typeCall(expression: ExpressionOf<'call'>, scope: TypingScope): TypedExpression {
  const { call, span } = expression;
  const { names } = scope;
  const callee = names.resolveType({ kind: 'named', name: call.callee.name, span });
  if (callee.kind === 'function') {
    const type = names.returnType(call);
    if (!isSingleCell(type)) {
      const problem = `Only functions with a simple return type are supported inside an expression. Got: '${formatType(type)}'.`;
      throw typeError(problem, span);
    }
    return { value: expression, type };
  }
  if (callee.kind !== 'struct')
    throw typeError(`Struct constructor cannot be used for type '${formatType(callee)}'.`, span);
  if (call.implicitArguments !== undefined)
    throw typeError(
      'Implicit arguments cannot be used with struct constructors.',
      call.implicitArguments.span,
    );
  const memberNames = [...names.structByFullName(callee.name, span).members.keys()];
  for (const [i, { name }] of call.arguments.items.entries()) {
    const expected = memberNames[i];
    if (name === undefined || expected === undefined || name.name === expected) continue;
    const problem = `Argument name mismatch for '${formatType(callee)}': expected '${expected}', found '${name.name}'.`;
    throw typeError(problem, name.span);
  }
  return typeExpression(cast({ kind: 'tuple', members: call.arguments, span }, callee, span), scope);
}
