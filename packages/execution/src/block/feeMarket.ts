import type { VersionedConstants } from '@cairn/protocol';

/**
 * Price of L2 gas in the next block, in fri: it moves towards balance by at most 1/48 a block, and climbs
 * slowly to the floor when it lies below.
 * @see EIP-1559; starkware-libs/sequencer, apollo_consensus_orchestrator/src/fee_market
 */
export function nextL2GasPrice(
  price: bigint,
  gasUsed: bigint,
  { feeMarket }: Pick<VersionedConstants, 'feeMarket'>,
  minGasPriceFri = feeMarket.minGasPriceFri,
): bigint {
  if (price < minGasPriceFri) {
    const raised = price + price / 333n;
    return raised < minGasPriceFri ? raised : minGasPriceFri;
  }
  const { gasTarget, maxChangeDenominator } = feeMarket;
  const distance = gasUsed > gasTarget ? gasUsed - gasTarget : gasTarget - gasUsed;
  const change = (price * distance) / (gasTarget * maxChangeDenominator);
  const next = gasUsed > gasTarget ? price + change : price - change;
  return next > minGasPriceFri ? next : minGasPriceFri;
}
