export type {
  Block,
  BlockContext,
  BlockHeader,
  ExecutedTransaction,
  GasPrice,
  GasPrices,
  L1DataAvailabilityMode,
} from './block/block.ts';
export { blockHash } from './block/blockHash.ts';
export {
  eventCommitment,
  receiptCommitment,
  transactionCommitment,
  transactionLeaf,
} from './block/commitments.ts';
export { type IndexedTrieStep, indexedTrieProof, rootOfIndexedTrieProof } from './block/indexedTrieProof.ts';
export { isAtLeast, type StarknetVersion } from './block/starknetVersion.ts';
export { emptyStateDiff, type StateDiff, stateDiffCommitment, stateDiffLength } from './block/stateDiff.ts';
export { classLeaf, contractLeaf, stateRoot } from './block/stateRoot.ts';
export { cairoZeroClassHash } from './classes/cairoZeroClassHash.ts';
export {
  type CompiledClassHashForm,
  compiledClassHash,
  type HashedCasm,
  type SegmentLengths,
} from './classes/compiledClassHash.ts';
export { pythonJson } from './classes/pythonJson.ts';
export {
  type EntryPointType,
  type SierraClass,
  type SierraEntryPoint,
  sierraClassHash,
  sierraClassHashParts,
} from './classes/sierraClass.ts';
export {
  addResources,
  type BuiltinName,
  noResources,
  type ScaledResources,
  scaleResources,
  type VmResources,
} from './constants/resources.ts';
export {
  DEFAULT_STARKNET_VERSION,
  type SyscallName,
  type VersionedConstants,
  versionedConstants,
} from './constants/versionedConstants.ts';
export { contractAddress } from './transaction/contractAddress.ts';
export { messageToL1Hash, messageToL2Hash } from './transaction/messageHash.ts';
export type { Event, ExecutionResources, GasVector, MessageToL1, Receipt } from './transaction/receipt.ts';
export type {
  AccountTransaction,
  AnyTransaction,
  DataAvailabilityMode,
  DeclareV3,
  DeployAccountV1,
  DeployAccountV3,
  DeployTransaction,
  InvokeV0,
  InvokeV1,
  InvokeV3,
  L1HandlerTransaction,
  OldDeclare,
  OldTransaction,
  ResourceBound,
  ResourceBounds,
  Transaction,
  V3Fields,
} from './transaction/transaction.ts';
export {
  deployedAddress,
  genesisEraTransactionHashes,
  QUERY_VERSION_BASE,
  transactionHash,
} from './transaction/transactionHash.ts';
