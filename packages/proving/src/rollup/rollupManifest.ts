import type { VerifierManifest } from '@cairn/settlement';
import type { DataMode } from '../osProof/osRunWorker.ts';

/** An address on L1. */
export type L1Address = `0x${string}`;

/** How a chain gives its data: on L1, or nowhere but with whoever keeps it. */
export type DataAvailability = DataMode | 'validium';

/** Where a rollup is on its L1. Plain data: it goes to a file and back as JSON. */
export interface RollupManifest {
  readonly l1ChainId: number;
  /** Name of the L2 chain. */
  readonly chainId: string;
  readonly core: L1Address;
  readonly factRegistry: L1Address;
  readonly dataPages: L1Address;
  readonly bridge: L1Address;
  readonly data: DataAvailability;
  /** The block of L1 from which on the core contract is there. */
  readonly firstL1Block: number;
  readonly verifiers: readonly (VerifierManifest & { readonly logMaxHeight: number })[];
}
