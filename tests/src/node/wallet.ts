import type { DevAccount } from '@cairn/node';
import { type Felt, selectorFromName, sign } from '@cairn/primitives';
import { type InvokeV3, transactionHash } from '@cairn/protocol';

/** A call as `__execute__` takes it. */
export interface Call {
  to: Felt;
  selector: Felt;
  calldata: readonly Felt[];
}

/** A transfer of an ERC-20 token. */
export function transferCall(token: Felt, to: Felt, amount: bigint): Call {
  return { to: token, selector: selectorFromName('transfer'), calldata: [to, amount, 0n] };
}

/** A signed invoke of a dev account. */
export function signedInvoke(
  account: DevAccount,
  chainId: Felt,
  nonce: number,
  calls: readonly Call[],
  changes: Partial<InvokeV3> = {},
): InvokeV3 {
  const tx: InvokeV3 = {
    type: 'INVOKE',
    version: 3,
    senderAddress: account.address,
    calldata: [
      BigInt(calls.length),
      ...calls.flatMap(({ to, selector, calldata }) => [to, selector, BigInt(calldata.length), ...calldata]),
    ],
    nonce: BigInt(nonce),
    signature: [],
    resourceBounds: {
      l1Gas: { maxAmount: 100_000n, maxPricePerUnit: 10n ** 14n },
      l2Gas: { maxAmount: 100_000_000n, maxPricePerUnit: 10n ** 11n },
      l1DataGas: { maxAmount: 100_000n, maxPricePerUnit: 10n ** 14n },
    },
    tip: 0n,
    paymasterData: [],
    accountDeploymentData: [],
    nonceDataAvailabilityMode: 'L1',
    feeDataAvailabilityMode: 'L1',
    ...changes,
  };
  const { r, s } = sign(account.privateKey, transactionHash(tx, chainId));
  return { ...tx, signature: [r, s] };
}
