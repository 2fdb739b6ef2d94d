import { type ContractAddress, type Felt, selectorFromName, sign } from '@cairn/primitives';
import { type InvokeV3, transactionHash } from '@cairn/protocol';
import type { DevAccount } from '../genesis/devAccounts.ts';

/** A call as `__execute__` takes it. */
export interface Call {
  readonly to: ContractAddress;
  readonly selector: Felt;
  readonly calldata: readonly Felt[];
}

/** A transfer of an ERC-20 token; `amount` is below 2^256. */
export function transferCall(token: ContractAddress, to: ContractAddress, amount: bigint): Call {
  const mask = (1n << 128n) - 1n;
  return { to: token, selector: selectorFromName('transfer'), calldata: [to, amount & mask, amount >> 128n] };
}

/** An invoke of a dev account, signed as its class checks it. Fields that are not given are those of wallets. */
export function signInvoke(
  account: Pick<DevAccount, 'address' | 'privateKey'>,
  chainId: Felt,
  calls: readonly Call[],
  fields: Pick<InvokeV3, 'nonce' | 'resourceBounds'> & Partial<InvokeV3>,
): InvokeV3 {
  const transaction: InvokeV3 = {
    type: 'INVOKE',
    version: 3,
    senderAddress: account.address,
    calldata: [
      BigInt(calls.length),
      ...calls.flatMap(({ to, selector, calldata }) => [to, selector, BigInt(calldata.length), ...calldata]),
    ],
    signature: [],
    tip: 0n,
    paymasterData: [],
    accountDeploymentData: [],
    nonceDataAvailabilityMode: 'L1',
    feeDataAvailabilityMode: 'L1',
    ...fields,
  };
  const { r, s } = sign(account.privateKey, transactionHash(transaction, chainId));
  return { ...transaction, signature: [r, s] };
}
