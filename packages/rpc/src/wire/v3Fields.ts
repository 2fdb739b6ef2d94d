import { formatFelt } from '@cairn/primitives';
import type { DataAvailabilityMode, ResourceBounds, V3Fields } from '@cairn/protocol';
import { formatFelts } from './read.ts';

/** What all transactions of version 3 share; bounds and modes in the form of the interface that shows them. */
export function formatV3Fields<B, M>(
  tx: V3Fields,
  formatBounds: (bounds: ResourceBounds) => B,
  formatMode: (mode: DataAvailabilityMode) => M,
) {
  return {
    version: '0x3',
    signature: formatFelts(tx.signature),
    nonce: formatFelt(tx.nonce),
    resource_bounds: formatBounds(tx.resourceBounds),
    tip: formatFelt(tx.tip),
    paymaster_data: formatFelts(tx.paymasterData),
    nonce_data_availability_mode: formatMode(tx.nonceDataAvailabilityMode),
    fee_data_availability_mode: formatMode(tx.feeDataAvailabilityMode),
  };
}
