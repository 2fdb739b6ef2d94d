import { PRIME } from '@cairn/primitives';
import type { CairoFunction, ValueShape } from '../casm/cairoFunction.ts';
import type { CasmClass } from '../casm/casmClass.ts';
import { assembleProgram, compileProgram } from './compileProgram.ts';
import { BUILTINS } from './entryPoints.ts';
import { computeMetadata } from './metadata.ts';
import type { TypeId } from './program.ts';
import { buildProgramRegistry } from './programRegistry.ts';
import type { SierraProgramFile } from './sierraProgramFile.ts';
import { COMPILER_VERSION } from './sierraVersion.ts';
import type { TypeRegistry } from './typeRegistry.ts';
import { variantSelector } from './variantSelector.ts';

/** A compiled Sierra program: its code as a class without entry points, and how to call its functions. */
export interface CompiledProgramFile {
  readonly casm: CasmClass;
  readonly functions: readonly CairoFunction[];
}

const MAX_BYTECODE_LENGTH = 2 ** 20;
const INTEGERS = new Set(
  [8, 16, 32, 64, 128].flatMap((bits) => [`u${bits}`, `i${bits}`]).concat('bytes31', 'BoundedInt'),
);
const FELTS = new Set(['felt252', 'ContractAddress', 'ClassHash', 'StorageAddress', 'StorageBaseAddress']);
/** Depth of types that are written out; deeper ones are opaque. */
const MAX_DEPTH = 32;

/**
 * Compiles a Sierra program that is no contract class.
 * @throws CairnError with a SierraErrorCode; the message names the declaration or statement at fault.
 */
export function compileSierraProgram({ program, functionNames }: SierraProgramFile): CompiledProgramFile {
  const registry = buildProgramRegistry(program);
  const compiled = compileProgram(registry, computeMetadata(registry, new Map()), MAX_BYTECODE_LENGTH);
  const { bytecode, hints } = assembleProgram(compiled);
  const entryPointsByType = { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] };
  const casm = { prime: PRIME, compilerVersion: COMPILER_VERSION, bytecode, hints, entryPointsByType };
  const { types } = registry;
  const functions = program.functions.map(({ paramTypes, returnTypes, entryPoint }, i): CairoFunction => {
    const implicits = paramTypes.map((type) => implicit(types, type)).filter((name) => name !== undefined);
    return {
      name: functionNames[i]!,
      offset: compiled.statementOffsets[entryPoint]!,
      implicits,
      params: paramTypes.slice(implicits.length).map((type) => valueShape(types, type)),
      results: returnTypes.slice(implicits.length).map((type) => valueShape(types, type)),
    };
  });
  return { casm, functions };
}

function implicit(types: TypeRegistry, type: TypeId): string | undefined {
  const { name } = types.info(type);
  if (name === 'GasBuiltin') return 'gas';
  if (name === 'System') return 'system';
  return BUILTINS.find(([builtin]) => builtin === name)?.[1];
}

function valueShape(types: TypeRegistry, type: TypeId, depth = 0): ValueShape {
  const { name, parts } = types.info(type);
  const inner = (part: TypeId) => valueShape(types, part, depth + 1);
  if (depth < MAX_DEPTH) {
    if (name === 'Snapshot' || name === 'NonZero') return inner(parts[0]!);
    if (FELTS.has(name) || INTEGERS.has(name)) return { kind: 'felt' };
    if (name === 'Array') return { kind: 'array', element: inner(parts[0]!) };
    if (name === 'Struct') return { kind: 'struct', members: parts.map(inner) };
    if (name === 'Enum')
      return {
        kind: 'enum',
        variants: parts.map((part, i) => ({
          selector: variantSelector(parts.length, i),
          shape: inner(part),
        })),
      };
  }
  return { kind: 'opaque', type: name, cells: types.size(type) };
}
