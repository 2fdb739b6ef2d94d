import { type Call, type DevAccount, signInvoke } from '@cairn/node';
import type { Felt } from '@cairn/primitives';
import type { InvokeV3 } from '@cairn/protocol';

export { type Call, transferCall } from '@cairn/node';

/** A signed invoke of a dev account, with bounds that suffice for everything. */
export function signedInvoke(
  account: Pick<DevAccount, 'address' | 'privateKey'>,
  chainId: Felt,
  nonce: number,
  calls: readonly Call[],
  changes: Partial<InvokeV3> = {},
): InvokeV3 {
  return signInvoke(account, chainId, calls, {
    nonce: BigInt(nonce),
    resourceBounds: {
      l1Gas: { maxAmount: 100_000n, maxPricePerUnit: 10n ** 14n },
      l2Gas: { maxAmount: 100_000_000n, maxPricePerUnit: 10n ** 11n },
      l1DataGas: { maxAmount: 100_000n, maxPricePerUnit: 10n ** 14n },
    },
    ...changes,
  });
}
