export { type CairoAir, cairoAir } from './air/cairoAir.ts';
export {
  type CairoLayout,
  layoutName,
  layoutOfName,
  MODULES,
  type ModuleName,
  PROVABLE_BUILTINS,
} from './air/layout.ts';
export { type CommittedProgram, committedProgram } from './air/programTable.ts';
export type { RangeSizes } from './air/rangeTables.ts';
export { ADDRESS_BOUND_LOG } from './air/valueForm.ts';
export {
  type BootloadedRun,
  type BootloaderTask,
  bootloaderFor,
  bootloadPrograms,
  type HintedTask,
} from './bootloader/bootloadPrograms.ts';
export { taskHash, taskWords } from './bootloader/taskProgram.ts';
export { entryWords, runCommitted } from './committedRun.ts';
export type { CairoAirErrorCode } from './errors.ts';
export { type FixedCommitments, fixedCommitment, hasFixedColumns } from './fixedCommitment.ts';
export { BOOTLOADERS, type BootloaderProgram } from './generated/bootloaders.ts';
export { layoutCosts, type TableCost } from './layoutCosts.ts';
export {
  type CairoWitness,
  cairoWitness,
  layoutFor,
  type ProveCairoOptions,
  proveCairo,
} from './proveCairo.ts';
export {
  type CairoStatement,
  ENTRY_WORDS,
  type PublicMemoryCell,
  publicMemory,
  type SegmentBounds,
} from './statement/cairoStatement.ts';
export { ENTRY_INSTRUCTIONS } from './statement/checkStatement.ts';
export {
  type CairoProofFile,
  decodeProofFile,
  encodeHeadPrefix,
  encodeProgram,
  encodeRun,
} from './statement/proofFile.ts';
export { publicValues, statementAir, statementEntries } from './statement/statementEntries.ts';
export { type CairoRejectionCode, type CairoVerdict, verifyCairoProof } from './verifyCairoProof.ts';
