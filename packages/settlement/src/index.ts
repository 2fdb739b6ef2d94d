export { keccakProgramHash, programClaim, taskClaims } from './cairo/claims.ts';
export { emitCairoVerifier } from './cairo/emitCairoVerifier.ts';
export { emitStatement, type FixedProgram } from './cairo/emitStatement.ts';
export { encodeStatement } from './cairo/encodeStatement.ts';
export { BLOB_BYTES, blobOf, wordsOfBlob } from './data/blob.ts';
export { chunkCommitments, type DataOutside, pageHash } from './data/chunkCommitments.ts';
export { blobCommitment, pointProof, versionedHash } from './data/kzg.ts';
export type { SettlementErrorCode } from './errors.ts';
export { FACT_REGISTRY_ABI, VERIFIER_ABI } from './l1/abi.ts';
export { type BlobPlace, type BlobSource, beaconBlobs } from './l1/blobSources.ts';
export {
  BRIDGE_ABI,
  type BridgeDeposit,
  deployBridge,
  deposit,
  ETH_TOKEN,
  enrollToken,
  reclaimDeposit,
  requestDepositCancel,
  setL2TokenBridge,
  withdraw,
} from './l1/bridge.ts';
export {
  CORE_ABI,
  type CoreSetup,
  type CoreState,
  coreState,
  deployCore,
  updateState,
} from './l1/core.ts';
export { DATA_PAGES_ABI, deployDataPages, pageFact, registerDataPages } from './l1/dataPages.ts';
export { deployContract, deployVerifier, type L1Clients } from './l1/deploy.ts';
export { DEV_L1_KEY, type DevL1, type DevL1Options, startDevL1 } from './l1/devL1.ts';
export { deployFactRegistry, factOf, publicValuesClaim, registerFact } from './l1/factRegistry.ts';
export { l1Clients, l1Reader } from './l1/l1Clients.ts';
export { l1Error } from './l1/l1Error.ts';
export type { L1Event, L1Listener, L1Message, L1Place } from './l1/l1Events.ts';
export { L1Watcher, type WatchOptions } from './l1/l1Watcher.ts';
export { keyDigests, type VerifierManifest } from './l1/manifest.ts';
export { type ReadBackOptions, readBack, type SettledRange } from './l1/readBack.ts';
export {
  type CoreUpdate,
  type CoreView,
  hasCode,
  isFactRegistered,
  readCore,
  updateOfBlock,
} from './l1/readCore.ts';
export { refusalOf } from './l1/refusal.ts';
export {
  type BlobProofs,
  type ProvenBlob,
  proveBlobs,
  type Settlement,
  settleState,
  updateStateWithBlobs,
} from './l1/settleState.ts';
export type { BlobSidecar } from './l1/transact.ts';
export { isProven, verifyInParts } from './l1/verifyInParts.ts';
export { askVerifier, type OnChainVerdict, verifyOnChain } from './l1/verifyOnChain.ts';
export {
  type ContractArtifact,
  compileContract,
  compileVerifier,
  MAX_CODE_BYTES,
  type SolidityCompiler,
  type VerifierArtifacts,
} from './verifier/compileSources.ts';
export { encodePublicValues } from './verifier/emitCore.ts';
export {
  type EmitOptions,
  emitVerifier,
  type StatementSource,
  type VerifierSources,
} from './verifier/emitVerifier.ts';
export { type ContractRejectionCode, REJECTION_CODES } from './verifier/rejectionCodes.ts';
export { type SplitProof, splitProof } from './verifier/splitProof.ts';
