import { constant, type Expression, type Identifier } from '../ast/expression.ts';
import type { InstructionBody } from '../ast/statement.ts';
import { type ApChange, addApChanges } from '../flow/apChange.ts';
import type { FoundName, NameProblem } from '../names/identifierTable.ts';
import type { NameResolver } from '../names/nameResolver.ts';
import { zeroError } from '../zeroError.ts';
import type { FunctionFacts } from './emitter.ts';

/** An instruction with its expressions worked out, and where it leads. */
export interface ResolvedBody {
  body: InstructionBody;
  /** How ap moves on the way to the next instruction; undefined when there is no such way. */
  next: ApChange | undefined;
  /** Full name of the label it may jump to. */
  jumpsTo?: string;
}

/** What resolving needs of the place the instruction stands at. */
export interface BodyScope {
  names: NameResolver;
  functions: ReadonlyMap<string, FunctionFacts>;
  simplifyCell(expression: Expression): Expression;
}

/** A call pushes fp and the return address. */
const CALL_FRAME = 2;
/** Beyond this a change of ap is no number of cells. */
const MAX_AP_CHANGE = 2n ** 48n;

/**
 * Works out an instruction at `pc`; labels that are not placed yet stay.
 * @throws CairnError
 */
export function resolveBody(scope: BodyScope, body: InstructionBody, pc: number): ResolvedBody {
  const simplify = (expression: Expression) => scope.simplifyCell(expression);
  switch (body.kind) {
    case 'assertEq':
      return { body: { ...body, left: simplify(body.left), right: simplify(body.right) }, next: 0 };
    case 'jump':
      forgetApChange(scope);
      return { body: { ...body, target: simplify(body.target) }, next: undefined };
    case 'jumpIf': {
      forgetApChange(scope);
      const target = simplify(body.target);
      return { body: { ...body, target, condition: simplify(body.condition) }, next: 0 };
    }
    case 'jumpLabel':
      return resolveJump(scope, body, pc);
    case 'call':
      return { body: { ...body, target: simplify(body.target) }, next: 'unknown' };
    case 'callLabel': {
      const label = findLabel(scope.names, body.label, body.isFullName);
      if (label.pc === undefined) return { body, next: 'unknown' };
      const facts = scope.functions.get(label.fullName);
      const change = facts?.isComplete ? facts.apChange! : 'unknown';
      const target = constant(label.pc - pc, body.label.span);
      return {
        body: { kind: 'call', target, relative: true, span: body.span },
        next: addApChanges(CALL_FRAME, change),
      };
    }
    case 'return':
      return { body, next: undefined };
    case 'addAp': {
      const amount = simplify(body.amount);
      if (amount.kind !== 'constant') return { body: { ...body, amount }, next: 'unknown' };
      if (amount.value >= MAX_AP_CHANGE || amount.value <= -MAX_AP_CHANGE)
        throw zeroError('ZERO_TOO_COMPLEX', `ap cannot move by ${amount.value}.`, amount.span);
      return { body: { ...body, amount }, next: Number(amount.value) };
    }
    case 'word':
      return { body: { ...body, value: simplify(body.value) }, next: undefined };
  }
}

function resolveJump(
  scope: BodyScope,
  body: Extract<InstructionBody, { kind: 'jumpLabel' }>,
  pc: number,
): ResolvedBody {
  const label = findLabel(scope.names, body.label, false);
  const condition = body.condition && scope.simplifyCell(body.condition);
  const ways = { next: condition === undefined ? undefined : 0, jumpsTo: label.fullName };
  if (label.pc === undefined) return { body: { ...body, condition }, ...ways };
  // A loop may run any number of times.
  if (label.pc <= pc) forgetApChange(scope);
  const target = constant(label.pc - pc, body.label.span);
  const { span } = body;
  return condition === undefined
    ? { body: { kind: 'jump', target, relative: true, span }, ...ways }
    : { body: { kind: 'jumpIf', target, condition, span }, ...ways };
}

/** How the function moves ap can no longer be said. */
function forgetApChange({ names, functions }: BodyScope): void {
  const facts = functions.get(names.scopes.at(-1) ?? '');
  if (facts !== undefined) facts.apChange = 'unknown';
}

/** The label's full name, and its place once it is known. */
function findLabel(
  names: NameResolver,
  label: Identifier,
  isFullName: boolean,
): { fullName: string; pc: number | undefined } {
  const found: FoundName | NameProblem = isFullName
    ? names.table.resolve(label.name)
    : names.table.search(names.scopes, label.name);
  if ('problem' in found) throw zeroError('ZERO_UNKNOWN_IDENTIFIER', found.problem, label.span);
  const { definition, fullName, rest } = found;
  if (rest.length === 0) {
    if (definition.kind === 'label' || definition.kind === 'function') return { fullName, pc: definition.pc };
    if (definition.kind === 'future') return { fullName, pc: undefined };
  }
  const problem = `Expected a label name. Identifier '${label.name}' is of type ${definition.kind}.`;
  throw zeroError('ZERO_WRONG_IDENTIFIER', problem, label.span);
}
