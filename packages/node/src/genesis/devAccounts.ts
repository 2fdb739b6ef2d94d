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
  return Array.from({ length: count }, (_, index) =>
    accountOf(`cairn dev account ${seed} ${index}`, accountClassHash),
  );
}

/** The account of a seed that pays out when somebody asks for tokens. */
export function faucetAccount(seed: number, accountClassHash: Felt): DevAccount {
  return accountOf(`cairn faucet ${seed}`, accountClassHash);
}

/** The private key with which the sequencer of a seed signs its blocks. */
export function devSequencerKey(seed: number): bigint {
  return keyOf(`cairn sequencer ${seed}`);
}

function keyOf(name: string): bigint {
  const digest = starknetKeccak(new TextEncoder().encode(name));
  return (digest % (STARK_CURVE.order - 1n)) + 1n;
}

function accountOf(name: string, accountClassHash: Felt): DevAccount {
  const privateKey = keyOf(name);
  const publicKey = getPublicKey(privateKey);
  const address = contractAddress({
    deployer: 0n,
    salt: publicKey,
    classHash: accountClassHash,
    constructorCalldata: [publicKey],
  });
  return { address, publicKey, privateKey };
}
