export type { CairoFunction, ValueShape } from './casm/cairoFunction.ts';
export {
  type CasmClass,
  type CasmClassJson,
  type CasmEntryPoint,
  type EntryPointType,
  formatCasmClass,
  type NestedIntList,
  parseCasmClass,
} from './casm/casmClass.ts';
export type { CasmHint } from './casm/hint.ts';
export { decodeInstruction, encodeInstruction, type Instruction } from './casm/instruction.ts';
export type { CasmErrorCode, VmErrorCode } from './errors.ts';
export { checkAllowedLibfuncs } from './sierra/allowedLibfuncs.ts';
export { compileSierraClass } from './sierra/compileSierraClass.ts';
export { type CompiledProgramFile, compileSierraProgram } from './sierra/compileSierraProgram.ts';
export { decodeProgram } from './sierra/decodeProgram.ts';
export { parseSierraClass, type SierraClass } from './sierra/sierraClass.ts';
export {
  isSierraProgramFile,
  parseSierraProgram,
  type SierraProgramFile,
} from './sierra/sierraProgramFile.ts';
export { sierraVersion } from './sierra/sierraVersion.ts';
export {
  type AirPublicInput,
  airPrivateInput,
  airPublicInput,
  type SegmentAddresses,
} from './vm/airInput.ts';
export type { Builtin, BuiltinName } from './vm/builtins/builtin.ts';
export {
  type CairoPie,
  cairoPie,
  type PieSegment,
  writeCairoPie,
} from './vm/cairoPie.ts';
export { type CairoProgram, parseCairoProgram, readProgramJson } from './vm/cairoProgram.ts';
export {
  type BuiltinCosts,
  type CairoEngine,
  type EntryPointRequest,
  type EntryPointResult,
  runEntryPoint,
  typescriptEngine,
  wasmEngine,
} from './vm/entryPoint.ts';
export {
  type Executable,
  type ExecutableRequest,
  isExecutableFile,
  parseExecutable,
  runBootloaded,
  runStandalone,
} from './vm/executable.ts';
export type { RunResources } from './vm/finishRun.ts';
export type { CairoArgument, CairoValue } from './vm/functionValues.ts';
export { HintState, type SyscallHandler } from './vm/hints/hintState.ts';
export { type RandomPoints, randomPoints } from './vm/hints/randomPoints.ts';
export {
  checkLayout,
  dynamicLayout,
  LAYOUT_NAMES,
  type Layout,
  type LayoutBuiltin,
  layoutNamed,
} from './vm/layout.ts';
export { addClassHints } from './vm/loadedClass.ts';
export type { CompiledHint } from './vm/machine.ts';
export type { OpcodeName } from './vm/opcodeName.ts';
export { type PaddedRun, padRun } from './vm/padRun.ts';
export type { PieCell } from './vm/pieMemory.ts';
export { prepareClass } from './vm/preparedProgram.ts';
export {
  type BuiltinRange,
  type CasmState,
  type DeduplicatedMemory,
  type ProverInput,
  proverInput,
  valueAt,
} from './vm/proverInput.ts';
export { readCairoPie } from './vm/readCairoPie.ts';
export {
  formatRelocatable,
  offsetBy,
  type Relocatable,
  relocatableToWord,
  sameAddress,
  type VmValue,
} from './vm/relocatable.ts';
export { type FlatRun, memoryFile, relocationTable, traceFile } from './vm/relocatedFiles.ts';
export { addRelocationRule } from './vm/relocateTemporary.ts';
export { pieHints, pieProgram, runCairoPie } from './vm/runCairoPie.ts';
export { type FunctionRequest, type FunctionResult, runFunction } from './vm/runFunction.ts';
export { type HintRegistry, type ProgramRequest, type ProgramResult, runProgram } from './vm/runProgram.ts';
export {
  type ProofRequest,
  type ProofRun,
  type ProvableProgram,
  proofLabels,
  runProof,
} from './vm/runProof.ts';
export type { VmMemory } from './vm/vmMemory.ts';
export { DictData, DictManager } from './vm/zeroHints/dictManager.ts';
export { HintContext, type HintRunState } from './vm/zeroHints/hintContext.ts';
export { MODULAR_HINTS } from './vm/zeroHints/library/modular.ts';
export { ProgramSymbols } from './vm/zeroHints/programSymbols.ts';
export { zeroHintRegistry } from './vm/zeroHints/zeroHintRegistry.ts';
export type { CompiledAttribute, CompiledZeroProgram } from './zero/compiledProgram.ts';
export { compileZero, type ZeroCompilation } from './zero/compileZero.ts';
export type { ModuleSource, ReadModule } from './zero/passes/loadModules.ts';
export { zeroProgramHash } from './zero/programHash.ts';
export { writeProgram as writeZeroProgram } from './zero/writeProgram.ts';
export type { ZeroErrorCode } from './zero/zeroError.ts';
