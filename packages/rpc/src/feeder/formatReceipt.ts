import { formatFelt } from '@cairn/primitives';
import type { ExecutedTransaction, GasVector, L1HandlerTransaction, Receipt } from '@cairn/protocol';
import { formatFelts } from '../wire/read.ts';

/** A receipt of a feeder-gateway block. @see reference "protocol", section 6.2 */
export function formatFeederReceipt({ transaction, receipt }: ExecutedTransaction, index: number) {
  return {
    transaction_index: index,
    transaction_hash: formatFelt(receipt.transactionHash),
    actual_fee: formatFelt(receipt.actualFee),
    events: receipt.events.map(({ fromAddress, keys, data }) => ({
      from_address: formatFelt(fromAddress),
      keys: formatFelts(keys),
      data: formatFelts(data),
    })),
    l2_to_l1_messages: receipt.messagesToL1.map(({ fromAddress, toAddress, payload }) => ({
      from_address: formatFelt(fromAddress),
      to_address: formatFelt(toAddress),
      payload: formatFelts(payload),
    })),
    ...(transaction.type === 'L1_HANDLER' ? { l1_to_l2_consumed_message: formatMessage(transaction) } : {}),
    ...(receipt.revertReason === undefined
      ? { execution_status: 'SUCCEEDED' }
      : { execution_status: 'REVERTED', revert_error: receipt.revertReason }),
    execution_resources: formatResources(receipt.resources),
  };
}

/** The message that an L1 handler consumes; the first felt of its calldata is the sender on L1. */
function formatMessage({ contractAddress, entryPointSelector, calldata, nonce }: L1HandlerTransaction) {
  const [sender = 0n, ...payload] = calldata;
  return {
    from_address: `0x${sender.toString(16).padStart(40, '0')}`,
    to_address: formatFelt(contractAddress),
    selector: formatFelt(entryPointSelector),
    payload: formatFelts(payload),
    nonce: formatFelt(nonce ?? 0n),
  };
}

function formatResources(resources: Receipt['resources']) {
  const builtins = Object.entries(resources.builtins).filter(([, count]) => count > 0);
  return {
    n_steps: resources.stepCount,
    n_memory_holes: resources.memoryHoleCount,
    builtin_instance_counter: Object.fromEntries(builtins.map(([name, count]) => [`${name}_builtin`, count])),
    data_availability: formatGas(resources.dataAvailability),
    total_gas_consumed: formatGas(resources.totalGasConsumed),
  };
}

function formatGas({ l1Gas, l1DataGas, l2Gas }: GasVector) {
  return { l1_gas: Number(l1Gas), l1_data_gas: Number(l1DataGas), l2_gas: Number(l2Gas) };
}
