import { type Felt, poseidonMany, shortString } from '@cairn/primitives';
import type { BlockHeader, GasPrices } from './block.ts';
import { isAtLeast } from './starknetVersion.ts';

const BLOCK_HASH_V0 = shortString('STARKNET_BLOCK_HASH0');
const BLOCK_HASH_V1 = shortString('STARKNET_BLOCK_HASH1');
const GAS_PRICES_V0 = shortString('STARKNET_GAS_PRICES0');

/**
 * Hash of a block of 0.13.2 or later. From 0.13.4 on the three price pairs enter as one hash; before, the
 * four L1 prices stood in the clear.
 */
export function blockHash(header: Omit<BlockHeader, 'blockHash'>): Felt {
  const v1 = isAtLeast(header.starknetVersion, '0.13.4');
  return poseidonMany([
    v1 ? BLOCK_HASH_V1 : BLOCK_HASH_V0,
    BigInt(header.blockNumber),
    header.stateRoot,
    header.sequencerAddress,
    BigInt(header.timestamp),
    packCounts(header),
    header.stateDiffCommitment,
    header.transactionCommitment,
    header.eventCommitment,
    header.receiptCommitment,
    ...(v1 ? [gasPricesHash(header.gasPrices)] : l1Prices(header.gasPrices)),
    shortString(header.starknetVersion),
    0n,
    header.parentHash,
  ]);
}

/** The counts word of the block hash: transactions, events, state diff length, data availability bit. */
function packCounts(header: Omit<BlockHeader, 'blockHash'>): Felt {
  return (
    (BigInt(header.transactionCount) << 192n) +
    (BigInt(header.eventCount) << 128n) +
    (BigInt(header.stateDiffLength) << 64n) +
    (header.l1DaMode === 'BLOB' ? 1n << 63n : 0n)
  );
}

function l1Prices(prices: GasPrices): Felt[] {
  const { l1Gas, l1DataGas } = prices;
  return [l1Gas.priceInWei, l1Gas.priceInFri, l1DataGas.priceInWei, l1DataGas.priceInFri];
}

function gasPricesHash(prices: GasPrices): Felt {
  return poseidonMany([GAS_PRICES_V0, ...l1Prices(prices), prices.l2Gas.priceInWei, prices.l2Gas.priceInFri]);
}
