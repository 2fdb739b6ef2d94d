import { invariant } from '@cairn/primitives';
import { type BuiltBranch, CasmBuilder, FALLTHROUGH, type Var } from '../casm/casmBuilder.ts';
import type { CasmInstruction } from '../casm/casmInstruction.ts';
import {
  addConstant,
  asCellPlusConstant,
  type CellExpression,
  deref,
  fpCell,
  isOffset,
} from '../casm/cellExpression.ts';
import type { CellRef } from '../casm/hint.ts';
import {
  type BranchCost,
  NO_PRE_COST,
  type PreCost,
  RANGE_CHECK_COST,
  RANGE_CHECK96_COST,
  regularCost,
  STEP_COST,
} from './costToken.ts';
import type { Environment, FrameState } from './environment.ts';
import { refuse } from './errors.ts';
import type { GenericArg, SierraFunction, TypeId } from './program.ts';
import type { TypeRegistry } from './typeRegistry.ts';

/** Where an output of a libfunc lives, as far as callers may rely on it. */
export type OutputRef =
  /** The value of a parameter, unchanged. */
  | { readonly kind: 'sameAs'; readonly param: number }
  /** New cells at the top of the stack, in the order of `index`. */
  | { readonly kind: 'temp'; readonly index: number }
  | { readonly kind: 'local' }
  /** Cells, anywhere. */
  | { readonly kind: 'derefs' }
  /** Any expression. */
  | { readonly kind: 'deferred' }
  | { readonly kind: 'zeroSized' };

export const deferred: OutputRef = { kind: 'deferred' };
export const derefs: OutputRef = { kind: 'derefs' };
export const local: OutputRef = { kind: 'local' };
export const zeroSized: OutputRef = { kind: 'zeroSized' };
export const temp = (index: number): OutputRef => ({ kind: 'temp', index });
export const sameAs = (param: number): OutputRef => ({ kind: 'sameAs', param });

export interface Output {
  readonly type: TypeId;
  readonly ref: OutputRef;
}

export const output = (type: TypeId, ref: OutputRef): Output => ({ type, ref });

/**
 * How a branch moves ap: `newVars` only by its temp outputs (the stack below stays known), `branchAlign` by the
 * amount that aligns branches, `other` otherwise.
 */
export type StackEffect = 'newVars' | 'branchAlign' | 'other';

export interface BranchSignature {
  readonly outputs: readonly Output[];
  readonly stack: StackEffect;
}

/** Parameters and branches of a libfunc; exactly the branch `fallthrough` continues at the next statement. */
export interface LibfuncSignature {
  readonly params: readonly TypeId[];
  readonly branches: readonly BranchSignature[];
  readonly fallthrough: number | undefined;
}

/** How a branch changes ap, as far as known before the passes that compute it. */
export type ApChange =
  | number
  | 'unknown'
  | 'branchAlign'
  | 'finalizeLocals'
  | 'enableTracking'
  | 'disableTracking'
  | { readonly allocLocal: number }
  | { readonly functionCall: number };

/** A constant of an instruction that is known once all code is placed. */
export type RelocationTarget =
  | { readonly kind: 'statement'; readonly index: number }
  | { readonly kind: 'segmentStart'; readonly segment: number }
  | { readonly kind: 'const'; readonly segment: number; readonly type: TypeId }
  | { readonly kind: 'circuit'; readonly type: TypeId }
  | { readonly kind: 'endOfProgram' };

/** Adds the distance from the instruction to `target` to the instruction's constant. */
export interface Relocation {
  readonly instruction: number;
  readonly target: RelocationTarget;
}

/** An invocation as its generator sees it. */
export interface Call {
  /** Cells of each argument. */
  readonly args: readonly (readonly CellExpression[])[];
  /** Statement each branch continues at. */
  readonly targets: readonly number[];
  readonly environment: Environment;
  /** Uses of builtins the gas passes assigned to the statement, and the gas in addition. */
  readonly tokens: PreCost;
  readonly gas: number;
  /** False when gas passes assigned nothing to the statement. */
  readonly hasGasVariables: boolean;
  /** Cells by which a branch_align moves ap. */
  readonly alignment: number;
}

/** Code of an invocation and the values it leaves. */
export interface Emission {
  readonly instructions: readonly CasmInstruction[];
  readonly relocations: readonly Relocation[];
  /** Cells of each output of each branch. */
  readonly outputs: readonly (readonly (readonly CellExpression[])[])[];
  /** Locals after the invocation, when it changes them. */
  readonly frame?: FrameState;
}

/** A libfunc with its arguments: signature, costs, effect on ap and code generator together. */
export interface ConcreteLibfunc extends LibfuncSignature {
  readonly costs: () => readonly BranchCost[];
  readonly apChanges: (tokens: PreCost) => readonly ApChange[];
  readonly generate: (call: Call) => Emission;
  /** Set for libfuncs that need a constant segment. */
  readonly constBox?: { readonly type: TypeId; readonly segment: number };
  readonly circuitDescriptor?: TypeId;
}

/** What the specialisation of a libfunc may look up. */
export interface LibfuncContext {
  readonly types: TypeRegistry;
  /** @throws CairnError `INVALID_FUNCTION` when it is not declared. */
  fn(id: number): SierraFunction;
  /** Values of a `Const` type, cell by cell. */
  constCells(type: TypeId): bigint[];
}

/** Makes the concrete libfunc `name<args>`. @throws CairnError `INVALID_TYPE` for unsupported arguments. */
export type LibfuncDefinition = (context: LibfuncContext, args: readonly GenericArg[]) => ConcreteLibfunc;

/** Libfuncs by name. */
export type LibfuncTable = Readonly<Record<string, LibfuncDefinition>>;

/** A signature with one branch. */
export function straight(
  params: readonly TypeId[],
  outputs: readonly Output[],
  stack: StackEffect = 'newVars',
): LibfuncSignature {
  return { params, branches: [{ outputs, stack }], fallthrough: 0 };
}

/** A signature whose first branch falls through; all have the same stack effect. */
export function branching(
  params: readonly TypeId[],
  branches: readonly (readonly Output[])[],
  stack: StackEffect = 'other',
): LibfuncSignature {
  return { params, branches: branches.map((outputs) => ({ outputs, stack })), fallthrough: 0 };
}

/** A libfunc without code: it only renames or regroups cells. */
export function relabel(
  signature: LibfuncSignature,
  cells: (args: Call['args']) => readonly (readonly CellExpression[])[],
): ConcreteLibfunc {
  return {
    ...signature,
    costs: () => [regularCost(0)],
    apChanges: () => [0],
    generate: ({ args }) => ({ instructions: [], relocations: [], outputs: [cells(args)] }),
  };
}

/** The same cells under another type. */
export function reinterpret(from: TypeId, to: TypeId): ConcreteLibfunc {
  return relabel(straight([from], [output(to, sameAs(0))]), (args) => args);
}

/** Arguments as builder variables. Throws `INVALID_STATEMENT` when one is not in the form the code needs. */
export class CallInput {
  readonly #builder: CasmBuilder;
  readonly #args: Call['args'];

  constructor(builder: CasmBuilder, args: Call['args']) {
    this.#builder = builder;
    this.#args = args;
  }

  /** Number of cells of an argument. */
  count(param: number): number {
    return this.#args[param]!.length;
  }

  /** A cell of an argument in whatever form. */
  any(param: number, cell = 0): Var {
    return this.#builder.var(this.#args[param]![cell]!);
  }

  deref(param: number, cell = 0): Var {
    return this.#builder.var(requireDeref(this.#args[param]![cell]!));
  }

  derefOrConst(param: number, cell = 0): Var {
    const value = this.#args[param]![cell]!;
    if (value.kind !== 'deref' && value.kind !== 'immediate') throw badForm('a cell or a constant');
    return this.#builder.var(value);
  }

  /** A pointer that the code reads or writes up to `slack` cells behind. */
  buffer(param: number, slack: number, cell = 0): Var {
    const base = asCellPlusConstant(this.#args[param]![cell]!);
    if (base === undefined || !isOffset(base.offset) || !isOffset(base.offset + slack))
      throw badForm('a cell plus a small constant');
    return this.#builder.var(addConstant(base.cell, base.offset));
  }
}

/** The expression as a stored cell. */
export function requireDeref(value: CellExpression): { kind: 'deref'; cell: CellRef } {
  if (value.kind !== 'deref') throw badForm('a stored cell');
  return value;
}

/** An argument is not in the form the code needs. */
export function badForm(expected: string): Error {
  return refuse('INVALID_STATEMENT', `an argument is not ${expected}`);
}

/** One way out of built code: the label it is reached by and the cells of each output. */
export interface BuiltEnd {
  readonly label: string;
  readonly outputs: readonly (readonly Var[])[];
}

/** What a generator written with the builder reports besides the code. */
export interface BuiltCode {
  /** In the order of the branches. */
  readonly ends: readonly BuiltEnd[];
  /** The pointer to the range-check builtin before and after. */
  readonly rangeCheck?: readonly [Var, Var];
  readonly rangeCheck96?: readonly [Var, Var];
  /** Gas beyond the code's own, per branch. */
  readonly extraGas?: readonly number[];
  /** Code placed before the built code. */
  readonly before?: {
    instructions: readonly CasmInstruction[];
    relocations: readonly Relocation[];
    stepCount: number;
  };
}

export const fallthrough = (...outputs: (readonly Var[])[]): BuiltEnd => ({ label: FALLTHROUGH, outputs });
export const goto = (label: string, ...outputs: (readonly Var[])[]): BuiltEnd => ({ label, outputs });

type Writer = (b: CasmBuilder, input: CallInput, call: Call) => BuiltCode;

/**
 * A libfunc written with the {@link CasmBuilder}. Gas and ap changes of its branches do not depend on the
 * arguments' forms; they are measured once by writing the code for stored arguments.
 */
export function built(
  signature: LibfuncSignature,
  sizes: (type: TypeId) => number,
  write: Writer,
  pre: PreCost = NO_PRE_COST,
): ConcreteLibfunc {
  let measured: { apChanges: number[]; costs: BranchCost[] } | undefined;
  const measure = () => {
    if (measured === undefined) {
      let offset = -3;
      const args = signature.params.map((type) =>
        Array.from({ length: sizes(type) }, () => deref(fpCell(offset--))),
      );
      const { branches, gas } = emit(signature, write, {
        ...NO_CALL,
        args,
        targets: signature.branches.map(() => 0),
      });
      measured = {
        apChanges: branches.map((branch) => branch.apChange),
        costs: gas.map((value) => regularCost(value, pre)),
      };
    }
    return measured;
  };
  return {
    ...signature,
    costs: () => measure().costs,
    apChanges: () => measure().apChanges,
    generate: (call) => emit(signature, write, call),
  };
}

const NO_CALL: Omit<Call, 'args' | 'targets'> = {
  environment: { apTracking: { enabled: false }, stackSize: 0, frame: { kind: 'beforeAllocation' } },
  tokens: NO_PRE_COST,
  gas: 0,
  hasGasVariables: false,
  alignment: 0,
};

/** Runs a builder-based generator; also reports the gas of each branch. */
export function emit(
  { branches: signatures }: LibfuncSignature,
  write: Writer,
  call: Call,
): Emission & { branches: BuiltBranch[]; gas: number[] } {
  const builder = new CasmBuilder();
  const { ends, rangeCheck, rangeCheck96, extraGas, before } = write(
    builder,
    new CallInput(builder, call.args),
    call,
  );
  invariant(ends.length === signatures.length, 'number of branches');
  const branches = builder.build(ends.map(({ label }) => label));
  const offset = before?.instructions.length ?? 0;
  const relocations: Relocation[] = [...(before?.relocations ?? [])];
  const jumps: Relocation[] = [];
  branches.forEach((branch, i) => {
    for (const jump of branch.jumps)
      jumps.push({ instruction: offset + jump, target: { kind: 'statement', index: call.targets[i]! } });
  });
  // Ends are resolved in branch order, instructions are relocated in code order.
  relocations.push(...jumps.sort((x, y) => x.instruction - y.instruction));
  const gas = branches.map((branch, i) => {
    const steps = branch.stepCount + (before?.stepCount ?? 0);
    const checks =
      used(branch, rangeCheck) * RANGE_CHECK_COST + used(branch, rangeCheck96) * RANGE_CHECK96_COST;
    return steps * STEP_COST + checks + (extraGas?.[i] ?? 0);
  });
  return {
    instructions: before ? [...before.instructions, ...builder.instructions] : builder.instructions,
    relocations,
    outputs: ends.map(({ outputs }, i) => outputs.map((vars) => vars.map((v) => branches[i]!.value(v)))),
    branches,
    gas,
  };
}

/** Cells of a builtin used on the way to `branch`. */
function used(branch: BuiltBranch, pointers: readonly [Var, Var] | undefined): number {
  if (pointers === undefined) return 0;
  const start = asCellPlusConstant(branch.value(pointers[0]));
  const end = asCellPlusConstant(branch.value(pointers[1]));
  invariant(
    start !== undefined &&
      end !== undefined &&
      start.cell.offset === end.cell.offset &&
      start.cell.register === end.cell.register,
    'builtin pointers',
  );
  return end.offset - start.offset;
}
