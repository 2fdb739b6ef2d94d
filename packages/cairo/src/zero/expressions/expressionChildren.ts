import type { ArgumentList, Expression } from '../ast/expression.ts';

/** The expressions directly inside one, in writing order; not the callee of a call. */
export function expressionChildren(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'power':
      return [expression.base, expression.exponent];
    case 'negate':
    case 'addressOf':
    case 'new':
      return [expression.operand];
    case 'parentheses':
      return [expression.inner];
    case 'dereference':
      return [expression.address];
    case 'subscript':
      return [expression.base, expression.index];
    case 'member':
      return [expression.base];
    case 'cast':
      return [expression.value];
    case 'tuple':
      return expression.members.items.map(({ value }) => value);
    case 'call': {
      const { call } = expression;
      const values = call.arguments.items.map(({ value }) => value);
      return call.implicitArguments === undefined
        ? values
        : [...values, ...call.implicitArguments.items.map(({ value }) => value)];
    }
    default:
      return [];
  }
}

/** The same expression with each expression directly inside it replaced; itself where none changes. */
export function mapExpression(expression: Expression, map: (inner: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'binary': {
      const left = map(expression.left);
      const right = map(expression.right);
      const isSame = left === expression.left && right === expression.right;
      return isSame ? expression : { ...expression, left, right };
    }
    case 'power':
      return { ...expression, base: map(expression.base), exponent: map(expression.exponent) };
    case 'negate':
    case 'addressOf':
    case 'new':
      return { ...expression, operand: map(expression.operand) };
    case 'parentheses':
      return { ...expression, inner: map(expression.inner) };
    case 'dereference': {
      const address = map(expression.address);
      return address === expression.address ? expression : { ...expression, address };
    }
    case 'subscript':
      return { ...expression, base: map(expression.base), index: map(expression.index) };
    case 'member':
      return { ...expression, base: map(expression.base) };
    case 'cast': {
      const value = map(expression.value);
      return value === expression.value ? expression : { ...expression, value };
    }
    case 'tuple':
      return { ...expression, members: mapArguments(expression.members, map) };
    case 'call': {
      const { call } = expression;
      const { implicitArguments } = call;
      return {
        ...expression,
        call: {
          ...call,
          arguments: mapArguments(call.arguments, map),
          implicitArguments: implicitArguments && mapArguments(implicitArguments, map),
        },
      };
    }
    default:
      return expression;
  }
}

/** The same arguments with other values. */
export function mapArguments(list: ArgumentList, map: (value: Expression) => Expression): ArgumentList {
  return { ...list, items: list.items.map((item) => ({ ...item, value: map(item.value) })) };
}
