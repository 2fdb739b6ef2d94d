import { formatFelt } from '@cairn/primitives';
import type { BlockContext, GasPrice } from '@cairn/protocol';
import type { ClosedBlockView, PreConfirmedBlockView } from '../backend.ts';
import { formatFeederReceipt } from './formatReceipt.ts';
import { formatFeederStateDiff } from './formatStateUpdate.ts';
import { formatFeederTransaction } from './formatTransaction.ts';

/** `get_block` of the feeder gateway. @see reference "protocol", section 6.2 */
export function formatFeederBlock({ header, finality, transactions }: ClosedBlockView) {
  return {
    block_hash: formatFelt(header.blockHash),
    parent_block_hash: formatFelt(header.parentHash),
    block_number: header.blockNumber,
    state_root: formatFelt(header.stateRoot),
    transaction_commitment: formatFelt(header.transactionCommitment),
    event_commitment: formatFelt(header.eventCommitment),
    receipt_commitment: formatFelt(header.receiptCommitment),
    state_diff_commitment: formatFelt(header.stateDiffCommitment),
    state_diff_length: header.stateDiffLength,
    status: finality,
    ...formatContext(header),
    transactions: transactions.map(formatFeederTransaction),
    transaction_receipts: transactions.map(formatFeederReceipt),
  };
}

/**
 * `get_preconfirmed_block` of the feeder gateway: the block being built, without its first `knownCount` transactions.
 */
export function formatFeederPreConfirmedBlock(block: PreConfirmedBlockView, knownCount = 0) {
  const added = block.transactions.slice(knownCount);
  return {
    status: block.finality,
    ...formatContext(block.context),
    transactions: added.map(formatFeederTransaction),
    transaction_receipts: added.map((tx, i) => formatFeederReceipt(tx, knownCount + i)),
    transaction_state_diffs: added.map(({ stateDiff }) => formatFeederStateDiff(stateDiff)),
  };
}

function formatContext(context: BlockContext) {
  return {
    l1_da_mode: context.l1DaMode,
    l1_gas_price: formatPrice(context.gasPrices.l1Gas),
    l1_data_gas_price: formatPrice(context.gasPrices.l1DataGas),
    l2_gas_price: formatPrice(context.gasPrices.l2Gas),
    timestamp: context.timestamp,
    sequencer_address: formatFelt(context.sequencerAddress),
    starknet_version: context.starknetVersion,
  };
}

function formatPrice({ priceInWei, priceInFri }: GasPrice) {
  return { price_in_wei: formatFelt(priceInWei), price_in_fri: formatFelt(priceInFri) };
}
