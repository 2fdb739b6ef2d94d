import { PRIME } from '@cairn/primitives';
import type { CasmClass } from '../casm/casmClass.ts';
import { assembleProgram, compileProgram } from './compileProgram.ts';
import { checkEntryPoints, compileEntryPoints, entryPointBuiltins } from './entryPoints.ts';
import { refuse } from './errors.ts';
import { CONST_GAS } from './gasInfo.ts';
import { solveMetadata } from './lp/equationMetadata.ts';
import { computeMetadata } from './metadata.ts';
import { buildProgramRegistry } from './programRegistry.ts';
import { segmentLengths } from './segmentLengths.ts';
import type { SierraClass } from './sierraClass.ts';
import { COMPILER_VERSION, formatVersion, SIERRA_VERSION, supports } from './sierraVersion.ts';

/** Limits of {@link compileSierraClass}. */
export interface CompileOptions {
  /** Most words of bytecode; the official compiler's default is 180,000, sequencers use 81,920. */
  readonly maxBytecodeLength?: number;
}

const DEFAULT_MAX_BYTECODE_LENGTH = 180_000;
/** Gas every entry point costs: what the caller must have when it calls. */
const ENTRY_POINT_GAS = 10_000;
/** From here on gas and ap changes are computed in linear time, below by equations. */
const LINEAR_PASSES = { major: 1, minor: 4 };
const SEGMENTED_HASH = { major: 1, minor: 5 };

/**
 * Compiles a Sierra class to CASM, word for word as the official compiler 2.20.0 does, and refuses what it refuses.
 * Whether its libfuncs are allowed is a separate question: {@link checkAllowedLibfuncs}.
 *
 * PERF: linear in the program; about 1 s for 64,000 words.
 * @throws CairnError with a SierraErrorCode; the message names the declaration or statement at fault.
 */
export function compileSierraClass(sierraClass: SierraClass, options: CompileOptions = {}): CasmClass {
  const { program, sierraVersion: version, entryPointsByType } = sierraClass;
  if (version.major !== SIERRA_VERSION.major || version.minor > SIERRA_VERSION.minor)
    throw refuse(
      'UNSUPPORTED_SIERRA_VERSION',
      `Sierra ${formatVersion(version)}, up to ${formatVersion(SIERRA_VERSION)} is known`,
    );
  checkEntryPoints(entryPointsByType);
  const registry = buildProgramRegistry(program);
  const builtins = new Map<number, string[]>();
  const fixedGas = new Map<number, number>();
  for (const { functionIndex } of Object.values(entryPointsByType).flat()) {
    builtins.set(functionIndex, entryPointBuiltins(program, registry.types, functionIndex));
    fixedGas.set(program.functions[functionIndex]!.entryPoint, ENTRY_POINT_GAS);
  }
  const passes = supports(version, LINEAR_PASSES) ? computeMetadata : solveMetadata;
  const metadata = passes(registry, fixedGas);
  const compiled = compileProgram(
    registry,
    metadata,
    options.maxBytecodeLength ?? DEFAULT_MAX_BYTECODE_LENGTH,
  );
  for (const functionIndex of builtins.keys())
    if (
      !metadata.gas.functionCosts[functionIndex]!.every(
        (gas, token) => gas === (token === CONST_GAS ? ENTRY_POINT_GAS : 0),
      )
    )
      throw refuse(
        'INVALID_GAS',
        `function ${functionIndex}: an entry point uses builtins before it withdraws gas`,
      );
  const { bytecode, hints } = assembleProgram(compiled);
  const entryPoints = compileEntryPoints(
    entryPointsByType,
    (functionIndex) => compiled.statementOffsets[program.functions[functionIndex]!.entryPoint]!,
    (functionIndex) => builtins.get(functionIndex)!,
  );
  const casm: CasmClass = {
    prime: PRIME,
    compilerVersion: COMPILER_VERSION,
    bytecode,
    hints,
    entryPointsByType: entryPoints,
  };
  if (supports(version, SEGMENTED_HASH))
    casm.bytecodeSegmentLengths = segmentLengths(program, compiled, bytecode.length);
  return casm;
}
