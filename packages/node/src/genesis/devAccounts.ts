import {
  type ContractAddress,
  type Felt,
  getPublicKey,
  STARK_CURVE,
  starknetKeccak,
} from '@cairn/primitives';
import { contractAddress } from '@cairn/protocol';

/** An account whose key everyone knows: for development only. */
export interface DevAccount {
  address: ContractAddress;
  publicKey: Felt;
  privateKey: bigint;
}

/** The `count` accounts of a seed; the same seed and class always give the same accounts. */
export function devAccounts(seed: number, count: number, accountClassHash: Felt): DevAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = starknetKeccak(new TextEncoder().encode(`cairn dev account ${seed} ${index}`));
    const privateKey = (digest % (STARK_CURVE.order - 1n)) + 1n;
    const publicKey = getPublicKey(privateKey);
    const address = contractAddress({
      deployer: 0n,
      salt: publicKey,
      classHash: accountClassHash,
      constructorCalldata: [publicKey],
    });
    return { address, publicKey, privateKey };
  });
}
