import { formatType, sameType } from '../ast/cairoType.ts';
import { binary, type Identifier, identifier } from '../ast/expression.ts';
import type { Block, Statement, StatementOf } from '../ast/statement.ts';
import { formatExpression } from '../expressions/formatExpression.ts';
import { sameExpression } from '../expressions/sameExpression.ts';
import { simplifyExpression } from '../expressions/simplifyExpression.ts';
import { translateAp } from '../expressions/translateAp.ts';
import { apDistance } from '../flow/apChange.ts';
import { branchLabels } from '../passes/lowerConditions.ts';
import { zeroError } from '../zeroError.ts';
import { rewriteAssertion, rewriteExpressions } from './compoundExpression.ts';
import { emitCall, emitReturn, emitTailCall } from './emitCall.ts';
import { emitFunction } from './emitFunction.ts';
import type { Emitter } from './emitter.ts';
import { emitCallReference, emitReference, emitTempvar, emitUnpacking } from './emitVariable.ts';
import { cellsOf } from './pushValues.ts';

/** Tells by full name which functions the program reaches. */
export type IsNeeded = (fullName: string) => boolean;

/** What each kind of statement compiles to. */
const EMITTERS: {
  readonly [K in Statement['kind']]: (
    emitter: Emitter,
    statement: StatementOf<K>,
    isNeeded: IsNeeded,
  ) => void;
} = {
  instruction: (emitter, { instruction }) =>
    emitter.emit(instruction.body, instruction.span, instruction.incrementAp),
  const: emitConst,
  reference: emitReference,
  callReference: emitCallReference,
  unpack: emitUnpacking,
  tempvar: emitTempvar,
  local: (_, { span }) => {
    throw zeroError('ZERO_LOCALS', 'Local variables are not supported outside of functions.', span);
  },
  assert: emitAssertion,
  staticAssert: checkStaticAssert,
  return: emitReturn,
  tailCall: emitTailCall,
  call: (emitter, { call }) => emitCall(emitter, call),
  if: emitIf,
  label: (emitter, { name }) => emitLabel(emitter, name),
  function: emitFunction,
  namespace: emitFunction,
  struct: (emitter) => emitter.refuseHints('Hints before functions are not allowed.'),
  typeAlias: (emitter) => emitter.refuseHints('Hints before "using" statements are not allowed.'),
  with: emitWith,
  withAttribute: emitAttribute,
  hint: (emitter, { code, span }) => emitter.addHint(code, span),
  builtins: checkDirective,
  language: checkDirective,
  import: () => {},
  allocLocals: checkAllocLocals,
};

/** Compiles one statement. @throws CairnError */
export function emitStatement(emitter: Emitter, statement: Statement, isNeeded: IsNeeded): void {
  const emit = EMITTERS[statement.kind] as (emitter: Emitter, it: Statement, isNeeded: IsNeeded) => void;
  emit(emitter, statement, isNeeded);
}

function emitConst(emitter: Emitter, { name, value: source }: StatementOf<'const'>): void {
  const value = emitter.simplifyCell(source);
  if (value.kind !== 'constant')
    throw zeroError('ZERO_CONSTANT', 'Expected a constant expression.', source.span);
  emitter.define(emitter.names.qualify(name.name), { kind: 'const', value: value.value }, name.span);
}

/** `assert a = b;` of any size and complexity, cell by cell. */
function emitAssertion(emitter: Emitter, { left, right, span }: StatementOf<'assert'>): void {
  const a = emitter.simplify(left);
  const b = emitter.simplify(right);
  if (!sameType(a.type, b.type)) {
    const problem = `Cannot compare '${formatType(a.type)}' and '${formatType(b.type)}'.`;
    throw zeroError('ZERO_TYPE', problem, span);
  }
  const sources = cellsOf(emitter, b.value, b.type);
  const start = emitter.flow.apTracking;
  for (const [i, target] of cellsOf(emitter, a.value, a.type).entries()) {
    // The code for the cells before may have moved ap.
    const [targetNow, sourceNow] = [target, sources[i]!].map((cell) => {
      const translated = translateAp(cell, apDistance(start, emitter.flow.apTracking));
      if (translated === undefined)
        throw zeroError('ZERO_REVOKED_REFERENCE', 'ap moved by an unknown amount here.', span);
      return simplifyExpression(translated, 'felt');
    });
    const [leftCell, rightCell] = rewriteAssertion(emitter, targetNow!, sourceNow!);
    emitter.emit({ kind: 'assertEq', left: leftCell!, right: rightCell!, span }, span);
  }
}

function checkStaticAssert(emitter: Emitter, { left, right, span }: StatementOf<'staticAssert'>): void {
  const a = emitter.simplifyCell(left);
  const b = emitter.simplifyCell(right);
  if (sameExpression(a, b)) return;
  const problem = `Static assert failed: ${formatExpression(a)} != ${formatExpression(b)}.`;
  throw zeroError('ZERO_CONSTANT', problem, span);
}

/** Jumps over the block for equality when the sides differ; the difference is what is tested. */
function emitIf(emitter: Emitter, statement: StatementOf<'if'>): void {
  const { body, otherwise, span } = statement;
  const condition = statement.conditions[0]!;
  const labels = branchLabels(statement);
  const difference = emitter.simplifyCell(binary('-', condition.left, condition.right, condition.span));
  const [tested] = rewriteExpressions(emitter, [difference], 'cell');
  jump(emitter, identifier(labels.notEqual, span), tested);
  const [whenEqual, whenNot]: [Block | undefined, Block | undefined] = condition.equal
    ? [body, otherwise]
    : [otherwise, body];
  if (whenEqual !== undefined) emitter.runBlock(whenEqual);
  if (emitter.flow.isReachable && whenNot !== undefined)
    jump(emitter, identifier(labels.end, span), undefined);
  emitLabel(emitter, identifier(labels.notEqual, span));
  if (whenNot !== undefined) emitter.runBlock(whenNot);
  emitLabel(emitter, identifier(labels.end, span));
}

function jump(
  emitter: Emitter,
  label: Identifier,
  condition: Parameters<typeof formatExpression>[0] | undefined,
) {
  emitter.emit({ kind: 'jumpLabel', label, condition, span: label.span }, label.span);
}

function emitLabel(emitter: Emitter, { name, span }: Identifier): void {
  emitter.refuseHints('Hints before labels are not allowed.');
  const fullName = emitter.names.qualify(name);
  emitter.flow.enterLabel(fullName);
  emitter.define(fullName, { kind: 'label', pc: emitter.pc }, span);
}

/** Inside `with x { … }` calls may take and give back `x` as an implicit argument. */
function emitWith(emitter: Emitter, { names: list, body }: StatementOf<'with'>): void {
  const { names } = emitter;
  const outer = emitter.implicitVariables;
  const inner = new Set(outer);
  for (const { original, alias } of list) {
    if (alias !== undefined)
      throw zeroError(
        'ZERO_ARGUMENTS',
        "The 'as' keyword is not supported in 'with' statements.",
        alias.span,
      );
    const fullName = names.qualify(original.name);
    const definition = names.table.get(fullName);
    if (definition === undefined)
      throw zeroError('ZERO_UNKNOWN_IDENTIFIER', `Unknown reference '${original.name}'.`, original.span);
    if (definition.kind !== 'reference') {
      const problem = `Expected '${original.name}' to be a reference, found: ${definition.kind}.`;
      throw zeroError('ZERO_WRONG_IDENTIFIER', problem, original.span);
    }
    inner.add(fullName);
  }
  emitter.implicitVariables = inner;
  emitter.runBlock(body);
  emitter.implicitVariables = outer;
}

function emitAttribute(emitter: Emitter, { name, value, body }: StatementOf<'withAttribute'>): void {
  const startPc = emitter.pc;
  const flow = emitter.flow.state;
  emitter.runBlock(body);
  const { scopes: accessibleScopes } = emitter.names;
  emitter.attributes.push({ name: name.name, value, startPc, endPc: emitter.pc, accessibleScopes, flow });
}

function checkDirective(emitter: Emitter, statement: StatementOf<'builtins' | 'language'>): void {
  const { span } = statement;
  if (!emitter.areDirectivesAllowed)
    throw zeroError('ZERO_DIRECTIVE', 'Directives must appear at the top of the file.', span);
  if (statement.kind === 'language')
    throw zeroError('ZERO_DIRECTIVE', `%lang ${statement.name} is not supported.`, span);
}

function checkAllocLocals(emitter: Emitter, { span }: StatementOf<'allocLocals'>): void {
  const facts = emitter.functions.get(emitter.names.scope);
  if (facts === undefined)
    throw zeroError('ZERO_LOCALS', 'alloc_locals cannot be used outside of a function.', span);
  if (!emitter.flow.isReachable || apDistance(facts.initialAp, emitter.flow.apTracking) !== 0) {
    const problem = 'alloc_locals must be used before any instruction that changes the ap register.';
    throw zeroError('ZERO_LOCALS', problem, span);
  }
}
