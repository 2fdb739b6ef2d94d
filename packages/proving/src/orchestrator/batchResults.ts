import type { Felt } from '@cairn/primitives';

/** Results of jobs, as the database keeps them: plain JSON, felts as hex. One file of the blob store is named by its hash. */
export interface OsRunRecord {
  /** File: the input of the OS that proves the batch (text). */
  readonly inputFile: string;
  readonly output: readonly string[];
  /** The changes of the state, compressed. */
  readonly data: readonly string[];
  readonly stepCount: number;
  readonly seconds: number;
}

export interface ProveRecord {
  /** File: the proof. */
  readonly proofFile: string;
  readonly proofBytes: number;
  /** The name that the prover gives itself. */
  readonly prover: string;
  /** From taking the job to handing the proof in. */
  readonly seconds: number;
}

/** Transactions on L1 that a job has sent. */
export interface L1Record {
  readonly transactions: readonly string[];
  readonly gasUsed: number;
  readonly seconds: number;
}

export interface PublishDataRecord extends L1Record {
  /** File: the blobs that the state update carries, with their proofs (JSON). */
  readonly blobsFile?: string;
}

export interface RegisterProofRecord extends L1Record {
  readonly fact: string;
  readonly verifier: string;
}

export interface UpdateStateRecord extends L1Record {
  /** The transaction that moved the state; the last one of `transactions` unless another had moved it. */
  readonly update: string | null;
}

export const fromHex = (texts: readonly string[]): Felt[] => texts.map((text) => BigInt(text));
