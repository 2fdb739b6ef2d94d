import { sameType } from '../ast/cairoType.ts';
import type { Expression } from '../ast/expression.ts';
import { expressionChildren } from './expressionChildren.ts';

/** Whether two expressions are spelled alike; places and the spelling of numbers do not count. */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (!sameNode(a, b)) return false;
  const children = expressionChildren(a);
  const others = expressionChildren(b);
  return children.length === others.length && children.every((child, i) => sameExpression(child, others[i]!));
}

/** Whether two expressions agree in all but what is inside them. */
function sameNode(a: Expression, b: Expression): boolean {
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && a.value === b.value;
    case 'hint':
      return b.kind === 'hint' && a.code === b.code;
    case 'identifier':
      return b.kind === 'identifier' && a.name === b.name;
    case 'futureLabel':
      return b.kind === 'futureLabel' && a.label.name === b.label.name && a.typed === b.typed;
    case 'register':
      return b.kind === 'register' && a.register === b.register;
    case 'binary':
      return b.kind === 'binary' && a.operator === b.operator;
    case 'new':
      return b.kind === 'new' && a.typed === b.typed;
    case 'member':
      return b.kind === 'member' && a.member === b.member;
    case 'cast':
      return b.kind === 'cast' && a.strength === b.strength && sameType(a.type, b.type);
    case 'tuple':
      return b.kind === 'tuple' && a.members.trailingComma === b.members.trailingComma;
    case 'call':
      return b.kind === 'call' && a.call.callee.name === b.call.callee.name;
    default:
      return a.kind === b.kind;
  }
}
