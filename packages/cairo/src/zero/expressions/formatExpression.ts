import { formatType } from '../ast/cairoType.ts';
import type { ArgumentList, Expression } from '../ast/expression.ts';

/** How tightly the outermost operator binds; a looser expression inside a tighter one takes parentheses. */
const LOOSEST = 0;
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const ADDRESS_OF = 4;
const TIGHTEST = 5;

/** The expression as the language spells it and as compiled programs hold it. */
export function formatExpression(expression: Expression): string {
  return spell(expression).text.replaceAll('\n', '\n    ').replace(/ +\n/g, '\n');
}

interface Spelled {
  text: string;
  binding: number;
}

function tight(text: string): Spelled {
  return { text, binding: TIGHTEST };
}

function inside(expression: Expression, binding: number): string {
  const spelled = spell(expression);
  return spelled.binding < binding ? `(${spelled.text})` : spelled.text;
}

function spell(expression: Expression): Spelled {
  switch (expression.kind) {
    case 'constant': {
      const { value, text } = expression;
      const digits = text ?? (value < 0n ? -value : value).toString();
      return value < 0n ? { text: `-${digits}`, binding: LOOSEST } : tight(digits);
    }
    case 'hint':
      return tight(`nondet ${spellHint(expression.code)}`);
    case 'identifier':
      return tight(expression.name);
    case 'futureLabel':
      return tight(expression.label.name);
    case 'register':
      return tight(expression.register);
    case 'binary': {
      const { operator, left, right } = expression;
      const binding = operator === '+' || operator === '-' ? SUM : PRODUCT;
      // a - (b - c) and a / (b / c) keep their parentheses.
      const rightBinding = operator === '-' ? PRODUCT : operator === '/' ? POWER : binding;
      return { text: `${inside(left, binding)} ${operator} ${inside(right, rightBinding)}`, binding };
    }
    case 'power':
      return {
        text: `${inside(expression.base, TIGHTEST)} ** ${inside(expression.exponent, TIGHTEST)}`,
        binding: POWER,
      };
    case 'negate':
      return { text: `-${inside(expression.operand, ADDRESS_OF)}`, binding: LOOSEST };
    case 'addressOf':
      return { text: `&${inside(expression.operand, ADDRESS_OF)}`, binding: ADDRESS_OF };
    case 'new':
      return { text: `new ${inside(expression.operand, ADDRESS_OF)}`, binding: LOOSEST };
    case 'parentheses':
      return tight(`(${spell(expression.inner).text})`);
    case 'dereference':
      return tight(`[${spell(expression.address).text}]`);
    case 'subscript':
      return tight(`${inside(expression.base, TIGHTEST)}[${spell(expression.index).text}]`);
    case 'member':
      return tight(`${inside(expression.base, TIGHTEST)}.${expression.member}`);
    case 'cast':
      return tight(`cast(${spell(expression.value).text}, ${formatType(expression.type)})`);
    case 'tuple':
      return tight(`(${spellArguments(expression.members)})`);
    case 'call': {
      const { callee, implicitArguments, arguments: args } = expression.call;
      const implicit = implicitArguments === undefined ? '' : `{${spellArguments(implicitArguments)}}`;
      return tight(`${callee.name}${implicit}(${spellArguments(args)})`);
    }
  }
}

function spellHint(code: string): string {
  if (code === '') return '%{\n%}';
  if (!code.includes('\n')) return `%{ ${code} %}`;
  return `%{\n${code.replace(/^(?=.)/gm, '    ')}\n%}`;
}

function spellArguments({ items, gaps, trailingComma }: ArgumentList): string {
  let text = '';
  for (const [i, { name, value }] of items.entries()) {
    const gap = gaps[i]!;
    if (i > 0) text += gap === '' ? ', ' : ',';
    // Each value is laid out on its own, then set into the list.
    text += `${gap}${name === undefined ? '' : `${name.name}=`}${formatExpression(value)}`;
  }
  return `${text}${trailingComma ? ',' : ''}${gaps.at(-1)}`;
}
