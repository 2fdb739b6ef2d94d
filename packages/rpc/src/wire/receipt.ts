import { formatFelt } from '@cairn/primitives';
import {
  deployedAddress,
  type Event,
  type ExecutedTransaction,
  type GasVector,
  type L1HandlerTransaction,
  type MessageToL1,
  messageToL2Hash,
  type Transaction,
} from '@cairn/protocol';
import type { Finality } from '../backend.ts';
import { formatFelts } from './read.ts';

/** TXN_RECEIPT: a receipt without its place in the chain. */
export function formatReceipt({ transaction, receipt }: ExecutedTransaction, finality: Finality) {
  return {
    type: transaction.type,
    transaction_hash: formatFelt(receipt.transactionHash),
    actual_fee: {
      amount: formatFelt(receipt.actualFee),
      unit: transaction.type === 'L1_HANDLER' ? 'WEI' : 'FRI',
    },
    finality_status: finality,
    ...formatExecutionStatus(receipt.revertReason),
    messages_sent: receipt.messagesToL1.map(formatMessageToL1),
    events: receipt.events.map(formatEvent),
    execution_resources: formatGas(receipt.resources.totalGasConsumed),
    ...specificFields(transaction),
  };
}

function formatExecutionStatus(revertReason: string | undefined) {
  return revertReason === undefined
    ? { execution_status: 'SUCCEEDED' }
    : { execution_status: 'REVERTED', revert_reason: revertReason };
}

function specificFields(tx: Transaction): Record<string, string> {
  if (tx.type === 'DEPLOY_ACCOUNT') return { contract_address: formatFelt(deployedAddress(tx)) };
  if (tx.type === 'L1_HANDLER') return { message_hash: formatMessageHash(tx) };
  return {};
}

/** Hash under which the L1 core contract knows the message, in Ethereum's form of 64 digits. */
function formatMessageHash(tx: L1HandlerTransaction): string {
  const [fromAddress = 0n, ...payload] = tx.calldata;
  const hash = messageToL2Hash({
    fromAddress,
    toAddress: tx.contractAddress,
    nonce: tx.nonce ?? 0n,
    selector: tx.entryPointSelector,
    payload,
  });
  return `0x${hash.toString(16).padStart(64, '0')}`;
}

/** EVENT. */
export function formatEvent({ fromAddress, keys, data }: Event) {
  return { from_address: formatFelt(fromAddress), keys: formatFelts(keys), data: formatFelts(data) };
}

/** MSG_TO_L1. */
export function formatMessageToL1({ fromAddress, toAddress, payload }: MessageToL1) {
  return {
    from_address: formatFelt(fromAddress),
    to_address: formatFelt(toAddress),
    payload: formatFelts(payload),
  };
}

/** EXECUTION_RESOURCES: gas as JSON integers, exact below 2^53, far above what fits into a block. */
export function formatGas({ l1Gas, l1DataGas, l2Gas }: GasVector) {
  return { l1_gas: Number(l1Gas), l1_data_gas: Number(l1DataGas), l2_gas: Number(l2Gas) };
}
