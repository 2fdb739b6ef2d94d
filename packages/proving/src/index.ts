export type { ProvingErrorCode } from './errors.ts';
export { jobDescription } from './jobs/jobDescription.ts';
export { JOB_KINDS, type Job, type JobKind, type JobStatus, type ListedJob } from './jobs/jobGraph.ts';
export type {
  L1Record,
  OsRunRecord,
  ProveRecord,
  PublishDataRecord,
  RegisterProofRecord,
  UpdateStateRecord,
} from './orchestrator/batchResults.ts';
export type { BatchLimits } from './orchestrator/nextBatch.ts';
export type { OrchestratorEvents } from './orchestrator/orchestrator.ts';
export { OS_PROOF_HEIGHTS, osLayout } from './osProof/osLayout.ts';
export {
  osFixedCommitment,
  osProgramHash,
  osVerifierArtifacts,
  osVerifyingKey,
} from './osProof/osVerifier.ts';
export { type OsProof, proveOsRun } from './osProof/proveOsRun.ts';
export { type OsVerdict, verifyOsProof } from './osProof/verifyOsProof.ts';
export type { BatchProofJson } from './proofs/batchProof.ts';
export { jobMethods, PROOFS_PATH, proofMethods, proofRoute } from './proofs/proofMethods.ts';
export type { TransactionProofJson } from './proofs/transactionProof.ts';
export {
  claimedChain,
  PROOF_STEPS,
  type ProofStep,
  type StepVerdict,
  type TransactionClaim,
  verifyTransactionProof,
} from './proofs/verifyTransactionProof.ts';
export { type ProverEvents, type ProverOptions, proverLoop } from './prover/proverLoop.ts';
export { proverMethods } from './prover/proverMethods.ts';
export { type WatchOptions, watchLoop } from './prover/watchLoop.ts';
export { deployRollup, type RollupSetup } from './rollup/deployRollup.ts';
export { type Rollup, type RollupOptions, startRollup } from './rollup/rollup.ts';
export type { DataAvailability, RollupManifest } from './rollup/rollupManifest.ts';
