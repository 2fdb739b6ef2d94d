import type { CasmClass } from '@cairn/cairo';
import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { BlockHeader } from '@cairn/protocol';
import type { StoredNode } from '@cairn/state';
import type { RecordedTransaction } from '../execution/recordedExecution.ts';
import type { ChunkCommitment } from '../output/evaluate.ts';

/** A contract that a block touches, as it was before the block. */
export interface OsContract {
  address: ContractAddress;
  /** 0 when nothing is deployed. */
  classHash: ClassHash;
  nonce: Felt;
  storageRoot: Felt;
  /** Every cell that the block reads or writes, with its value. */
  storage: [key: Felt, value: Felt][];
}

/** One block, with what its OS run needs of the state before it. */
export interface OsBlock {
  /** The header to be proven. */
  header: BlockHeader;
  transactions: RecordedTransaction[];
  /** starknet_keccak of the revert reason of each transaction; 0 when nothing was reverted. */
  revertReasonHashes: Felt[];
  contractsRoot: Felt;
  classesRoot: Felt;
  contracts: OsContract[];
  /** Every class that the block runs or declares, with its compiled class hash; 0 when it is not declared yet. */
  classes: [classHash: ClassHash, compiledClassHash: Felt][];
  /** Nodes of the tries by hash: the paths to what is touched, and the neighbours of what is removed. */
  nodes: [hash: Felt, node: StoredNode][];
}

/** Code that a run executes. */
export interface OsClass {
  /** In the Blake2s form. */
  compiledClassHash: Felt;
  casm: CasmClass;
}

/** Where the changes of the state go, and the commitments to their chunks where that is not the output. */
export interface DataPlace {
  kind: 'output' | 'blobs' | 'pages';
  /** One for each chunk: see `chunksOf`. */
  commitments: ChunkCommitment[];
}

/** Everything that a run of the OS over one or more blocks needs. Plain data. */
export interface OsInput {
  chain: { chainId: Felt; strkTokenAddress: ContractAddress };
  /** Headers before the first block, the parent first: nine, or all down to block 0. */
  ancestors: BlockHeader[];
  /** One after the other. */
  blocks: OsBlock[];
  /** Every class that the blocks execute. */
  classes: OsClass[];
  /** Puts the changes out with the values before and uncompressed, for a program that joins several outputs. */
  fullOutput: boolean;
  data: DataPlace;
}
