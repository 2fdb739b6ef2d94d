import { feltMod, invariant } from '@cairn/primitives';
import { assembleInstruction, RET_WORD } from '../casm/assembleInstruction.ts';
import { type CasmInstruction, instruction, wordCount } from '../casm/casmInstruction.ts';
import type { CasmHint } from '../casm/hint.ts';
import { type Annotation, type BranchChanges, ProgramAnnotations, type Reference } from './annotations.ts';
import { buildConstSegments, type ConstSegments } from './constSegments.ts';
import type { BranchCost } from './costToken.ts';
import { NO_PRE_COST, PRE_COST_TOKENS } from './costToken.ts';
import { refuse } from './errors.ts';
import { CONST_GAS, checkedGas, type Wallet } from './gasInfo.ts';
import { ownGas } from './gasPasses.ts';
import type { ApChange, ConcreteLibfunc, Emission, RelocationTarget } from './libfunc.ts';
import { isOnStack } from './libfuncs/control.ts';
import { type Metadata, statementCosts } from './metadata.ts';
import { branchTarget, type Invocation, type VarId } from './program.ts';
import type { ProgramRegistry } from './programRegistry.ts';

/** The code of a program and where its statements and constants went. */
export interface CompiledProgram {
  readonly instructions: readonly CasmInstruction[];
  /** Word offset of each statement's first instruction. */
  readonly statementOffsets: readonly number[];
  /** Words of the code without constants. */
  readonly codeLength: number;
  readonly consts: ConstSegments;
}

/** Bytecode and hints, ready for a compiled class. */
export interface AssembledProgram {
  readonly bytecode: bigint[];
  readonly hints: [offset: number, hints: CasmHint[]][];
}

/**
 * Walks the statements in order, generates their code and checks that variables, stack, locals, ap and gas agree
 * wherever ways meet.
 *
 * @throws CairnError naming the statement.
 */
export function compileProgram(
  registry: ProgramRegistry,
  metadata: Metadata,
  maxBytecodeLength: number,
): CompiledProgram {
  return new ProgramCompiler(registry, metadata, maxBytecodeLength).compile();
}

/** The words of a compiled program: code, then each constant segment behind a `ret`. */
export function assembleProgram({ instructions, consts }: CompiledProgram): AssembledProgram {
  const bytecode: bigint[] = [];
  const hints: AssembledProgram['hints'] = [];
  for (const added of instructions) {
    if (added.hints.length > 0) hints.push([bytecode.length, [...added.hints]]);
    assembleInstruction(added, bytecode);
  }
  for (const { values } of consts.segments) {
    bytecode.push(RET_WORD);
    for (const value of values) bytecode.push(feltMod(value));
  }
  return { bytecode, hints };
}

class ProgramCompiler {
  readonly #registry: ProgramRegistry;
  readonly #metadata: Metadata;
  readonly #maxBytecodeLength: number;
  readonly #costs: readonly (readonly BranchCost[])[];
  readonly #annotations: ProgramAnnotations;
  readonly #instructions: CasmInstruction[] = [];
  readonly #relocations: { instruction: number; offset: number; target: RelocationTarget }[] = [];
  readonly #statementOffsets: number[] = [];
  #offset = 0;

  constructor(registry: ProgramRegistry, metadata: Metadata, maxBytecodeLength: number) {
    this.#registry = registry;
    this.#metadata = metadata;
    this.#maxBytecodeLength = maxBytecodeLength;
    this.#costs = statementCosts(registry);
    const { statements, functions } = registry.program;
    const backwardTargets = new Set<number>();
    statements.forEach((statement, index) => {
      if (statement.kind === 'return') return;
      for (const { target } of statement.branches)
        if (target !== undefined && target < index) backwardTargets.add(target);
    });
    this.#annotations = new ProgramAnnotations(statements.length, backwardTargets);
    functions.forEach((fn, id) => {
      this.#annotations.addFunction(id, fn, registry.types, metadata.gas.functionCosts[id]!);
    });
  }

  compile(): CompiledProgram {
    this.#registry.program.statements.forEach((statement, index) => {
      if (this.#offset > this.#maxBytecodeLength)
        throw refuse('BYTECODE_TOO_LONG', `bytecode exceeds ${this.#maxBytecodeLength} words`);
      this.#statementOffsets.push(this.#offset);
      try {
        if (statement.kind === 'return') this.#compileReturn(index, statement.args);
        else this.#compileInvocation(index, statement);
      } catch (cause) {
        throw inStatement(index, cause);
      }
    });
    const codeLength = this.#offset;
    if (codeLength > this.#maxBytecodeLength)
      throw refuse('BYTECODE_TOO_LONG', `bytecode exceeds ${this.#maxBytecodeLength} words`);
    const consts = buildConstSegments(this.#registry, this.#maxBytecodeLength - codeLength);
    const compiled = {
      instructions: this.#instructions,
      statementOffsets: this.#statementOffsets,
      codeLength,
      consts,
    };
    for (const { instruction: at, offset, target } of this.#relocations)
      relocate(this.#instructions[at]!, targetOffset(compiled, target) - offset);
    return compiled;
  }

  #compileReturn(index: number, variables: readonly VarId[]): void {
    const { annotation, args } = this.#annotations.take(index, variables);
    this.#checkSizes(args);
    for (const variable of annotation.refs.keys()) throw fault(index, `variable ${variable} is still alive`);
    const { apTracking, frame } = annotation.environment;
    const expected = this.#metadata.apChanges.functions[annotation.fn];
    const isTracked =
      expected === undefined
        ? !apTracking.enabled
        : apTracking.enabled && apTracking.base === 'function' && apTracking.apChange === expected;
    if (!isTracked) throw fault(index, `ap does not change by what function ${annotation.fn} announces`);
    this.#checkTypes(index, args, this.#registry.program.functions[annotation.fn]!.returnTypes);
    if (frame.kind === 'allocating') throw fault(index, 'locals were allocated but not finalized');
    if (!isOnStack(args.map(({ cells }) => cells)))
      throw fault(index, 'returned values are not on the stack');
    this.#place([instruction({ kind: 'ret' })]);
  }

  #compileInvocation(index: number, { libfunc: id, args: variables, branches }: Invocation): void {
    const { annotation, args } = this.#annotations.take(index, variables);
    const libfunc = this.#registry.libfuncs[id]!;
    this.#checkTypes(index, args, libfunc.params);
    this.#checkSizes(args);
    const { gas, apChanges } = this.#metadata;
    const tokens = gas.preCosts[index];
    const constGas = gas.gas[index];
    const targets = branches.map((branch) => branchTarget(index, branch));
    const emission = libfunc.generate({
      args: args.map(({ cells }) => cells),
      targets,
      environment: annotation.environment,
      tokens: tokens ?? NO_PRE_COST,
      gas: constGas ?? 0,
      hasGasVariables: tokens !== undefined && constGas !== undefined,
      alignment: apChanges.alignments[index]!,
    });
    const first = this.#instructions.length;
    const offsets = this.#place(emission.instructions);
    for (const { instruction: at, target } of emission.relocations)
      this.#relocations.push({ instruction: first + at, offset: offsets[at]!, target });
    const changes = libfunc.apChanges(tokens ?? NO_PRE_COST);
    const isBranching = branches.length > 1;
    branches.forEach(({ results }, i) => {
      const destination = targets[i]!;
      if (isBranching && !this.#isBranchAlign(destination))
        throw fault(index, `branch ${i} does not lead to a branch_align`);
      const isLast = i === branches.length - 1;
      const carried = isLast ? annotation : { ...annotation, refs: new Map(annotation.refs) };
      const branchChanges = this.#branchChanges(
        index,
        i,
        destination,
        libfunc,
        emission,
        annotation,
        args,
        changes[i]!,
      );
      this.#annotations.propagate(index, destination, carried, results, branchChanges, isBranching);
    });
  }

  #branchChanges(
    index: number,
    branch: number,
    destination: number,
    libfunc: ConcreteLibfunc,
    emission: Emission,
    { environment, wallet }: Annotation,
    args: readonly Reference[],
    change: ApChange,
  ): BranchChanges {
    const { outputs, stack } = libfunc.branches[branch]!;
    const clearsStack = stack !== 'newVars';
    const stackBase = clearsStack ? 0 : environment.stackSize;
    let stackSize = stackBase;
    const refs = outputs.map(({ type, ref }, i): Reference => {
      const cells = emission.outputs[branch]![i]!;
      if (ref.kind !== 'sameAs' && (cells.length === 0) !== (ref.kind === 'zeroSized'))
        throw fault(index, `result ${i} of branch ${branch} has ${cells.length} cells`);
      let stackIndex: number | undefined;
      if (ref.kind === 'temp') stackIndex = stackBase + ref.index;
      else if (ref.kind === 'sameAs' && !clearsStack) stackIndex = args[ref.param]!.stackIndex;
      if (stackIndex !== undefined) stackSize = Math.max(stackSize, stackIndex + 1);
      const introduction =
        ref.kind === 'sameAs' ? args[ref.param]!.introduction : { source: index, destination, output: i };
      return { cells, type, stackIndex, introduction };
    });
    const frame = emission.frame ?? environment.frame;
    return {
      refs,
      apChange: this.#apChange(index, change, frame),
      tracking: change === 'enableTracking' ? 'enable' : change === 'disableTracking' ? 'disable' : 'keep',
      clearsStack,
      stackSize,
      wallet: this.#pay(index, this.#costs[index]![branch]!, wallet),
      frame,
    };
  }

  #apChange(index: number, change: ApChange, frame: BranchChanges['frame']): number | undefined {
    if (typeof change === 'number') return change;
    if (typeof change === 'object') {
      if ('allocLocal' in change) return 0;
      const called = this.#metadata.apChanges.functions[change.functionCall];
      return called === undefined ? undefined : called + 2;
    }
    switch (change) {
      case 'unknown':
        return undefined;
      case 'branchAlign':
        return this.#metadata.apChanges.alignments[index]!;
      case 'finalizeLocals':
        invariant(frame.kind === 'finalized', 'locals are not final');
        return frame.allocated;
      case 'enableTracking':
      case 'disableTracking':
        return 0;
    }
  }

  /** Gas after a branch. @throws CairnError `INVALID_GAS` when it does not suffice. */
  #pay(index: number, cost: BranchCost, wallet: Wallet): Wallet {
    const { gas, apChanges } = this.#metadata;
    if (cost.kind === 'regular' && cost.gas === 0 && cost.pre === NO_PRE_COST) return wallet;
    const pre = gas.preCosts[index];
    const own = ownGas(index, cost, gas.preCosts, apChanges.alignments);
    const constVariable = gas.gas[index] ?? 0;
    const functionCost = cost.kind === 'function' ? this.#functionCost(cost.entryPoint) : undefined;
    const left = wallet.map((amount, token) => {
      const variable = token === CONST_GAS ? constVariable : (pre?.[token] ?? 0);
      const code = token === CONST_GAS ? own : 0;
      let due: number;
      switch (cost.kind) {
        case 'regular':
          due = token === CONST_GAS ? code : cost.pre[token]!;
          break;
        case 'function':
          due = functionCost![token]! + code;
          if (cost.refund) due = variable - due;
          break;
        case 'branchAlign':
        case 'redepositGas':
          due = variable + code;
          break;
        case 'withdrawGas':
          due = cost.success ? code - variable : code;
          break;
        case 'unspentGas':
          due = code;
      }
      return checkedGas(amount - due);
    });
    const short = left.findIndex((amount) => amount < 0);
    if (short !== -1) {
      const token = short === CONST_GAS ? 'gas' : PRE_COST_TOKENS[short];
      throw refuse('INVALID_GAS', `statement ${index}: not enough ${token} is left`, { statement: index });
    }
    return left;
  }

  #functionCost(entryPoint: number): Wallet {
    const { functions } = this.#registry.program;
    return this.#metadata.gas.functionCosts[functions.findIndex((fn) => fn.entryPoint === entryPoint)]!;
  }

  #isBranchAlign(index: number): boolean {
    const statement = this.#registry.program.statements[index]!;
    return (
      statement.kind === 'invocation' &&
      this.#registry.libfuncs[statement.libfunc]!.branches[0]?.stack === 'branchAlign'
    );
  }

  #checkTypes(index: number, args: readonly Reference[], types: readonly number[]): void {
    const isSame = args.length === types.length && args.every(({ type }, i) => type === types[i]);
    if (!isSame)
      throw fault(index, `arguments have types ${args.map(({ type }) => type)}, expected ${types}`);
  }

  #checkSizes(args: readonly Reference[]): void {
    for (const { cells, type } of args)
      invariant(
        cells.length === this.#registry.types.size(type),
        `value of type ${type} has ${cells.length} cells`,
      );
  }

  /** Appends instructions; returns their word offsets. */
  #place(added: readonly CasmInstruction[]): number[] {
    const offsets: number[] = [];
    for (const one of added) {
      offsets.push(this.#offset);
      this.#offset += wordCount(one);
      this.#instructions.push(one);
    }
    return offsets;
  }
}

function fault(statement: number, what: string): Error {
  return refuse('INVALID_STATEMENT', `statement ${statement}: ${what}`, { statement });
}

/** Adds the statement to errors of generators, which do not know it. */
function inStatement(index: number, cause: unknown): Error {
  if (!(cause instanceof Error)) return fault(index, String(cause));
  if (cause.message.startsWith('statement ')) return cause;
  return fault(index, cause.message);
}

function targetOffset(
  { statementOffsets, codeLength, consts }: CompiledProgram,
  target: RelocationTarget,
): number {
  const constOffset = (segment: number | undefined, type: number): number => {
    const position = segment === undefined ? undefined : consts.segments[segment]?.positions.get(type);
    invariant(segment !== undefined && position !== undefined, 'constant without a place');
    return codeLength + consts.offsets[segment]! + position;
  };
  switch (target.kind) {
    case 'statement':
      return statementOffsets[target.index]!;
    case 'segmentStart':
      return codeLength + consts.offsets[target.segment]!;
    case 'const':
      return constOffset(target.segment, target.type);
    case 'circuit':
      return constOffset(consts.circuits.get(target.type), target.type);
    case 'endOfProgram':
      return codeLength + consts.wordCount;
  }
}

function relocate(added: CasmInstruction, distance: number): void {
  const { body } = added;
  if (body.kind === 'call' || body.kind === 'jump' || body.kind === 'jnz') {
    body.target += distance;
    return;
  }
  invariant(
    body.kind === 'assertEq' && body.res.kind === 'binOp' && body.res.b.kind === 'immediate',
    'instruction without a constant to relocate',
  );
  const b = { kind: 'immediate' as const, value: body.res.b.value + BigInt(distance) };
  added.body = { ...body, res: { ...body.res, b } };
}
