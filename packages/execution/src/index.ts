export { BlockExecutor, type BlockTransaction, type BlockUsage } from './block/blockExecutor.ts';
export { nextL2GasPrice } from './block/feeMarket.ts';
export {
  ALIAS_CONTRACT,
  allocateAliases,
  BLOCK_HASH_CONTRACT,
  storeBlockHash,
} from './block/systemContracts.ts';
export { callContract } from './callContract.ts';
export {
  type CallInfo,
  callTree,
  type EntryPointCall,
  type Ordered,
  type TrackedResource,
} from './callInfo.ts';
export type { ChainInfo } from './chainInfo.ts';
export { builtinCosts } from './entryPoint/executeCall.ts';
export type { ExecutionErrorCode } from './errors.ts';
export type { ClassSource, ExecutableClass } from './executableClass.ts';
export type { ExecutionObserver, SyscallObserver } from './executionObserver.ts';
export { feeTokenBalance, feeTokenBalanceKey } from './fee/balance.ts';
export { maxPossibleFee } from './fee/bounds.ts';
export { addGas, feeInFri, NO_GAS } from './fee/gasVector.ts';
export type { TransactionGas } from './fee/transactionGas.ts';
export { stepGas } from './fee/vmGas.ts';
export { formatPanicData } from './revertReason/panicData.ts';
export { syscallGas } from './syscalls/syscallGas.ts';
export { executeSystemCall, executeSystemDeployment } from './systemCall.ts';
export {
  type ExecutionFlags,
  SEQUENCING_FLAGS,
  validateAccountTransaction,
} from './transaction/executeAccountTransaction.ts';
export {
  type ExecutableTransaction,
  type ExecutionEnvironment,
  eventsOf,
  executeTransaction,
  messagesOf,
  receiptOf,
} from './transaction/executeTransaction.ts';
export type { TransactionOutcome } from './transaction/transactionOutcome.ts';
export { senderAddress, transactionInfo } from './transactionContext.ts';
