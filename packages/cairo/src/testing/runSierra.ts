import type { CasmClass } from '../casm/casmClass.ts';
import { assembleProgram, compileProgram } from '../sierra/compileProgram.ts';
import { computeMetadata } from '../sierra/metadata.ts';
import type { SierraProgram, TypeId } from '../sierra/program.ts';
import { buildProgramRegistry, type ProgramRegistry } from '../sierra/programRegistry.ts';
import { variantSelector } from '../sierra/variantSelector.ts';
import type { Builtin, BuiltinName } from '../vm/builtins/builtin.ts';
import { createBuiltin } from '../vm/builtins/createBuiltin.ts';
import { deductionTable } from '../vm/entryPoint.ts';
import { endRun } from '../vm/finishRun.ts';
import { HintState, type SyscallHandler } from '../vm/hints/hintState.ts';
import type { Memory } from '../vm/memory.ts';
import { prepareClass } from '../vm/preparedProgram.ts';
import { wordToRelocatable } from '../vm/relocatable.ts';
import { TypescriptMachine } from '../vm/typescriptMachine.ts';
import { TypescriptMemory } from '../vm/typescriptMemory.ts';
import { WasmMachine } from '../vm/wasm/wasmMachine.ts';
import { WasmMemory } from '../vm/wasm/wasmMemory.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, type Word, wordOffset, wordSegment } from '../vm/word.ts';

/** A value of a Sierra type: felts, lists of members or elements, variants; null without value. */
export type SierraValue = bigint | null | readonly SierraValue[] | { variant: number; value: SierraValue };

const BUILTINS: Record<string, BuiltinName> = {
  RangeCheck: 'range_check',
  Pedersen: 'pedersen',
  Bitwise: 'bitwise',
  EcOp: 'ec_op',
  Poseidon: 'poseidon',
  SegmentArena: 'segment_arena',
  RangeCheck96: 'range_check96',
  AddMod: 'add_mod',
  MulMod: 'mul_mod',
};
const START_GAS = 10n ** 10n;
const MAX_CELLS = 2 ** 20;

/** A compiled function with what is needed to call it. */
export interface CompiledFunction {
  casm: CasmClass;
  registry: ProgramRegistry;
  id: number;
  offset: number;
}

/** Compiles a program; `fixedGas` by statement of function entry. */
export function compileFunction(
  program: SierraProgram,
  id: number,
  fixedGas: ReadonlyMap<number, number> = new Map(),
): CompiledFunction {
  const registry = buildProgramRegistry(program);
  const compiled = compileProgram(registry, computeMetadata(registry, fixedGas), 2 ** 20);
  const { bytecode, hints } = assembleProgram(compiled);
  return {
    casm: {
      prime: 0n,
      compilerVersion: 'test',
      bytecode,
      hints,
      entryPointsByType: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
    },
    registry,
    id,
    offset: compiled.statementOffsets[program.functions[id]!.entryPoint]!,
  };
}

/** Result of a call: values of the types that are no implicits, the gas left, steps. */
export interface CallResult {
  values: SierraValue[];
  gas: bigint | undefined;
  steps: number;
}

/** Runs a function on both engines, which must agree, with `args` for the parameters that are no implicits. */
export function callFunction(
  compiled: CompiledFunction,
  args: readonly SierraValue[],
  options: { syscalls?: () => SyscallHandler; gas?: bigint } = {},
): CallResult {
  const typescript = callOn('typescript', compiled, args, options);
  const wasm = callOn('wasm', compiled, args, options);
  const show = (result: CallResult) =>
    JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  if (show(typescript) !== show(wasm))
    throw new Error(`the engines differ: ${show(typescript)} and ${show(wasm)}`);
  return wasm;
}

function callOn(
  engine: 'typescript' | 'wasm',
  { casm, registry, id, offset }: CompiledFunction,
  args: readonly SierraValue[],
  options: { syscalls?: () => SyscallHandler; gas?: bigint },
): CallResult {
  const program = prepareClass(casm);
  const programSize = program.words.length + 1;
  const memory: TypescriptMemory | WasmMemory =
    engine === 'wasm'
      ? new WasmMemory(MAX_CELLS, program, programSize)
      : new TypescriptMemory(MAX_CELLS, program.bigs, programSize);
  if (memory instanceof TypescriptMemory) {
    memory.newSegment();
    memory.reserve(0, programSize);
    memory.load(0, program.words);
  }
  memory.newSegment();
  try {
    return run();
  } finally {
    if (memory instanceof WasmMemory) memory.close();
  }

  function run(): CallResult {
    const { paramTypes, returnTypes } = registry.program.functions[id]!;
    const builtins = new Map<string, Builtin>();
    for (const type of paramTypes) {
      const { name } = registry.types.info(type);
      const builtin = BUILTINS[name];
      if (builtin !== undefined) builtins.set(name, createBuiltin(memory, builtin));
    }
    const costs = memory.allocateReadOnly([4050n, 583n, 4085n, 491n, 230n, 604n, 3334n]);
    memory.write({ segment: 0, offset: programSize - 1 }, costs);
    const syscallPointer = memory.newSegment();
    const values = new ValueCells(registry, memory);
    const rest = [...args];
    const stack: Word[] = [];
    for (const type of paramTypes) {
      const { name } = registry.types.info(type);
      const builtin = builtins.get(name);
      if (builtin !== undefined) stack.push(builtin.initialPointer);
      else if (name === 'GasBuiltin') stack.push(memory.fromFelt(options.gas ?? START_GAS));
      else if (name === 'System') stack.push(syscallPointer);
      else stack.push(...values.write(type, rest.shift()!));
    }
    const end = memory.newSegment();
    stack.push(0, end);
    memory.load(EXECUTION_SEGMENT, Float64Array.from(stack));
    const all = [...builtins.values()];
    const machineOptions = {
      program: program.code,
      pc: offset,
      ap: stack.length,
      fp: stack.length,
      end,
      maxSteps: 1_000_000,
      deductions: deductionTable(all),
      hintState: new HintState({
        syscalls: options.syscalls?.(),
        syscallPointer: wordToRelocatable(syscallPointer),
      }),
    };
    const machine =
      memory instanceof WasmMemory
        ? new WasmMachine({ ...machineOptions, memory }, all)
        : new TypescriptMachine({ ...machineOptions, memory });
    machine.run();
    endRun(memory, all);
    let at = machine.ap - returnTypes.reduce((sum, type) => sum + registry.types.size(type), 0);
    const results: SierraValue[] = [];
    let gas: bigint | undefined;
    for (const type of returnTypes) {
      const { name } = registry.types.info(type);
      const size = registry.types.size(type);
      const cells = Array.from({ length: size }, (_, i) =>
        memory.read(pointerWord(EXECUTION_SEGMENT, at + i)),
      );
      at += size;
      if (name === 'GasBuiltin') gas = memory.toFelt(cells[0]!);
      else if (name !== 'System' && !builtins.has(name)) results.push(values.read(type, cells));
    }
    return { values: results, gas, steps: machine.stepCount };
  }
}

/** Turns values of Sierra types into cells and back. */
class ValueCells {
  readonly #registry: ProgramRegistry;
  readonly #memory: Memory;

  constructor(registry: ProgramRegistry, memory: Memory) {
    this.#registry = registry;
    this.#memory = memory;
  }

  write(type: TypeId, value: SierraValue): Word[] {
    const memory = this.#memory;
    const { types } = this.#registry;
    const { name, parts } = types.info(type);
    switch (name) {
      case 'Struct':
        return parts.flatMap((part, i) => this.write(part, (value as SierraValue[])[i]!));
      case 'NonZero':
      case 'Snapshot':
        return this.write(parts[0]!, value);
      case 'Array': {
        const cells = (value as SierraValue[]).flatMap((element) => this.write(parts[0]!, element));
        const start = this.#segment(cells);
        return [start, start + cells.length];
      }
      case 'Nullable':
        return value === null ? [0] : [this.#segment(this.write(parts[0]!, value))];
      case 'Box':
        return [this.#segment(this.write(parts[0]!, value))];
      case 'Enum': {
        const { variant, value: inner } = value as { variant: number; value: SierraValue };
        const cells = this.write(parts[variant]!, inner);
        const padding = types.size(type) - 1 - cells.length;
        return [variantSelector(parts.length, variant), ...Array(padding).fill(0), ...cells];
      }
      default: {
        const list = typeof value === 'bigint' ? [value] : (value as bigint[]);
        return list.map((felt) => memory.fromFelt(felt));
      }
    }
  }

  read(type: TypeId, cells: readonly Word[]): SierraValue {
    const memory = this.#memory;
    const { types } = this.#registry;
    const { name, parts } = types.info(type);
    switch (name) {
      case 'Struct': {
        let at = 0;
        return parts.map((part) => this.read(part, cells.slice(at, (at += types.size(part)))));
      }
      case 'NonZero':
      case 'Snapshot':
        return this.read(parts[0]!, cells);
      case 'Array': {
        const [start, end] = cells as [Word, Word];
        if (wordSegment(start) !== wordSegment(end)) throw new Error('an array over two segments');
        const size = types.size(parts[0]!);
        const count = (wordOffset(end) - wordOffset(start)) / size;
        return Array.from({ length: count }, (_, i) => this.#behind(parts[0]!, start + i * size));
      }
      case 'Nullable':
        return cells[0] === 0 ? null : this.#behind(parts[0]!, cells[0]!);
      case 'Box':
        return this.#behind(parts[0]!, cells[0]!);
      case 'Enum': {
        const variant = parts.findIndex((_, i) => variantSelector(parts.length, i) === cells[0]);
        const size = types.size(parts[variant]!);
        return { variant, value: this.read(parts[variant]!, cells.slice(cells.length - size)) };
      }
      default: {
        const values = cells.map((cell) => (isPointer(cell) ? null : memory.toFelt(cell)));
        return values.length === 1 ? values[0]! : values;
      }
    }
  }

  #segment(cells: readonly Word[]): Word {
    const start = this.#memory.newSegment();
    this.#memory.load(wordSegment(start), Float64Array.from(cells));
    return start;
  }

  #behind(type: TypeId, start: Word): SierraValue {
    const size = this.#registry.types.size(type);
    return this.read(
      type,
      Array.from({ length: size }, (_, i) => this.#memory.readKnown(start + i)),
    );
  }
}
