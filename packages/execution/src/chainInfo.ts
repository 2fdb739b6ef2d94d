import type { ContractAddress, Felt } from '@cairn/primitives';

/** What never changes in the life of a chain. */
export interface ChainInfo {
  /** The chain's name as a short string. */
  chainId: Felt;
  /** Token in which version-3 transactions pay. */
  strkTokenAddress: ContractAddress;
  ethTokenAddress: ContractAddress;
}
