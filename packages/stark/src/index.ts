export { airDigest } from './core/air/airDigest.ts';
export { anyM31, type BusHandle, bit, type ColumnType } from './core/air/columnType.ts';
export {
  type AirBuilder,
  defineAir,
  type PublicCell,
  type TableBuilder,
  type TableOptions,
} from './core/air/defineAir.ts';
export {
  BASE_FIELD,
  batchFraction,
  constraintValues,
  evaluateNodes,
  type FieldOperations,
  type Leaves,
  type LookupChallenges,
  type LookupLeaves,
  SECURE_FIELD,
  tupleDenominator,
} from './core/air/evaluate.ts';
export { ColumnExpr, Expr, type Operand } from './core/air/expr.ts';
export {
  type Air,
  type Bus,
  type BusEntry,
  type Column,
  type ColumnSource,
  type Constraint,
  constraintCount,
  constraintName,
  fixedColumns,
  MAX_LOG_HEIGHT,
  MIN_LOG_HEIGHT,
  mainColumns,
  maxDegree,
  type Node,
  type Padding,
  type PublicBusEntry,
  type Table,
  withPublicEntries,
} from './core/air/ir.ts';
export { Channel, type ChannelEvent, STEP, type Step } from './core/channel/channel.ts';
export { type CirclePoint, type SecurePoint, subgroupGenerator } from './core/circle/circlePoint.ts';
export {
  POWER_SLOT,
  type ProgramOperand,
  type ProgramOperation,
  SUM_SLOT,
  type TableProgram,
} from './core/emit/program.ts';
export { tablePrograms } from './core/emit/tablePrograms.ts';
export { invM31, isM31, type M31, P } from './core/field/m31.ts';
export type { QM31 } from './core/field/qm31.ts';
export { type HashName, type HashSuite, hashSuite } from './core/hash/hashSuite.ts';
export {
  checkParameters,
  type Grinding,
  type ProofParameters,
  parameterWords,
} from './core/params/parameters.ts';
export { C96, DEV, PROVEN96, type Profile, type ProofStrength, withHash } from './core/params/profiles.ts';
export {
  type SecurityAssumption,
  type SecurityBits,
  type StatementSize,
  securityBits,
  statementSize,
} from './core/params/security.ts';
export type { Proof, QueryOpening } from './core/proof/proof.ts';
export { decodeProof, encodeProof, PROOF_MAGIC, PROOF_VERSION } from './core/proof/proofCodec.ts';
export { type CommittedColumn, type ProofLayout, proofLayout } from './core/proof/proofLayout.ts';
export type { Rejection, RejectionCode } from './core/verifier/rejection.ts';
export { startTranscript } from './core/verifier/transcript.ts';
export { type Verdict, verify } from './core/verifier/verify.ts';
export { type FixedCommitment, type VerifyingKey, verifyingKey } from './core/verifier/verifyingKey.ts';
export type { StarkErrorCode } from './errors.ts';
