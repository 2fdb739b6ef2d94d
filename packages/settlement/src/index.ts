export { keccakProgramHash, programClaim, taskClaims } from './cairo/claims.ts';
export { emitCairoVerifier } from './cairo/emitCairoVerifier.ts';
export { emitStatement, type FixedProgram } from './cairo/emitStatement.ts';
export { encodeStatement } from './cairo/encodeStatement.ts';
export type { SettlementErrorCode } from './errors.ts';
export { FACT_REGISTRY_ABI, VERIFIER_ABI } from './l1/abi.ts';
export { CORE_ABI, type CoreSetup, deployCore, refusalOf, updateState } from './l1/core.ts';
export { deployContract, deployVerifier, type L1Clients } from './l1/deploy.ts';
export { deployFactRegistry, factOf, publicValuesClaim, registerFact } from './l1/factRegistry.ts';
export { keyDigests, type VerifierManifest } from './l1/manifest.ts';
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
