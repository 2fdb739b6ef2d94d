import { CairnError, formatFelt } from '@cairn/primitives';
import {
  defineMethod,
  type HttpRoute,
  type Method,
  optional,
  readFelt,
  readInteger,
  readString,
  required,
} from '@cairn/rpc';
import { rpcCall } from '@cairn/runtime';
import type { ProvingErrorCode } from '../errors.ts';
import { jobDescription } from '../jobs/jobDescription.ts';
import type { ListedJob } from '../jobs/jobGraph.ts';
import type { RegisterProofRecord } from '../orchestrator/batchResults.ts';
import type { Rollup } from '../rollup/rollup.ts';
import { batchProof } from './batchProof.ts';
import { transactionProof } from './transactionProof.ts';

/** Where proofs are served, below it by the name of their file. */
export const PROOFS_PATH = '/proofs';

/** What RPC serves of a rollup; `rollup` answers undefined as long as it starts, `nodeUrl` is the node's own RPC. */
export function proofMethods(rollup: () => Rollup | undefined, nodeUrl: () => string): Method[] {
  const ready = (): Rollup => {
    const found = rollup();
    if (found !== undefined) return found;
    throw new CairnError<ProvingErrorCode>('NOT_READY', 'the rollup is starting: try again in a moment');
  };
  return [
    defineMethod({
      name: 'cairn_getRollup',
      parameters: {},
      handler() {
        const { manifest, l1Url } = ready();
        return { ...manifest, l1Url };
      },
    }),
    defineMethod({
      name: 'cairn_getProof',
      cost: 10,
      parameters: {
        block_number: optional(readInteger),
        transaction_hash: optional(readFelt),
        fact: optional(readString),
      },
      async handler({ block_number, transaction_hash, fact }) {
        const { jobs } = ready();
        const given = [block_number, transaction_hash, fact].filter((value) => value !== undefined);
        if (given.length !== 1)
          throw new CairnError('INVALID_PARAMS', 'expected one of block_number, transaction_hash and fact');
        const block =
          transaction_hash === undefined ? block_number : await blockOf(nodeUrl(), transaction_hash);
        const listed = await (fact === undefined ? jobs.jobs({ block: block! }) : jobsOfFact(ready(), fact));
        return listed.length === 0 ? null : batchProof(jobs, listed);
      },
    }),
    defineMethod({
      name: 'cairn_getTransactionProof',
      cost: 50,
      parameters: { transaction_hash: required(readFelt) },
      handler({ transaction_hash }) {
        const { jobs, manifest } = ready();
        return transactionProof(nodeUrl(), jobs, manifest, formatFelt(transaction_hash));
      },
    }),
    defineMethod({
      name: 'cairn_getJobs',
      cost: 10,
      parameters: { block_number: optional(readInteger), limit: optional(readInteger, 100) },
      async handler({ block_number, limit }) {
        const { jobs, desk } = ready();
        const listed = await jobs.jobs({
          limit: Math.min(limit, 1_000),
          ...(block_number === undefined ? {} : { block: block_number }),
        });
        const nowMs = Date.now();
        return {
          jobs: listed.map((job) => ({ ...job, description: jobDescription(job, nowMs) })),
          provers: desk.progress,
        };
      },
    }),
  ];
}

/** What the owner of a rollup may do by RPC; closed to others. */
export function jobMethods(rollup: () => Rollup | undefined): Method[] {
  return [
    defineMethod({
      name: 'cairn_retryJobs',
      parameters: { job: optional(readInteger) },
      async handler({ job }) {
        return { retried: (await rollup()?.jobs.retry(job ?? 'dead', Date.now())) ?? 0 };
      },
    }),
  ];
}

/** Serves the files of proofs. */
export function proofRoute(rollup: () => Rollup | undefined): HttpRoute {
  return {
    path: PROOFS_PATH,
    cost: 20,
    async handle({ path }) {
      const file = path.slice(PROOFS_PATH.length + 1);
      const bytes = /^[0-9a-f]{64}$/.test(file) ? await rollup()?.files.get(file) : undefined;
      if (bytes === undefined) return { status: 404, contentType: 'text/plain', body: `no file ${file}` };
      return { status: 200, contentType: 'application/octet-stream', body: bytes };
    },
  };
}

async function blockOf(nodeUrl: string, transactionHash: bigint): Promise<number> {
  const { block_number: block } = await rpcCall<{ block_number?: number }>(
    nodeUrl,
    'starknet_getTransactionReceipt',
    { transaction_hash: formatFelt(transactionHash) },
  );
  return block ?? -1;
}

/** The jobs of the batch that has shown a fact. */
async function jobsOfFact({ jobs }: Rollup, fact: string): Promise<ListedJob[]> {
  const digits = fact.toLowerCase().replace(/^0x0*/, '').padStart(64, '0');
  const field: keyof RegisterProofRecord = 'fact';
  const batchId = await jobs.batchWithResult('registerProof', field, `0x${digits}`);
  return batchId === undefined ? [] : jobs.jobs({ batchId });
}
