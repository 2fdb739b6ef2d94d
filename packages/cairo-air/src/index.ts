export { type CairoAir, cairoAir } from './air/cairoAir.ts';
export { type CairoLayout, layoutName, layoutOfName, MODULES, type ModuleName } from './air/layout.ts';
export type { RangeSizes } from './air/rangeTables.ts';
export type { CairoAirErrorCode } from './errors.ts';
export { type FixedCommitments, fixedCommitment, hasFixedColumns } from './fixedCommitment.ts';
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
  type PublicMemoryCell,
  publicMemory,
  type SegmentBounds,
} from './statement/cairoStatement.ts';
export { publicValues, statementAir, statementEntries } from './statement/statementEntries.ts';
export { type CairoRejectionCode, type CairoVerdict, verifyCairoProof } from './verifyCairoProof.ts';
