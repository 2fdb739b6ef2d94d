export type {
  AcceptedTransaction,
  BlockId,
  BlockName,
  BlockSigner,
  BlockView,
  BroadcastTransaction,
  ChainContracts,
  ChainEvent,
  ClosedBlockView,
  EventCursor,
  EventQuery,
  EventView,
  ExecutionView,
  Finality,
  GasPricesView,
  PreConfirmedBlockView,
  RpcBackend,
  SimulationFlags,
  SimulationView,
  StorageProofView,
  TransactionStatusView,
  TransactionView,
} from './backend.ts';
export { type ConformCheck, conformBlock } from './conform/conformBlock.ts';
export { conformNode, type NodeCall } from './conform/conformNode.ts';
export { readTransaction } from './conform/feederForm.ts';
export type { RpcErrorCode } from './errors.ts';
export { type EventFilter, eventMatcher } from './eventFilter.ts';
export { type FeederBlock, parseFeederBlock } from './feeder/parseBlock.ts';
export { parseFeederReceipt } from './feeder/parseReceipt.ts';
export { type FeederStateUpdate, parseFeederStateUpdate } from './feeder/parseStateUpdate.ts';
export { type FeederTransaction, parseFeederTransaction } from './feeder/parseTransaction.ts';
export { defineMethod, type Method, optional, type Parameter, type Parser, required } from './method.ts';
export { SPEC_VERSION } from './methods/specVersion.ts';
export { STARKNET_METHODS } from './methods/starknetMethods.ts';
export {
  JSON_RPC_ERRORS,
  SPECIFICATION_ERRORS,
  SpecificationError,
  type SpecificationErrorName,
} from './rpcErrors.ts';
export {
  type HttpReply,
  type HttpRequest,
  type HttpRoute,
  type RpcServer,
  type RpcServerOptions,
  startRpcServer,
} from './server/httpServer.ts';
export type { ErrorObserver } from './server/jsonRpc.ts';
export { DEFAULT_RPC_LIMITS, type RpcLimits } from './server/limits.ts';
export { formatHeader, readHeader } from './wire/block.ts';
export { readBlockId, readClosedBlockId } from './wire/blockId.ts';
export { readContractClass } from './wire/contractClass.ts';
export {
  readAmount,
  readBoolean,
  readEthereumAddress,
  readFelt,
  readFelts,
  readInteger,
  readObject,
  readString,
  readWord,
} from './wire/read.ts';
export { readStateDiff } from './wire/stateDiff.ts';
export { readStorageProof } from './wire/storageProof.ts';
export { formatTransaction } from './wire/transaction.ts';
