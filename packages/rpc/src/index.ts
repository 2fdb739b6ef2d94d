export { type ConformCheck, conformBlock } from './feeder/conformBlock.ts';
export { type FeederBlock, parseFeederBlock } from './feeder/parseBlock.ts';
export { parseFeederReceipt } from './feeder/parseReceipt.ts';
export { type FeederStateUpdate, parseFeederStateUpdate } from './feeder/parseStateUpdate.ts';
export { type FeederTransaction, parseFeederTransaction } from './feeder/parseTransaction.ts';
export type {
  AcceptedTransaction,
  BlockId,
  BlockView,
  BroadcastTransaction,
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
