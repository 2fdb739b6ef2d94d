import { type CairoType, formatType, isSingleCell, sameType } from '../ast/cairoType.ts';
import {
  cast,
  cellReference,
  constant,
  type Expression,
  type Identifier,
  type Register,
} from '../ast/expression.ts';
import type { Block, InstructionBody, SourceInstruction, Statement } from '../ast/statement.ts';
import type { CompiledAttribute } from '../compiledProgram.ts';
import { checkComplexity, MAX_NODE_COUNT } from '../expressions/checkComplexity.ts';
import { mapExpression } from '../expressions/expressionChildren.ts';
import { simplifyExpression } from '../expressions/simplifyExpression.ts';
import { type TypedExpression, typeExpression } from '../expressions/typeExpression.ts';
import { type ApChange, type ApTracking, apDistance, eitherApChange } from '../flow/apChange.ts';
import { type FlowState, FlowTracking } from '../flow/flowTracking.ts';
import type { Reference } from '../flow/reference.ts';
import type { Definition, ReferenceDefinition } from '../names/definition.ts';
import type { NameResolver } from '../names/nameResolver.ts';
import { describeSpan, outermost, reachedFrom, type SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { buildInstruction, codeSize, isCell, type MachineCode } from './buildInstruction.ts';
import { resolveBody } from './resolveBody.ts';

/** A hint and what is known where it stands. */
export interface EmittedHint {
  code: string;
  span: SourceSpan;
  flow: FlowState;
}

/** An instruction of the program; `code` once its labels are known. */
export interface EmittedInstruction {
  source: SourceInstruction;
  pc: number;
  code: MachineCode | undefined;
  /** The scopes in reach, outermost first. */
  scopes: readonly string[];
  hints: readonly EmittedHint[];
}

/** What is known of a function so far; the change of ap from its start to its returns counts once complete. */
export interface FunctionFacts {
  initialAp: ApTracking;
  isComplete: boolean;
  apChange: ApChange | undefined;
}

/** A variable that had lost its value when it was used, and the error that says so. */
export interface LostVariable {
  name: string;
  error(): Error;
}

const TEMPORARY_PREFIX = '__temp';
const TEMPORARY = new RegExp(`\\.${TEMPORARY_PREFIX}\\d+$`);

/** Most words of a program. */
const MAX_PROGRAM_SIZE = 2 ** 22;

/** The program as far as it is compiled, and the place the compiler has come to. */
export class Emitter {
  readonly names: NameResolver;
  readonly flow = new FlowTracking();
  readonly functions = new Map<string, FunctionFacts>();
  readonly instructions: EmittedInstruction[] = [];
  readonly attributes: CompiledAttribute[] = [];
  /** Scopes of functions left out because nothing reaches them. */
  readonly removedScopes = new Set<string>();
  /** Words so far: the place of the next instruction. */
  pc = 0;
  /** Full names of variables that calls may take and give back as implicit arguments. */
  implicitVariables: ReadonlySet<string> = new Set();
  /** Whether nothing but directives has been seen in this file. */
  areDirectivesAllowed = false;
  /** Nodes that references brought into the expression being simplified. */
  #expandedNodeCount = 0;
  #temporaryCount = 0;
  /** While a block is tried: the variables it used after they lost their values, by the lost reference. */
  #lostVariables: Map<Reference, LostVariable> | undefined;
  #pendingHints: EmittedHint[] = [];
  #statement: Statement | undefined;
  readonly #compile: (emitter: Emitter, statement: Statement) => void;

  constructor(names: NameResolver, compile: (emitter: Emitter, statement: Statement) => void) {
    this.names = names;
    this.#compile = compile;
  }

  /** Compiles one statement that the compiler made up in the course of another. */
  run(statement: Statement): void {
    this.#compile(this, statement);
  }

  /** Compiles a block as it is written. */
  runBlock(block: Block): void {
    const outer = this.#statement;
    for (const statement of block) {
      this.#statement = statement;
      this.#compile(this, statement);
      if (statement.kind !== 'builtins' && statement.kind !== 'language') this.areDirectivesAllowed = false;
    }
    this.#statement = outer;
    this.refuseHints('Found a hint at the end of a code block. Hints must be followed by an instruction.');
  }

  /**
   * Compiles a block in which variables may have lost their values. If any had, they are returned and the program is
   * as before, but for two things that compiled programs in the field show: values bound to parameters stay listed
   * with them, and a function that moved ap by different amounts in two tries counts as moving it by an unknown one.
   */
  tryBlock(block: Block): ReadonlyMap<Reference, LostVariable> {
    const { pc } = this;
    const temporaryCount = this.#temporaryCount;
    const instructionCount = this.instructions.length;
    const attributeCount = this.attributes.length;
    const checkpoint = this.flow.checkpoint();
    const lost = new Map<Reference, LostVariable>();
    this.#lostVariables = lost;
    this.names.table.startTrial();
    this.runBlock(block);
    this.#lostVariables = undefined;
    this.names.table.endTrial(lost.size === 0);
    if (lost.size === 0) return lost;
    this.flow.restore(checkpoint);
    this.instructions.length = instructionCount;
    this.attributes.length = attributeCount;
    this.pc = pc;
    this.#temporaryCount = temporaryCount;
    return lost;
  }

  /** A value with names, members and casts gone, constants folded; and its type. */
  simplify(expression: Expression): TypedExpression {
    this.#expandedNodeCount = 0;
    const { value, type } = typeExpression(expression, this);
    return { value: simplifyExpression(value, 'felt'), type: this.names.resolveType(type) };
  }

  /** As {@link simplify}, for what one cell holds. */
  simplifyCell(expression: Expression): Expression {
    const { value, type } = this.simplify(expression);
    if (!isSingleCell(type))
      throw zeroError(
        'ZERO_TYPE',
        `Expected a 'felt' or a pointer type. Got: '${formatType(type)}'.`,
        value.span,
      );
    return value;
  }

  /** What a name in an expression stands for here. */
  valueOf(name: Identifier): Expression {
    const { span } = name;
    const found = this.names.searchValue(name.name, span);
    switch (found.kind) {
      case 'future':
        if (found.definitionKind === 'label' || found.definitionKind === 'function')
          return { kind: 'futureLabel', label: name, typed: true, span };
        throw zeroError(
          'ZERO_WRONG_IDENTIFIER',
          `Identifier '${name.name}' referenced before definition.`,
          span,
        );
      case 'const':
        return constant(found.value, span);
      case 'member':
        return constant(found.offset, span);
      case 'label':
      case 'function':
        return cast(constant(found.pc, span), { kind: 'codeoffset', span }, span);
      case 'reference':
        return this.#variable(found, [], name);
      case 'memberPath':
        return this.#variable(found.reference, found.members, name);
      default:
        throw zeroError(
          'ZERO_WRONG_IDENTIFIER',
          `Unexpected identifier ${name.name} of type ${found.kind}.`,
          span,
        );
    }
  }

  #variable(definition: ReferenceDefinition, members: readonly string[], name: Identifier): Expression {
    const { span } = name;
    const select = (base: Expression): Expression =>
      members.reduce((inner, member): Expression => ({ kind: 'member', base: inner, member, span }), base);
    const found = this.flow.valueOf(definition.fullName);
    if (found.kind === 'value') {
      this.#countNodes(found.nodeCount, span);
      return select(reachedThrough(found.value, span, `While expanding the reference '${name.name}' in:`));
    }
    const error = () => {
      const spans = found.kind === 'lost' ? found.reference.spans : [];
      const notes = spans.length === 0 ? [] : ['Reference was defined here:'];
      notes.push(...spans.map((place) => describeSpan(outermost(place), '')));
      return zeroError('ZERO_REVOKED_REFERENCE', `Reference '${name.name}' was revoked.`, span, notes);
    };
    if (found.kind === 'missing' || this.#lostVariables === undefined) throw error();
    // The function is compiled again with the variable made local; until then any value will do.
    this.#lostVariables.set(found.reference, { name: definition.fullName, error });
    return select(cellReference('fp', 0, definition.type, span));
  }

  #countNodes(nodeCount: number, span: SourceSpan): void {
    this.#expandedNodeCount += nodeCount;
    if (this.#expandedNodeCount > MAX_NODE_COUNT)
      throw zeroError('ZERO_TOO_COMPLEX', 'With its references, this expression is too large.', span);
  }

  /** Gives a declared name its definition. @throws CairnError `ZERO_REDEFINITION` */
  define(fullName: string, definition: Definition, span: SourceSpan | undefined): void {
    const declared = this.names.table.get(fullName);
    if (declared !== undefined && declared.kind !== 'future')
      throw zeroError('ZERO_REDEFINITION', `Redefinition of '${fullName}'.`, span);
    if (declared === undefined && !TEMPORARY.test(fullName))
      throw zeroError('ZERO_UNKNOWN_IDENTIFIER', `'${fullName}' is not declared.`, span);
    this.names.table.define(fullName, definition);
  }

  /** From here on the variable stands for `value`. */
  bind(fullName: string, value: Expression, type: CairoType, span: SourceSpan): void {
    if (fullName.endsWith('._'))
      throw zeroError('ZERO_INVALID_REFERENCE', "Reference name cannot be '_'.", span);
    const nodeCount = checkComplexity(value);
    const { apTracking } = this.flow;
    const { pc } = this;
    const reference = { pc, value, nodeCount, apTracking, spans: [span], statement: this.#statement };
    this.flow.bind(fullName, reference);
    const existing = this.names.table.get(fullName);
    if (existing?.kind !== 'reference') {
      this.define(fullName, { kind: 'reference', fullName, type, references: [reference] }, span);
      return;
    }
    if (!sameType(existing.type, type)) {
      const [before, after] = [formatType(existing.type), formatType(type)];
      throw zeroError(
        'ZERO_TYPE',
        `Reference rebinding must preserve the reference type. Previous type: '${before}', new type: '${after}'.`,
        span,
      );
    }
    existing.references.push(reference);
  }

  /** From here on the variable of the innermost scope lies at `[register + offset]`. */
  bindCell(name: string, register: Register, offset: number, type: CairoType, span: SourceSpan): void {
    this.bind(this.names.qualify(name), cellReference(register, offset, type, span), type, span);
  }

  /** A name no program has used so far. */
  newTemporary(): string {
    return `${TEMPORARY_PREFIX}${this.#temporaryCount++}`;
  }

  /** A hint for the next instruction. */
  addHint(code: string, span: SourceSpan): void {
    this.#pendingHints.push({ code, span, flow: this.flow.state });
  }

  /** @throws CairnError `ZERO_HINT` when a hint waits for its instruction. */
  refuseHints(problem: string): void {
    const [hint] = this.#pendingHints;
    if (hint !== undefined) throw zeroError('ZERO_HINT', problem, hint.span);
  }

  /** Appends an instruction and follows where it leads. */
  emit(body: InstructionBody, span: SourceSpan, incrementAp = false): void {
    this.flow.begin();
    const { scopes } = this.names;
    const resolved = resolveBody(this, body, this.pc);
    const source = { body: resolved.body, incrementAp, span };
    const step = incrementAp ? 1 : 0;
    if (body.kind === 'return') this.#noteReturn();
    if (resolved.jumpsTo !== undefined) this.flow.jumpTo(resolved.jumpsTo, step);
    if (resolved.next === undefined) this.flow.stop();
    else this.flow.moveAp(resolved.next === 'unknown' ? 'unknown' : resolved.next + step);
    const code = hasOpenLabel(resolved.body) ? undefined : buildInstruction(source);
    this.instructions.push({ source, pc: this.pc, code, scopes, hints: this.#pendingHints });
    this.#pendingHints = [];
    this.pc += code === undefined ? 2 : codeSize(code);
    if (this.pc > MAX_PROGRAM_SIZE)
      throw zeroError('ZERO_TOO_COMPLEX', `The program exceeds ${MAX_PROGRAM_SIZE} words.`, span);
  }

  #noteReturn(): void {
    const facts = this.functions.get(this.names.scopes.at(-1) ?? '');
    if (facts === undefined) return;
    facts.apChange = eitherApChange(facts.apChange, apDistance(facts.initialAp, this.flow.apTracking));
  }
}

/** Whether the instruction takes two words, of which the second awaits a label. */
function hasOpenLabel(body: InstructionBody): boolean {
  if (body.kind === 'jumpLabel' || body.kind === 'callLabel') return true;
  return body.kind === 'assertEq' && isCell(body.left) && isOpenConstant(body.right);
}

/** Whether an expression is constant but for labels to come. */
function isOpenConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'futureLabel':
      return true;
    case 'binary': {
      const { left, right } = expression;
      const isOpen = isOpenConstant(left) || isOpenConstant(right);
      return isOpen && [left, right].every((side) => side.kind === 'constant' || isOpenConstant(side));
    }
    case 'negate':
      return isOpenConstant(expression.operand);
    default:
      return false;
  }
}

/** The expression with every part said to be reached through `span`. */
export function reachedThrough(expression: Expression, span: SourceSpan, message: string): Expression {
  const mark = (inner: Expression): Expression => ({
    ...mapExpression(inner, mark),
    span: reachedFrom(inner.span, span, message),
  });
  return mark(expression);
}
