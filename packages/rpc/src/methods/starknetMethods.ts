import type { Method } from '../method.ts';
import { addDeclareTransaction } from './addDeclareTransaction.ts';
import { addDeployAccountTransaction } from './addDeployAccountTransaction.ts';
import { addInvokeTransaction } from './addInvokeTransaction.ts';
import { blockHashAndNumber } from './blockHashAndNumber.ts';
import { blockNumber } from './blockNumber.ts';
import { call } from './call.ts';
import { chainId } from './chainId.ts';
import { estimateFee } from './estimateFee.ts';
import { estimateMessageFee } from './estimateMessageFee.ts';
import { getBlockTransactionCount } from './getBlockTransactionCount.ts';
import { getBlockWithReceipts } from './getBlockWithReceipts.ts';
import { getBlockWithTxHashes } from './getBlockWithTxHashes.ts';
import { getBlockWithTxs } from './getBlockWithTxs.ts';
import { getClass } from './getClass.ts';
import { getClassAt } from './getClassAt.ts';
import { getClassHashAt } from './getClassHashAt.ts';
import { getCompiledCasm } from './getCompiledCasm.ts';
import { getEvents } from './getEvents.ts';
import { getMessagesStatus } from './getMessagesStatus.ts';
import { getNonce } from './getNonce.ts';
import { getStateUpdate } from './getStateUpdate.ts';
import { getStorageAt } from './getStorageAt.ts';
import { getStorageProof } from './getStorageProof.ts';
import { getTransactionByBlockIdAndIndex } from './getTransactionByBlockIdAndIndex.ts';
import { getTransactionByHash } from './getTransactionByHash.ts';
import { getTransactionReceipt } from './getTransactionReceipt.ts';
import { getTransactionStatus } from './getTransactionStatus.ts';
import { simulateTransactions } from './simulateTransactions.ts';
import { specVersion } from './specVersion.ts';
import { syncing } from './syncing.ts';
import { traceBlockTransactions } from './traceBlockTransactions.ts';
import { traceTransaction } from './traceTransaction.ts';

/** Every method of the specification that is served over HTTP. */
export const STARKNET_METHODS: readonly Method[] = [
  specVersion,
  chainId,
  blockNumber,
  blockHashAndNumber,
  syncing,
  getBlockWithTxHashes,
  getBlockWithTxs,
  getBlockWithReceipts,
  getBlockTransactionCount,
  getStateUpdate,
  getStorageAt,
  getNonce,
  getClass,
  getClassHashAt,
  getClassAt,
  getTransactionByHash,
  getTransactionByBlockIdAndIndex,
  getTransactionReceipt,
  getTransactionStatus,
  getMessagesStatus,
  call,
  estimateFee,
  estimateMessageFee,
  getEvents,
  getStorageProof,
  addInvokeTransaction,
  addDeclareTransaction,
  addDeployAccountTransaction,
  traceTransaction,
  simulateTransactions,
  traceBlockTransactions,
  getCompiledCasm,
];
