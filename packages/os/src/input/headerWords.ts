import { type Felt, poseidonMany, shortString } from '@cairn/primitives';
import type { BlockHeader, GasPrices } from '@cairn/protocol';

const BLOCK_HASH_PREFIX = shortString('STARKNET_BLOCK_HASH1');
const GAS_PRICES_PREFIX = shortString('STARKNET_GAS_PRICES0');

/** Places in {@link headerWords} of what the OS takes from the producer; it computes the others. */
export const PRODUCED_HEADER_WORDS = {
  sequencerAddress: 3,
  timestamp: 4,
  gasPricesHash: 10,
  version: 11,
};

/** The words that a block hash covers, as `cairn.os.block_header` has them in memory. */
export function headerWords(header: BlockHeader): Felt[] {
  const counts =
    (BigInt(header.transactionCount) << 192n) +
    (BigInt(header.eventCount) << 128n) +
    (BigInt(header.stateDiffLength) << 64n) +
    (header.l1DaMode === 'BLOB' ? 1n << 63n : 0n);
  return [
    BLOCK_HASH_PREFIX,
    BigInt(header.blockNumber),
    header.stateRoot,
    header.sequencerAddress,
    BigInt(header.timestamp),
    counts,
    header.stateDiffCommitment,
    header.transactionCommitment,
    header.eventCommitment,
    header.receiptCommitment,
    poseidonMany(gasPriceWords(header.gasPrices)),
    shortString(header.starknetVersion),
    0n,
    header.parentHash,
  ];
}

/** The words that the hash of gas prices covers. */
export function gasPriceWords({ l1Gas, l1DataGas, l2Gas }: GasPrices): Felt[] {
  return [
    GAS_PRICES_PREFIX,
    l1Gas.priceInWei,
    l1Gas.priceInFri,
    l1DataGas.priceInWei,
    l1DataGas.priceInFri,
    l2Gas.priceInWei,
    l2Gas.priceInFri,
  ];
}
