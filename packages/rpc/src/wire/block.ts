import { formatFelt } from '@cairn/primitives';
import type { BlockContext, BlockHeader, GasPrice } from '@cairn/protocol';
import type { BlockView } from '../backend.ts';
import { oneOf, readFelt, readInteger, readObject, readString, readU128 } from './read.ts';

/** Everything of a block but its transactions: BLOCK_HEADER with the status, or PRE_CONFIRMED_BLOCK_HEADER. */
export function formatBlockHeader(block: BlockView): Record<string, unknown> {
  return block.kind === 'closed'
    ? { status: block.finality, ...formatHeader(block.header) }
    : formatContext(block.context);
}

/** BLOCK_HEADER. */
export function formatHeader(header: BlockHeader) {
  return {
    block_hash: formatFelt(header.blockHash),
    parent_hash: formatFelt(header.parentHash),
    new_root: formatFelt(header.stateRoot),
    ...formatContext(header),
    event_commitment: formatFelt(header.eventCommitment),
    transaction_commitment: formatFelt(header.transactionCommitment),
    receipt_commitment: formatFelt(header.receiptCommitment),
    state_diff_commitment: formatFelt(header.stateDiffCommitment),
    event_count: header.eventCount,
    transaction_count: header.transactionCount,
    state_diff_length: header.stateDiffLength,
  };
}

function formatContext(context: BlockContext) {
  return {
    block_number: context.blockNumber,
    timestamp: context.timestamp,
    sequencer_address: formatFelt(context.sequencerAddress),
    l1_gas_price: formatPrice(context.gasPrices.l1Gas),
    l2_gas_price: formatPrice(context.gasPrices.l2Gas),
    l1_data_gas_price: formatPrice(context.gasPrices.l1DataGas),
    l1_da_mode: context.l1DaMode,
    starknet_version: context.starknetVersion,
  };
}

function formatPrice({ priceInFri, priceInWei }: GasPrice) {
  return { price_in_fri: formatFelt(priceInFri), price_in_wei: formatFelt(priceInWei) };
}

const readDaMode = oneOf('BLOB', 'CALLDATA');

/** Reads BLOCK_HEADER as another node serves it. @throws CairnError `INVALID_PARAMS` */
export function readHeader(value: unknown, path: string): BlockHeader {
  const header = readObject(value, path);
  const felt = (name: string) => readFelt(header[name], `${path}.${name}`);
  const integer = (name: string) => readInteger(header[name], `${path}.${name}`);
  const price = (name: string): GasPrice => {
    const json = readObject(header[name], `${path}.${name}`);
    return {
      priceInFri: readU128(json.price_in_fri, `${path}.${name}.price_in_fri`),
      priceInWei: readU128(json.price_in_wei, `${path}.${name}.price_in_wei`),
    };
  };
  return {
    blockHash: felt('block_hash'),
    parentHash: felt('parent_hash'),
    stateRoot: felt('new_root'),
    blockNumber: integer('block_number'),
    timestamp: integer('timestamp'),
    sequencerAddress: felt('sequencer_address'),
    gasPrices: {
      l1Gas: price('l1_gas_price'),
      l2Gas: price('l2_gas_price'),
      l1DataGas: price('l1_data_gas_price'),
    },
    l1DaMode: readDaMode(header.l1_da_mode, `${path}.l1_da_mode`),
    starknetVersion: readString(header.starknet_version, `${path}.starknet_version`),
    eventCommitment: felt('event_commitment'),
    transactionCommitment: felt('transaction_commitment'),
    receiptCommitment: felt('receipt_commitment'),
    stateDiffCommitment: felt('state_diff_commitment'),
    eventCount: integer('event_count'),
    transactionCount: integer('transaction_count'),
    stateDiffLength: integer('state_diff_length'),
  };
}

/** What was known of the block before its first transaction. */
export function contextOf(block: BlockView): BlockContext {
  return block.kind === 'closed' ? block.header : block.context;
}
