export { type BenchResult as OsBenchResult, osBench } from './bench/os.bench.ts';
export { osConfigHash } from './configHash.ts';
export type { OsErrorCode } from './errors.ts';
export type { RecordedTransaction } from './execution/recordedExecution.ts';
export { ExecutionRecorder } from './execution/recordTransaction.ts';
export type { HintAnswer, LibraryHint } from './hints/libraryHint.ts';
export { libraryHintRegistry } from './hints/libraryHintRegistry.ts';
export type { PatriciaPreimages } from './hints/patriciaHints.ts';
export { buildOsInput, type ProvableBlock } from './input/buildOsInput.ts';
export type { DataPlace, OsBlock, OsClass, OsContract, OsInput } from './input/osInput.ts';
export { formatOsInput, parseOsInput } from './input/osInputText.ts';
export { type TouchedState, touchedState } from './input/touchedState.ts';
export { libraryModule } from './library.ts';
export { type OsProgram, osProgram } from './osProgram.ts';
export { type BlockDifference, compareStateDiff, compareWithBlock } from './output/compareWithBlock.ts';
export { compress, decompress } from './output/compression.ts';
export {
  BLS_ORDER,
  type ChunkCommitment,
  chunksOf,
  evaluate,
  evaluationPoint,
} from './output/evaluate.ts';
export {
  DATA_PLACES,
  type Evaluations,
  type OsOutput,
  type OutputMessageToL1,
  type OutputMessageToL2,
  parseOsOutput,
  stateDiffOfData,
} from './output/osOutput.ts';
export type { ProvenBlock } from './output/provenBlock.ts';
export { type ContractUpdate, type OutputStateDiff, stateDiffWords } from './output/stateDiffWords.ts';
export { type OsResult, type OsRunOptions, osTask, runOs } from './runOs.ts';
