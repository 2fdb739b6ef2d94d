import {
  ADDRESS_BOUND,
  type ClassHash,
  type ContractAddress,
  type Felt,
  pedersenArray,
  shortString,
} from '@cairn/primitives';

const PREFIX = shortString('STARKNET_CONTRACT_ADDRESS');

/**
 * Address of a contract deployed with these inputs; `deployer` is 0 for account deployments and
 * deploy_from_zero.
 * @see Starknet docs, "contract address"
 */
export function contractAddress(input: {
  deployer: ContractAddress;
  salt: Felt;
  classHash: ClassHash;
  constructorCalldata: readonly Felt[];
}): ContractAddress {
  const hash = pedersenArray([
    PREFIX,
    input.deployer,
    input.salt,
    input.classHash,
    pedersenArray(input.constructorCalldata),
  ]);
  return hash % ADDRESS_BOUND;
}
