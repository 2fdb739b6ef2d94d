export type { SettlementErrorCode } from './errors.ts';
export { FACT_REGISTRY_ABI, VERIFIER_ABI } from './l1/abi.ts';
export { deployContract, deployVerifier, type L1Clients } from './l1/deploy.ts';
export { deployFactRegistry, factOf, registerFact } from './l1/factRegistry.ts';
export { keyDigests, type VerifierManifest } from './l1/manifest.ts';
export { type OnChainVerdict, verifyOnChain } from './l1/verifyOnChain.ts';
export {
  type ContractArtifact,
  compileContract,
  compileVerifier,
  MAX_CODE_BYTES,
  type SolidityCompiler,
  type VerifierArtifacts,
} from './verifier/compileSources.ts';
export { encodePublicValues } from './verifier/emitCore.ts';
export { emitVerifier, type VerifierSources } from './verifier/emitVerifier.ts';
export { type ContractRejectionCode, REJECTION_CODES } from './verifier/rejectionCodes.ts';
