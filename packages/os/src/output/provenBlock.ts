import { type Felt, poseidonMany } from '@cairn/primitives';

/** What an OS run proves of one block's header. */
export interface ProvenBlock {
  blockNumber: number;
  parentHash: Felt;
  stateRoot: Felt;
  stateDiffLength: number;
  stateDiffCommitment: Felt;
  transactionCount: number;
  transactionCommitment: Felt;
  eventCount: number;
  eventCommitment: Felt;
  receiptCommitment: Felt;
  blockHash: Felt;
}

const COUNT_MASK = (1n << 64n) - 1n;

/** Reads the header words that an OS run left in memory. */
export function provenBlock(words: readonly Felt[]): ProvenBlock {
  const counts = words[5]!;
  return {
    blockNumber: Number(words[1]),
    parentHash: words[13]!,
    stateRoot: words[2]!,
    stateDiffLength: Number((counts >> 64n) & COUNT_MASK),
    stateDiffCommitment: words[6]!,
    transactionCount: Number(counts >> 192n),
    transactionCommitment: words[7]!,
    eventCount: Number((counts >> 128n) & COUNT_MASK),
    eventCommitment: words[8]!,
    receiptCommitment: words[9]!,
    blockHash: poseidonMany(words),
  };
}
