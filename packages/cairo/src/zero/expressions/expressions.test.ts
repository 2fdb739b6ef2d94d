import { feltAdd, feltDiv, feltMod, feltMul, feltSub, PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BinaryOperator,
  binary,
  constant,
  dereference,
  type Expression,
  register,
} from '../ast/expression.ts';
import type { Block } from '../ast/statement.ts';
import { parseFile } from '../parser/parseStatement.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { formatExpression } from './formatExpression.ts';
import { sameExpression } from './sameExpression.ts';
import { centeredFelt, simplifyExpression } from './simplifyExpression.ts';
import { translateAp } from './translateAp.ts';

const SPAN: SourceSpan = { file: { name: 'x', text: '\n' }, start: 0, end: 0 };
const REGISTERS = { ap: 1_000n, fp: 77n };

/** The value of an expression where memory holds `7 x^2 + 3` at `x`; undefined after a division by zero. */
function evaluate(expression: Expression, registers = REGISTERS): bigint | undefined {
  const inner = (it: Expression) => evaluate(it, registers);
  switch (expression.kind) {
    case 'constant':
      return feltMod(expression.value);
    case 'register':
      return registers[expression.register];
    case 'parentheses':
      return inner(expression.inner);
    case 'negate': {
      const value = inner(expression.operand);
      return value === undefined ? undefined : feltMod(-value);
    }
    case 'dereference': {
      const value = inner(expression.address);
      return value === undefined ? undefined : feltMod(7n * value * value + 3n);
    }
    case 'binary': {
      const [a, b] = [inner(expression.left), inner(expression.right)];
      if (a === undefined || b === undefined || (expression.operator === '/' && b === 0n)) return undefined;
      return { '+': feltAdd, '-': feltSub, '*': feltMul, '/': feltDiv }[expression.operator](a, b);
    }
    default:
      throw new Error(expression.kind);
  }
}

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc.bigInt({ min: -3n, max: 3n }).map((value) => constant(value, SPAN)),
    fc.constantFrom('ap' as const, 'fp' as const).map((name) => register(name, SPAN)),
    fc
      .tuple(fc.constantFrom<BinaryOperator>('+', '-', '*', '/'), tie('expression'), tie('expression'))
      .map(([operator, left, right]) => binary(operator, left, right, SPAN)),
    tie('expression').map((operand): Expression => ({ kind: 'negate', operand, span: SPAN })),
    tie('expression').map((inner) => dereference(inner, SPAN)),
  ),
}));

function parse(text: string): Expression {
  const block: Block = parseFile('x', `const A = ${text};\n`);
  const [statement] = block;
  if (statement?.kind !== 'const') throw new Error(text);
  return statement.value;
}

/** The simplified expression; undefined where it divides by zero. */
function simplified(it: Expression): Expression | undefined {
  try {
    return simplifyExpression(it, 'felt');
  } catch {
    return undefined;
  }
}

describe('expressions', () => {
  it('mean the same when written and read', () => {
    fc.assert(
      fc.property(expression, (it) => {
        const text = formatExpression(it);
        const read = parse(text);
        expect(evaluate(read)).toBe(evaluate(it));
        expect(formatExpression(read)).toBe(text);
      }),
    );
  });

  it('mean the same when simplified, and stay so', () => {
    fc.assert(
      fc.property(expression, (it) => {
        const simple = simplified(it);
        const value = evaluate(it);
        if (simple === undefined) expect(value).toBeUndefined();
        else if (value !== undefined) expect(evaluate(simple)).toBe(value);
      }),
    );
  });

  it('mean the same after ap moved', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: -50, max: 50 }), (it, change) => {
        const moved = translateAp(it, change);
        expect(evaluate(moved!, { ...REGISTERS, ap: REGISTERS.ap + BigInt(change) })).toBe(evaluate(it));
      }),
    );
  });

  it('are lost after an unknown change only where they speak of ap', () => {
    expect(translateAp(parse('[ap] + 1'), 'unknown')).toBeUndefined();
    const onlyFp = parse('[fp + 3] * 2');
    expect(translateAp(onlyFp, 'unknown')).toBe(onlyFp);
  });

  it.each([
    ['5 + fp', 'fp + 5'],
    ['(fp + 1) + 2 - 4', 'fp + (-1)'],
    ['[ap - 1]', '[ap + (-1)]'],
    ['2 ** 3 ** 2', '512'],
    ['[fp] * 2 * 3', '[fp] * 6'],
    ['[fp] - 0', '[fp]'],
    ['1 * [fp]', '[fp]'],
    ['[fp] / 1', '[fp]'],
    ["'AB'", '16706'],
    ["'\\x41\\x00'", '16640'],
    ['0x10', '16'],
    ['-[fp]', '-[fp]'],
    ['-(1 - 3)', '2'],
    ['[fp] - [ap] - 1', '[fp] - ([ap] + 1)'],
  ])('%s is simplified to %s', (text, expected) => {
    expect(formatExpression(simplifyExpression(parse(text), 'felt'))).toBe(expected);
  });

  it('keep the layout of tuples', () => {
    const text = '(\n    1,  // one\n    x=2,)';
    expect(formatExpression(parse('(\n 1, // one\n x=2,)'))).toBe(text);
  });

  it('are the same wherever they stand', () => {
    expect(sameExpression(parse('[fp+1]'), parse('[fp  +  0x1]'))).toBe(true);
    expect(sameExpression(parse('[fp + 1]'), parse('[fp - 1]'))).toBe(false);
    expect(sameExpression(parse('cast(1, felt*)'), parse('cast(1, felt)'))).toBe(false);
  });
});

describe('centeredFelt', () => {
  it('lies within half the prime and means the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -2n * PRIME, max: 2n * PRIME }), (value) => {
        const centered = centeredFelt(value);
        expect(feltMod(centered)).toBe(feltMod(value));
        expect(2n * centered < PRIME && 2n * centered > -PRIME).toBe(true);
      }),
    );
  });
});
