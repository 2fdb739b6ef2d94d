import { binary, constant, dereference, type Expression, identifier, register } from '../ast/expression.ts';
import { mapArguments } from '../expressions/expressionChildren.ts';
import { simplifyExpression } from '../expressions/simplifyExpression.ts';
import { translateAp } from '../expressions/translateAp.ts';
import { type ApTracking, apDistance } from '../flow/apChange.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { isCell, offsetOf } from './buildInstruction.ts';
import type { Emitter } from './emitter.ts';

/**
 * How plain an expression must come out: a cell `[register + offset]`; a cell, or one plus an offset; a cell or a
 * constant; any of these or one operation on them.
 */
export type Simplicity = 'cell' | 'cellPlusOffset' | 'cellOrConstant' | 'operation';

/**
 * Brings expressions to a plain form by computing parts of them into temporary variables. The results hold at the
 * place after the code for all of them.
 */
export function rewriteExpressions(
  emitter: Emitter,
  expressions: readonly Expression[],
  simplicity: Simplicity | readonly Simplicity[],
): Expression[] {
  const rewriter = new Rewriter(emitter);
  const rewritten = expressions.map((expression, i) =>
    rewriter.rewrite(expression, typeof simplicity === 'string' ? simplicity : simplicity[i]!),
  );
  return rewritten.map((expression) => rewriter.atPresent(expression));
}

/** Brings both sides of an assertion to what one instruction compares: a cell, and a cell or an operation. */
export function rewriteAssertion(emitter: Emitter, left: Expression, right: Expression): Expression[] {
  const simplicity = isCell(left) ? (['cell', 'operation'] as const) : (['operation', 'cell'] as const);
  return rewriteExpressions(emitter, [left, right], simplicity);
}

/** Rewrites expressions over ap as it stood at the start, while the code for them moves it. */
class Rewriter {
  readonly #emitter: Emitter;
  readonly #start: ApTracking;

  constructor(emitter: Emitter) {
    this.#emitter = emitter;
    this.#start = emitter.flow.apTracking;
  }

  rewrite(expression: Expression, simplicity: Simplicity): Expression {
    const allowsConstants = simplicity === 'cellOrConstant' || simplicity === 'operation';
    switch (expression.kind) {
      case 'constant':
      case 'futureLabel':
        return allowsConstants ? expression : this.#store(expression);
      case 'register':
        return this.#rewriteRegister(expression, simplicity);
      case 'binary': {
        const left = this.rewrite(expression.left, 'cell');
        const right = this.rewrite(expression.right, 'cellOrConstant');
        const plain = binary(expression.operator, left, right, expression.span);
        const isPlain =
          simplicity === 'operation' || (simplicity === 'cellPlusOffset' && offsetOf(plain) !== undefined);
        return isPlain ? plain : this.#store(plain);
      }
      case 'negate': {
        const { operand, span } = expression;
        return this.rewrite(binary('*', operand, constant(-1, span), span), simplicity);
      }
      case 'dereference': {
        if (isCell(expression)) return expression;
        const address = this.rewrite(expression.address, 'cellPlusOffset');
        const plain = dereference(address, expression.span);
        return simplicity === 'operation' ? plain : this.#store(plain);
      }
      case 'hint':
      case 'new':
        return this.#store(expression);
      case 'call':
        return this.#rewriteCall(expression);
      case 'power':
        throw zeroError(
          'ZERO_CONSTANT',
          "Operator '**' is only supported for constant values.",
          expression.span,
        );
      default:
        // A temporary variable of an earlier rewriting.
        return expression;
    }
  }

  /** The expression over ap as it stands now. */
  atPresent(expression: Expression): Expression {
    const translated = translateAp(expression, apDistance(this.#start, this.#emitter.flow.apTracking));
    if (translated === undefined)
      throw zeroError('ZERO_REVOKED_REFERENCE', 'ap moved by an unknown amount here.', expression.span);
    return translated;
  }

  /** An expression over ap as it stands now, over ap as it stood at the start. */
  #atStart(expression: Expression): Expression | undefined {
    const translated = translateAp(expression, apDistance(this.#emitter.flow.apTracking, this.#start));
    return translated && simplifyExpression(translated, 'integer');
  }

  #store(expression: Expression): Expression {
    const { span } = expression;
    const name = identifier(this.#emitter.newTemporary(), span);
    this.#emitter.run({
      kind: 'tempvar',
      variable: { identifier: name, type: { kind: 'felt', span }, local: undefined, span },
      value: this.atPresent(expression),
      span,
    });
    return name;
  }

  #rewriteRegister(
    expression: Extract<Expression, { kind: 'register' }>,
    simplicity: Simplicity,
  ): Expression {
    const { span } = expression;
    if (expression.register === 'ap') {
      const problem = 'ap may only be used in an expression of the form [ap + <const>].';
      throw zeroError('ZERO_INSTRUCTION', problem, span);
    }
    const fp = this.#atStart(fpValue(this.#emitter, span));
    if (fp === undefined)
      throw zeroError('ZERO_REVOKED_REFERENCE', 'The value of fp is out of reach here.', span);
    return this.rewrite(fp, simplicity);
  }

  #rewriteCall({ call, span }: Extract<Expression, { kind: 'call' }>): Expression {
    const args = mapArguments(call.arguments, (value) => this.atPresent(value));
    this.#emitter.run({ kind: 'call', call: { ...call, arguments: args }, span });
    const result = binary('+', register('ap', span), constant(-1, span), span);
    const value = this.#atStart(dereference(result, span));
    if (value !== undefined) return value;
    const advice = `Consider calling '${call.callee.name}' in a separate line.`;
    const problem = `Only functions with known ap change may be used in an expression. ${advice}`;
    throw zeroError('ZERO_REVOKED_REFERENCE', problem, span);
  }
}

/** The value of fp, which the program itself must have put into a variable of that name. */
function fpValue(emitter: Emitter, span: SourceSpan): Expression {
  const found = emitter.names.table.search(emitter.names.scopes, '__fp__');
  if ('problem' in found && found.missing !== undefined) {
    const problem = 'Using the value of fp directly, requires defining a variable named __fp__.';
    throw zeroError('ZERO_INSTRUCTION', problem, span);
  }
  return emitter.simplifyCell(identifier('__fp__', span));
}
