import type { ListedJob } from '../jobs/jobGraph.ts';
import type { JobStore } from '../jobs/jobStore.ts';
import type {
  L1Record,
  OsRunRecord,
  ProveRecord,
  RegisterProofRecord,
  UpdateStateRecord,
} from '../orchestrator/batchResults.ts';

/** How far a batch is on its way to L1, as RPC tells it. What is not done yet is null. */
export interface BatchProofJson {
  readonly batch: number;
  readonly first_block: number;
  readonly last_block: number;
  readonly jobs: readonly { readonly kind: string; readonly status: string; readonly error: string | null }[];
  readonly os_run: {
    readonly steps: number;
    readonly seconds: number;
    /** Felts as hex: what the proof shows. */
    readonly output: readonly string[];
    /** Words of the changes of the state, compressed. */
    readonly data_words: number;
  } | null;
  readonly proof: {
    /** Name of the file, served at /proofs/FILE. */
    readonly file: string;
    readonly bytes: number;
    readonly prover: string;
    readonly seconds: number;
  } | null;
  readonly data_publication: L1Json | null;
  readonly verification: (L1Json & { readonly fact: string; readonly verifier: string }) | null;
  readonly state_update: (L1Json & { readonly transaction_hash: string | null }) | null;
}

interface L1Json {
  readonly transactions: readonly string[];
  readonly gas_used: number;
  readonly seconds: number;
}

/** All that is known of a batch. */
export async function batchProof(jobs: JobStore, listed: readonly ListedJob[]): Promise<BatchProofJson> {
  const { batchId, firstBlock, lastBlock } = listed[0]!;
  const result = <T>(kind: ListedJob['kind']) => jobs.resultOf(batchId, kind) as Promise<T | undefined>;
  const [run, prove, data, registered, updated] = await Promise.all([
    result<OsRunRecord>('osRun'),
    result<ProveRecord>('prove'),
    result<L1Record>('publishData'),
    result<RegisterProofRecord>('registerProof'),
    result<UpdateStateRecord>('updateState'),
  ]);
  return {
    batch: batchId,
    first_block: firstBlock,
    last_block: lastBlock,
    jobs: listed.map(({ kind, status, error }) => ({ kind, status, error: error?.message ?? null })),
    os_run: run
      ? { steps: run.stepCount, seconds: run.seconds, output: run.output, data_words: run.data.length }
      : null,
    proof: prove
      ? { file: prove.proofFile, bytes: prove.proofBytes, prover: prove.prover, seconds: prove.seconds }
      : null,
    data_publication: data ? l1Json(data) : null,
    verification: registered
      ? { ...l1Json(registered), fact: registered.fact, verifier: registered.verifier }
      : null,
    state_update: updated ? { ...l1Json(updated), transaction_hash: updated.update } : null,
  };
}

function l1Json({ transactions, gasUsed, seconds }: L1Record): L1Json {
  return { transactions, gas_used: gasUsed, seconds };
}
