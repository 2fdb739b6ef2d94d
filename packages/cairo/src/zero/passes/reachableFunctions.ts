import type { Expression, FunctionCall, Identifier } from '../ast/expression.ts';
import { innerBlocks } from '../ast/innerBlocks.ts';
import type {
  Block,
  CallValue,
  ExpressionValue,
  InstructionBody,
  Statement,
  ZeroModule,
} from '../ast/statement.ts';
import { expressionChildren } from '../expressions/expressionChildren.ts';
import type { NameResolver } from '../names/nameResolver.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { MAIN_SCOPE } from './loadModules.ts';
import { REGISTERS_MODULE } from './registersModule.ts';

/**
 * Full names of the functions that a program needs: those that its main file defines or imports, and what these
 * use. The conditions of `if` do not count as use.
 * @throws CairnError `ZERO_UNKNOWN_IDENTIFIER`, also for code that is not needed
 */
export function reachableFunctions(modules: readonly ZeroModule[], names: NameResolver): ReadonlySet<string> {
  const uses = new Uses(names);
  for (const { name, body } of modules) names.within(name, () => uses.visitBlock(body));
  const reached = new Set<string>();
  const { scopes, definitions } = names.table.scopeContents(MAIN_SCOPE);
  const pending = scopes.map((scope) => `${MAIN_SCOPE}.${scope}`);
  for (const definition of definitions) if (definition.kind === 'alias') pending.push(definition.destination);
  // A namespace or struct given as a root is no function: nothing in it is reached by that.
  const roots = pending.filter((name) => uses.byFunction.has(name));
  const follow = [...roots];
  for (let name = follow.pop(); name !== undefined; name = follow.pop()) {
    const owner = owningFunction(name, uses.byFunction);
    if (owner === undefined || reached.has(owner)) continue;
    reached.add(owner);
    follow.push(...uses.byFunction.get(owner)!);
  }
  return reached;
}

/** The longest beginning of a name that is a function. */
function owningFunction(name: string, functions: ReadonlyMap<string, unknown>): string | undefined {
  for (let prefix = name; prefix !== ''; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf('.'), 0)))
    if (functions.has(prefix)) return prefix;
  return undefined;
}

/** Collects which names each function uses. */
class Uses {
  readonly byFunction = new Map<string, Set<string>>();
  readonly #names: NameResolver;
  #used: Set<string> | undefined;

  constructor(names: NameResolver) {
    this.#names = names;
  }

  visitBlock(block: Block): void {
    for (const statement of block) this.#visitStatement(statement);
  }

  #visitStatement(statement: Statement): void {
    if (statement.kind === 'function' || statement.kind === 'namespace') {
      const scope = this.#names.qualify(statement.name.name);
      const outer = this.#used;
      if (statement.kind === 'function') {
        this.#used = this.byFunction.get(scope) ?? new Set();
        this.byFunction.set(scope, this.#used);
      }
      this.#names.within(scope, () => this.visitBlock(statement.body));
      this.#used = outer;
      return;
    }
    if (statement.kind === 'import')
      for (const { original } of statement.items)
        this.#used?.add(`${statement.module.name}.${original.name}`);
    for (const expression of usedExpressions(statement)) this.#visit(expression);
    for (const block of innerBlocks(statement)) this.visitBlock(block);
  }

  #visit(expression: Expression): void {
    if (expression.kind === 'identifier') this.#use(expression);
    if (expression.kind === 'call') this.#use(expression.call.callee);
    if (expression.kind === 'new') this.#useNew(expression.span);
    for (const child of expressionChildren(expression)) this.#visit(child);
  }

  #useNew(span: SourceSpan): void {
    if (this.#used === undefined)
      throw zeroError('ZERO_FUNCTION', 'The new operator is not supported outside of a function.', span);
    this.#used.add(`${REGISTERS_MODULE}.get_ap`);
  }

  #use({ name, span }: Identifier): void {
    if (name === '_' || name.endsWith('._')) return;
    const found = this.#names.table.search(this.#names.scopes, name);
    if (!('problem' in found)) this.#used?.add(found.fullName);
    // What the compiler names itself is not declared yet.
    else if (!name.slice(name.lastIndexOf('.') + 1).startsWith('__'))
      throw zeroError('ZERO_UNKNOWN_IDENTIFIER', found.problem, span);
  }
}

function usedExpressions(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'instruction':
      return bodyExpressions(statement.instruction.body);
    case 'const':
    case 'reference':
    case 'return':
      return [statement.value];
    case 'local':
    case 'tempvar':
      return statement.value === undefined ? [] : [statement.value];
    case 'callReference':
      return valueExpressions(statement.call);
    case 'unpack':
      return valueExpressions(statement.value);
    case 'assert':
    case 'staticAssert':
      return [statement.left, statement.right];
    case 'tailCall':
    case 'call':
      return [callExpression(statement.call)];
    default:
      return [];
  }
}

function callExpression(call: FunctionCall): Expression {
  return { kind: 'call', call, span: call.span };
}

function valueExpressions(value: CallValue | ExpressionValue): readonly Expression[] {
  if (value.kind === 'functionCall') return [callExpression(value.call)];
  return value.kind === 'expression' ? [value.value] : bodyExpressions(value.body);
}

function bodyExpressions(body: InstructionBody): readonly Expression[] {
  switch (body.kind) {
    case 'assertEq':
      return [body.left, body.right];
    case 'jump':
    case 'call':
      return [body.target];
    case 'jumpIf':
      return [body.target, body.condition];
    case 'jumpLabel':
      return body.condition === undefined ? [body.label] : [body.label, body.condition];
    case 'callLabel':
      return [body.label];
    case 'return':
      return [];
    case 'addAp':
      return [body.amount];
    case 'word':
      return [body.value];
  }
}
