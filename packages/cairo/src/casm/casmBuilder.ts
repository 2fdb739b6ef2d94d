import { CairnError, invariant } from '@cairn/primitives';
import type { CasmErrorCode } from '../errors.ts';
import {
  assertEqual,
  type CasmInstruction,
  failInstruction,
  instruction,
  turnAround,
  wordCount,
} from './casmInstruction.ts';
import {
  apCell,
  asCellPlusConstant,
  type BinOp,
  type CellExpression,
  type CellOperator,
  type Deref,
  deref,
  fpCell,
  type Immediate,
  immediate,
  isOffset,
  sameExpression,
  shiftCell,
  shiftExpression,
} from './cellExpression.ts';
import { type CasmHint, type CellRef, formatHexInteger, type HintName, type ResOperand } from './hint.ts';

/** Handle of a value inside one {@link CasmBuilder}. */
export type Var = number & { readonly __brand: 'CasmVar' };

/** What is known at a program point: values relative to the ap at the builder's start, and the counters. */
interface BuilderState {
  /** Value of each {@link Var}; a hole is a variable that did not survive a merge or a call. */
  vars: (CellExpression | undefined)[];
  /** Cells allocated at ap since the start; ap must have reached them at the end. */
  allocated: number;
  apChange: number;
  stepCount: number;
}

interface Label {
  state: BuilderState;
  /** Word offset once the label was placed. */
  offset: number | undefined;
}

/** One end of the built code: its state seen from there, and the jumps that still need their target. */
export interface BuiltBranch {
  readonly apChange: number;
  readonly stepCount: number;
  /** Indices of the instructions that jump to this end. */
  readonly jumps: readonly number[];
  /** The value of `v` as seen at this end. */
  value(v: Var): CellExpression;
}

/** Name of the end that is reached by running off the last instruction. */
export const FALLTHROUGH = '';

/**
 * Writes CASM without thinking about ap: values are named by {@link Var}, `temp` cells are allocated in order,
 * and each instruction takes an `ap++` while allocated cells lie at or above ap. Labels merge states and
 * require that all ways to them agree. Wrong use throws `INTERNAL`: arguments are validated before.
 */
export class CasmBuilder {
  readonly instructions: CasmInstruction[] = [];
  #state: BuilderState = { vars: [], allocated: 0, apChange: 0, stepCount: 0 };
  #varCount = 0;
  #reachable = true;
  #wordOffset = 0;
  #hints: CasmHint[] = [];
  readonly #labels = new Map<string, Label>();
  readonly #jumps: { label: string; index: number; wordOffset: number }[] = [];

  /** Change of ap since the start, at this point. */
  get apChange(): number {
    return this.#state.apChange;
  }

  /** A variable with the given value, relative to ap at the builder's start. */
  var(value: CellExpression): Var {
    this.#state.vars[this.#varCount] = value;
    return this.#varCount++ as Var;
  }

  constant(value: bigint | number): Var {
    return this.var(immediate(value));
  }

  /** Another variable with the present value of `v`. */
  copy(v: Var): Var {
    return this.var(this.#get(v));
  }

  /** The next cell at ap; with `value` it is asserted to hold it. */
  temp(value?: Var): Var {
    const cell = this.var(deref(apCell(this.#state.allocated++)));
    if (value !== undefined) this.assert(cell, value);
    return cell;
  }

  temps(count: number): Var[] {
    return Array.from({ length: count }, () => this.temp());
  }

  /** The next cell at fp, of a function called inside the code; with `value` it is asserted to hold it. */
  local(value?: Var): Var {
    const cell = this.var(deref(fpCell(this.#state.allocated++)));
    if (value !== undefined) this.assert(cell, value);
    return cell;
  }

  /** A cell that holds `value`: the one it already is (also `x + 0`, `x * 1`), or a new temp. */
  stored(value: Var): Var {
    const expression = this.#get(value);
    if (expression.kind === 'deref') return this.var(expression);
    if (expression.kind === 'binOp' && expression.b.kind === 'immediate') {
      const neutral = expression.op === '+' || expression.op === '-' ? 0n : 1n;
      if (expression.b.value === neutral) return this.var(deref(expression.a));
    }
    return this.temp(value);
  }

  add(a: Var, b: Var): Var {
    return this.#binOp('+', a, b);
  }

  sub(a: Var, b: Var): Var {
    return this.#binOp('-', a, b);
  }

  mul(a: Var, b: Var): Var {
    return this.#binOp('*', a, b);
  }

  div(a: Var, b: Var): Var {
    return this.#binOp('/', a, b);
  }

  /** The value `[pointer + offset]`. */
  at(pointer: Var, offset = 0): Var {
    const base = this.#pointer(pointer, offset);
    return this.var({ kind: 'doubleDeref', cell: base.cell, offset: base.offset });
  }

  /** The value `[pointer]`, after which `pointer` means the next cell. */
  next(pointer: Var): Var {
    const { cell, offset } = this.#pointer(pointer, 0);
    this.#state.vars[pointer] = { kind: 'binOp', op: '+', a: cell, b: immediate(offset + 1) };
    return this.var({ kind: 'doubleDeref', cell, offset });
  }

  /** Asserts that the cell `dst` holds `value`; with `'qm31'` in the arithmetic of QM31. */
  assert(dst: Var, value: Var, field?: 'qm31'): void {
    const cell = this.#cell(dst);
    const expression = this.#shift(this.#get(value));
    if (field === 'qm31') {
      invariant(expression.kind === 'binOp', 'QM31 assertion of no operation');
      this.#push(instruction({ kind: 'qm31AssertEq', ...turnAround(cell, expression) }), true);
    } else {
      this.#push(assertEqual(cell, expression, false), true);
    }
  }

  /** `value = *(pointer++)` for every value. */
  write(pointer: Var, ...values: Var[]): void {
    for (const value of values) this.assert(value, this.next(pointer));
  }

  /** Adds a hint before the next instruction. */
  hint(name: HintName, inputs: Record<string, Var>, outputs: Record<string, Var> = {}): void {
    const fields: Record<string, ResOperand | CellRef> = {};
    for (const [field, v] of Object.entries(inputs)) fields[field] = operand(this.#shift(this.#get(v)));
    for (const [field, v] of Object.entries(outputs)) fields[field] = this.#cell(v);
    this.#hints.push({ [name]: fields } as CasmHint);
  }

  /** A hint with a constant field beside its operands. */
  hintWithConstant(
    name: HintName,
    field: string,
    value: bigint,
    inputs: Record<string, Var>,
    outputs: Record<string, Var>,
  ): void {
    this.hint(name, inputs, outputs);
    const hint = this.#hints.pop() as Record<string, Record<string, unknown>>;
    this.#hints.push({ [name]: { [field]: formatHexInteger(value), ...hint[name] } } as unknown as CasmHint);
  }

  /** `ap += amount`. */
  addAp(amount: number): void {
    this.#push(instruction({ kind: 'addAp', amount }), false);
    this.#state.apChange += amount;
  }

  /** Accounts for code placed before this builder's that moves ap by `amount`. */
  skipAp(amount: number): void {
    this.#state.apChange += amount;
    this.#state.allocated += amount;
  }

  jump(label: string): void {
    this.#pushJump(label, instruction({ kind: 'jump', target: 0 }), true);
    this.#arrive(label, this.#state);
    this.#reachable = false;
    // The state moved into the label; nothing may be emitted until the next label.
    this.#state = { vars: [], allocated: 0, apChange: 0, stepCount: 0 };
  }

  /** Jumps to `label` when the cell is not zero. */
  jumpIf(label: string, condition: Var): void {
    this.#pushJump(label, instruction({ kind: 'jnz', condition: this.#cell(condition), target: 0 }), true);
    this.#arrive(label, cloneState(this.#state));
  }

  /** Places `label` here. */
  label(name: string): void {
    let label = this.#labels.get(name);
    if (label === undefined) {
      invariant(this.#reachable, `nothing reaches the label ${name}`);
      label = { state: cloneState(this.#state), offset: undefined };
      this.#labels.set(name, label);
    } else if (this.#reachable) {
      merge(label.state, this.#state, false);
    }
    label.offset = this.#wordOffset;
    this.#state = cloneState(label.state);
    this.#reachable = true;
  }

  /** Keeps only the given variables, with the value of their partner, and restarts the counting of ap. */
  rescope(pairs: [Var, Var][]): void {
    this.#checkFinal(this.#state);
    const values = pairs.map(([v, source]) => [v, this.#shift(this.#get(source))] as const);
    this.#state = { ...this.#state, vars: [], allocated: 0, apChange: 0 };
    for (const [v, value] of values) this.#state.vars[v] = value;
  }

  /** Calls the code at `label`, which sees the ap-based variables as fp-based ones; returns its last `resultCount` cells. */
  call(label: string, resultCount: number): Var[] {
    this.#checkFinal(this.#state);
    const { vars, apChange, stepCount } = this.#state;
    const inner: BuilderState['vars'] = [];
    const kept: BuilderState['vars'] = [];
    vars.forEach((value, v) => {
      if (value === undefined) return;
      const { toCallee, toCaller } = visibility(value);
      // The call itself pushes two cells.
      if (toCallee) inner[v] = fpBased(defined(shiftExpression(value, apChange + 2)));
      if (toCaller) kept[v] = value;
    });
    this.#pushJump(label, instruction({ kind: 'call', target: 0 }), false);
    this.#state = { vars: kept, allocated: 0, apChange: 0, stepCount: stepCount + 1 };
    this.#arrive(label, { vars: inner, allocated: 0, apChange: 0, stepCount: 0 });
    return Array.from({ length: resultCount }, (_, i) => this.var(deref(apCell(i - resultCount))));
  }

  ret(): void {
    this.#checkFinal(this.#state);
    this.#push(instruction({ kind: 'ret' }), false);
    this.#reachable = false;
  }

  /** An assertion that always fails; what follows is unreachable until the next label. */
  fail(): void {
    this.#push(failInstruction(), false);
    this.#reachable = false;
  }

  /** States that the previous assertion cannot hold, so what follows is unreachable until the next label. */
  unreachable(): void {
    this.#reachable = false;
  }

  /** Steps since the start or the last call of this. */
  takeSteps(): number {
    const { stepCount } = this.#state;
    this.#state.stepCount = 0;
    return stepCount;
  }

  /** Resolves the inner jumps. `ends` are the labels outside the code, {@link FALLTHROUGH} included. */
  build(ends: readonly string[]): BuiltBranch[] {
    invariant(this.#hints.length === 0, 'hints after the last instruction');
    const jumps = new Map<string, number[]>(ends.map((end) => [end, []]));
    for (const { label, index, wordOffset } of this.#jumps) {
      const { offset } = defined(this.#labels.get(label));
      if (offset === undefined) defined(jumps.get(label)).push(index);
      else (this.instructions[index]!.body as { target: number }).target = offset - wordOffset;
    }
    const open = new Map<string, BuilderState>();
    for (const [name, { state, offset }] of this.#labels) if (offset === undefined) open.set(name, state);
    if (this.#reachable) open.set(FALLTHROUGH, this.#state);
    invariant(open.size === ends.length, `ends of the code: got ${[...open.keys()]}, expected ${ends}`);
    return ends.map((end) => {
      const state = defined(open.get(end));
      this.#checkFinal(state);
      const { vars, apChange, stepCount } = state;
      return {
        apChange,
        stepCount,
        jumps: defined(jumps.get(end)),
        value: (v) => defined(shiftExpression(defined(vars[v]), apChange)),
      };
    });
  }

  #get(v: Var): CellExpression {
    return defined(this.#state.vars[v]);
  }

  #shift(expression: CellExpression): CellExpression {
    return defined(shiftExpression(expression, this.#state.apChange));
  }

  #cell(v: Var): CellRef {
    const value = this.#get(v);
    if (value.kind !== 'deref') throw unstored('a cell is needed');
    return defined(shiftCell(value.cell, this.#state.apChange));
  }

  #pointer(v: Var, extra: number): { cell: CellRef; offset: number } {
    const base = defined(asCellPlusConstant(this.#get(v)));
    const offset = base.offset + extra;
    if (!isOffset(base.offset) || !isOffset(offset))
      throw unstored(`pointer offset beyond 16 bits: ${offset}`);
    return { cell: base.cell, offset };
  }

  #binOp(op: CellOperator, a: Var, b: Var): Var {
    const left = this.#get(a);
    const right = this.#get(b);
    if (left.kind === 'deref') {
      if (right.kind !== 'deref' && right.kind !== 'immediate')
        throw unstored('a cell or a constant is needed');
      return this.var({ kind: 'binOp', op, a: left.cell, b: right });
    }
    const sum = left.kind === 'binOp' && left.op === '+' && left.b.kind === 'immediate' && op === '+';
    if (!sum || right.kind !== 'immediate') throw unstored('an operation on operands that have no cell');
    return this.var({
      ...(left as BinOp),
      b: immediate((left as BinOp & { b: Immediate }).b.value + right.value),
    });
  }

  #push(added: CasmInstruction, mayIncAp: boolean): void {
    invariant(this.#reachable, 'instruction at an unreachable place');
    const state = this.#state;
    if (mayIncAp && state.allocated > state.apChange) {
      state.apChange++;
      added.incAp = true;
    }
    if (this.#hints.length > 0) {
      added.hints = this.#hints;
      this.#hints = [];
    }
    state.stepCount++;
    this.#wordOffset += wordCount(added);
    this.instructions.push(added);
  }

  #pushJump(label: string, added: CasmInstruction, mayIncAp: boolean): void {
    this.#jumps.push({ label, index: this.instructions.length, wordOffset: this.#wordOffset });
    this.#push(added, mayIncAp);
  }

  #arrive(label: string, state: BuilderState): void {
    const known = this.#labels.get(label);
    if (known === undefined) this.#labels.set(label, { state, offset: undefined });
    else merge(known.state, state, known.offset !== undefined);
  }

  #checkFinal({ apChange, allocated }: BuilderState): void {
    invariant(apChange >= allocated, `ap grew by ${apChange}, allocated are ${allocated} cells`);
  }
}

function cloneState(state: BuilderState): BuilderState {
  return { ...state, vars: state.vars.slice() };
}

/** Narrows `into` to what both ways agree on; a placed label may no longer change its step count. */
function merge(into: BuilderState, other: BuilderState, placed: boolean): void {
  invariant(into.apChange === other.apChange, 'merged ways differ in ap');
  invariant(into.allocated === other.allocated, 'merged ways differ in allocations');
  if (placed) invariant(into.stepCount >= other.stepCount, 'a placed label got a longer way');
  else into.stepCount = Math.max(into.stepCount, other.stepCount);
  into.vars = into.vars.map((value, v) => {
    const theirs = other.vars[v];
    if (value === undefined || theirs === undefined) return undefined;
    invariant(sameExpression(value, theirs), 'merged ways differ in a value');
    return value;
  });
}

/** Who still sees a value after a call: ap-based ones go to the callee, fp-based ones stay, constants both. */
function visibility(value: CellExpression): { toCallee: boolean; toCaller: boolean } {
  const both = { toCallee: true, toCaller: true };
  const of = ({ register }: CellRef) => ({ toCallee: register === 'AP', toCaller: register === 'FP' });
  if (value.kind === 'immediate') return both;
  if (value.kind !== 'binOp') return of(value.cell);
  if (value.b.kind === 'immediate') return both;
  if (value.b.cell.register !== value.a.register) return { toCallee: false, toCaller: false };
  return of(value.a);
}

function fpBased(value: CellExpression): CellExpression {
  const move = ({ offset }: CellRef): CellRef => fpCell(offset);
  if (value.kind === 'immediate') return value;
  if (value.kind !== 'binOp') return { ...value, cell: move(value.cell) };
  const b: Deref | Immediate = value.b.kind === 'immediate' ? value.b : deref(move(value.b.cell));
  return { ...value, a: move(value.a), b };
}

function operand(value: CellExpression): ResOperand {
  switch (value.kind) {
    case 'deref':
      return { Deref: value.cell };
    case 'doubleDeref':
      return { DoubleDeref: [value.cell, value.offset] };
    case 'immediate':
      return { Immediate: formatHexInteger(value.value) };
    case 'binOp': {
      invariant(value.op === '+' || value.op === '*', 'hint operand is a difference or quotient');
      const b =
        value.b.kind === 'deref' ? { Deref: value.b.cell } : { Immediate: formatHexInteger(value.b.value) };
      return { BinOp: { op: value.op === '+' ? 'Add' : 'Mul', a: value.a, b } };
    }
  }
}

function defined<T>(value: T | undefined): T {
  invariant(value !== undefined, 'missing value in a CASM builder');
  return value;
}

/** A value was not stored where an instruction needs a cell: the program's fault, when it chose the value. */
function unstored(what: string): CairnError<CasmErrorCode> {
  return new CairnError('UNSTORED_OPERAND', what);
}
