import {
  type CellExpression,
  deref,
  fpCell,
  isApIndependent,
  isOffset,
  sameExpression,
  shiftExpression,
} from '../casm/cellExpression.ts';
import {
  AP_TRACKING_DISABLED,
  type ApTracking,
  type Environment,
  type FrameState,
  sameApTracking,
  sameFrame,
} from './environment.ts';
import { refuse } from './errors.ts';
import { sameAmounts, type Wallet } from './gasInfo.ts';
import type { SierraFunction, TypeId, VarId } from './program.ts';
import type { TypeRegistry } from './typeRegistry.ts';

/** Where a value was made: the branch of a statement that made it, or the function's parameter. */
export interface Introduction {
  /** Undefined for parameters. */
  readonly source: number | undefined;
  readonly destination: number;
  readonly output: number;
}

/** The value of a Sierra variable at a program point. */
export interface Reference {
  readonly cells: readonly CellExpression[];
  readonly type: TypeId;
  /** Position on the contiguous known stack, 0 the oldest. */
  readonly stackIndex: number | undefined;
  readonly introduction: Introduction;
}

/** What is known when control reaches a statement. */
export interface Annotation {
  readonly refs: Map<VarId, Reference>;
  readonly fn: number;
  /** False where only one way may lead, because it is a branch or a function's start. */
  readonly mayConverge: boolean;
  readonly environment: Environment;
  readonly wallet: Wallet;
}

/** How one branch of an invocation changes what is known. */
export interface BranchChanges {
  /** New references in the order of the branch's results. */
  readonly refs: readonly Reference[];
  /** Undefined when unknown. */
  readonly apChange: number | undefined;
  readonly tracking: 'enable' | 'disable' | 'keep';
  readonly clearsStack: boolean;
  readonly stackSize: number;
  /** Gas after the branch. */
  readonly wallet: Wallet;
  readonly frame: FrameState;
}

function fault(statement: number, what: string): Error {
  return refuse('INVALID_STATEMENT', `statement ${statement}: ${what}`, { statement });
}

/** Annotations of all statements, filled along the walk over the program. */
export class ProgramAnnotations {
  readonly #annotations: (Annotation | undefined)[];
  /** Statements that later statements jump to; their annotation is kept for comparison. */
  readonly #backwardTargets: ReadonlySet<number>;

  constructor(statementCount: number, backwardTargets: ReadonlySet<number>) {
    this.#annotations = new Array(statementCount);
    this.#backwardTargets = backwardTargets;
  }

  /** Annotates the start of a function: parameters lie below fp. */
  addFunction(
    fn: number,
    { entryPoint, params, paramTypes }: SierraFunction,
    types: TypeRegistry,
    wallet: Wallet,
  ): void {
    const refs = new Map<VarId, Reference>();
    let end = -2;
    for (let i = params.length - 1; i >= 0; i--) {
      const type = paramTypes[i]!;
      const size = types.size(type);
      const start = end - size;
      if (!isOffset(start))
        throw refuse('INVALID_FUNCTION', `function ${fn}: too many parameter cells`, { function: fn });
      if (refs.has(params[i]!))
        throw refuse('INVALID_FUNCTION', `function ${fn}: two parameters share a name`, { function: fn });
      refs.set(params[i]!, {
        cells: Array.from({ length: size }, (_, cell) => deref(fpCell(start + cell))),
        type,
        stackIndex: undefined,
        introduction: { source: undefined, destination: entryPoint, output: params.length - 1 - i },
      });
      end = start;
    }
    this.#arrive(entryPoint, {
      refs,
      fn,
      mayConverge: false,
      environment: {
        apTracking: { enabled: true, apChange: 0, base: 'function' },
        stackSize: 0,
        frame: { kind: 'beforeAllocation' },
      },
      wallet,
    });
  }

  /** The annotation of a statement without its arguments, and the arguments. Once per statement. */
  take(statement: number, args: readonly VarId[]): { annotation: Annotation; args: Reference[] } {
    const annotation = this.#annotations[statement];
    if (annotation === undefined) throw fault(statement, 'nothing leads to it');
    const isKept = this.#backwardTargets.has(statement);
    const refs = isKept ? new Map(annotation.refs) : annotation.refs;
    if (!isKept) this.#annotations[statement] = undefined;
    const taken = args.map((variable) => {
      const reference = refs.get(variable);
      if (reference === undefined) throw fault(statement, `variable ${variable} is not defined`);
      refs.delete(variable);
      return reference;
    });
    return { annotation: { ...annotation, refs }, args: taken };
  }

  /**
   * Carries what is known after `source` to `destination`, where it must agree with what came before. `refs` of
   * `annotation` is consumed.
   */
  propagate(
    source: number,
    destination: number,
    annotation: Annotation,
    results: readonly VarId[],
    changes: BranchChanges,
    isBranching: boolean,
  ): void {
    if (isBranching && this.#annotations[destination] !== undefined)
      throw fault(destination, `another way than the branch of statement ${source} leads to it`);
    const { refs } = annotation;
    moveReferences(refs, changes, destination);
    results.forEach((variable, i) => {
      if (refs.has(variable)) throw fault(source, `variable ${variable} is already defined`);
      refs.set(variable, changes.refs[i]!);
    });
    const stackSize = fixStack(refs, changes.stackSize);
    this.#arrive(destination, {
      refs,
      fn: annotation.fn,
      mayConverge: !isBranching,
      environment: {
        apTracking: track(annotation.environment.apTracking, changes, source, destination),
        stackSize,
        frame: changes.frame,
      },
      wallet: changes.wallet,
    });
  }

  #arrive(statement: number, arriving: Annotation): void {
    const known = this.#annotations[statement];
    if (known === undefined) {
      this.#annotations[statement] = arriving;
      return;
    }
    if (known.fn !== arriving.fn) throw fault(statement, 'belongs to two functions');
    if (!sameApTracking(known.environment.apTracking, arriving.environment.apTracking))
      throw fault(statement, 'ways to it differ in ap tracking');
    if (!sameFrame(known.environment.frame, arriving.environment.frame))
      throw fault(statement, 'ways to it differ in locals');
    if (!sameAmounts(known.wallet, arriving.wallet)) throw fault(statement, 'ways to it differ in gas');
    checkSameReferences(statement, known, arriving);
    if (!known.mayConverge) throw fault(statement, 'more than one way leads to it');
  }
}

/** Applies the change of ap, and forgets the stack when it was broken. */
function moveReferences(
  refs: Map<VarId, Reference>,
  { apChange, clearsStack }: BranchChanges,
  destination: number,
): void {
  if (apChange === 0 && !clearsStack) return;
  for (const [variable, reference] of refs) {
    let { cells, stackIndex } = reference;
    if (clearsStack) stackIndex = undefined;
    if (apChange === undefined) {
      if (!cells.every(isApIndependent))
        throw fault(destination, `ap changed by an unknown amount since variable ${variable} was made`);
    } else if (apChange !== 0) {
      cells = cells.map((cell) => {
        const moved = shiftExpression(cell, apChange);
        if (moved === undefined) throw fault(destination, `variable ${variable} is out of reach`);
        return moved;
      });
    }
    if (cells !== reference.cells || stackIndex !== reference.stackIndex)
      refs.set(variable, { ...reference, cells, stackIndex });
  }
}

/** Cuts the stack below the newest variable that was consumed; returns what remains contiguous. */
function fixStack(refs: Map<VarId, Reference>, size: number): number {
  if (size === 0) return 0;
  const isPresent = new Uint8Array(size);
  for (const { stackIndex } of refs.values()) if (stackIndex !== undefined) isPresent[stackIndex] = 1;
  const missing = isPresent.lastIndexOf(0);
  if (missing === -1) return size;
  const removed = missing + 1;
  for (const [variable, reference] of refs) {
    const { stackIndex } = reference;
    if (stackIndex === undefined) continue;
    refs.set(variable, {
      ...reference,
      stackIndex: stackIndex >= removed ? stackIndex - removed : undefined,
    });
  }
  return size - removed;
}

function track(
  tracking: ApTracking,
  changes: BranchChanges,
  source: number,
  destination: number,
): ApTracking {
  if (changes.tracking === 'disable') return AP_TRACKING_DISABLED;
  if (changes.tracking === 'enable') {
    if (tracking.enabled) throw fault(source, 'ap tracking is already enabled');
    return { enabled: true, apChange: 0, base: destination };
  }
  if (!tracking.enabled || changes.apChange === undefined) return AP_TRACKING_DISABLED;
  if (changes.apChange === 0) return tracking;
  return { ...tracking, apChange: tracking.apChange + changes.apChange };
}

/** The same variables with the same values; those that depend on ap and are off the stack must be the same ones. */
function checkSameReferences(statement: number, known: Annotation, arriving: Annotation): void {
  if (known.refs.size !== arriving.refs.size) throw fault(statement, 'ways to it differ in variables');
  for (const [variable, actual] of arriving.refs) {
    const expected = known.refs.get(variable);
    const differ = (what: string) => fault(statement, `ways to it differ in ${what} of variable ${variable}`);
    if (expected === undefined) throw differ('the presence');
    if (actual.type !== expected.type) throw differ('the type');
    const isSame =
      actual.cells.length === expected.cells.length &&
      actual.cells.every((cell, i) => sameExpression(cell, expected.cells[i]!));
    if (!isSame) throw differ('the value');
    if (actual.stackIndex !== expected.stackIndex) throw differ('the stack position');
    if (actual.stackIndex !== undefined || actual.cells.every(isApIndependent)) continue;
    if (!arriving.environment.apTracking.enabled) throw differ('ap-based cells without ap tracking');
    const { source, destination, output } = actual.introduction;
    const other = expected.introduction;
    if (source !== other.source || destination !== other.destination || output !== other.output)
      throw differ('the origin');
  }
}
