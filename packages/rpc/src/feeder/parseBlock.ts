import type { Felt } from '@cairn/primitives';
import type { BlockHeader, GasPrice, Receipt } from '@cairn/protocol';
import { asArray, asBigInt, asFelt, asObject, asString } from './json.ts';
import { parseFeederReceipt } from './parseReceipt.ts';
import { type FeederTransaction, parseFeederTransactions } from './parseTransaction.ts';

/** A block as the feeder gateway tells it. Commitments that old blocks do not carry are undefined. */
export interface FeederBlock {
  header: Omit<
    BlockHeader,
    'receiptCommitment' | 'stateDiffCommitment' | 'stateDiffLength' | 'transactionCount' | 'eventCount'
  >;
  receiptCommitment: Felt | undefined;
  stateDiffCommitment: Felt | undefined;
  stateDiffLength: number | undefined;
  transactions: readonly FeederTransaction[];
  receipts: readonly Receipt[];
}

/** Reads `get_block` output of the feeder gateway. @throws CairnError `MALFORMED_FEEDER_JSON` */
export function parseFeederBlock(json: unknown): FeederBlock {
  const block = asObject(json, 'block');
  const optionalFelt = (name: string): Felt | undefined =>
    block[name] === undefined ? undefined : asFelt(block[name], name);
  return {
    header: {
      blockHash: asFelt(block.block_hash, 'block_hash'),
      parentHash: asFelt(block.parent_block_hash, 'parent_block_hash'),
      blockNumber: Number(asBigInt(block.block_number, 'block_number')),
      stateRoot: asFelt(block.state_root, 'state_root'),
      timestamp: Number(asBigInt(block.timestamp, 'timestamp')),
      sequencerAddress: optionalFelt('sequencer_address') ?? 0n,
      starknetVersion:
        block.starknet_version === undefined ? '0.0.0' : asString(block.starknet_version, 'starknet_version'),
      l1DaMode: block.l1_da_mode === 'BLOB' ? 'BLOB' : 'CALLDATA',
      gasPrices: {
        l1Gas: parsePrice(block.l1_gas_price, 'l1_gas_price'),
        l1DataGas: parsePrice(block.l1_data_gas_price, 'l1_data_gas_price'),
        l2Gas: parsePrice(block.l2_gas_price, 'l2_gas_price'),
      },
      transactionCommitment: optionalFelt('transaction_commitment') ?? 0n,
      eventCommitment: optionalFelt('event_commitment') ?? 0n,
    },
    receiptCommitment: optionalFelt('receipt_commitment'),
    stateDiffCommitment: optionalFelt('state_diff_commitment'),
    stateDiffLength:
      block.state_diff_length === undefined
        ? undefined
        : Number(asBigInt(block.state_diff_length, 'state_diff_length')),
    transactions: parseFeederTransactions(block.transactions),
    receipts: asArray(block.transaction_receipts, 'transaction_receipts').map(parseFeederReceipt),
  };
}

function parsePrice(json: unknown, path: string): GasPrice {
  if (json === undefined) return { priceInWei: 0n, priceInFri: 0n };
  const price = asObject(json, path);
  return {
    priceInWei: asBigInt(price.price_in_wei, `${path}.price_in_wei`),
    priceInFri: asBigInt(price.price_in_fri, `${path}.price_in_fri`),
  };
}
