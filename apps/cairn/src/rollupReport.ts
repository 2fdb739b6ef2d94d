import type {
  L1Record,
  OsRunRecord,
  ProveRecord,
  PublishDataRecord,
  RegisterProofRecord,
  Rollup,
  UpdateStateRecord,
} from '@cairn/proving';
import { errorText } from './output.ts';
import type { RollupReport } from './rollupRun.ts';

/** Prints how blocks come to L1: lines of text, or of JSON. */
export function rollupReport(json: boolean, quiet: boolean): RollupReport {
  const tell = (event: Record<string, unknown>, text: string) => {
    if (!quiet) process.stdout.write(`${json ? JSON.stringify(event) : text}\n`);
  };
  return {
    starting: (what) => tell({ event: 'starting', what }, `rollup: starting ${what}`),
    ready({ manifest, l1Url }: Rollup) {
      const { core, firstL1Block: _, verifiers: __, ...rest } = manifest;
      tell(
        { event: 'settling', l1Url, core, ...rest },
        `rollup: settles on ${l1Url}, core contract ${core}, data in ${manifest.data}`,
      );
    },
    events: {
      batched: (firstBlock, lastBlock) =>
        tell({ event: 'batched', firstBlock, lastBlock }, `${blocks(firstBlock, lastBlock)}: to be proven`),
      done({ kind, firstBlock, lastBlock }, result) {
        tell(
          { event: kind, firstBlock, lastBlock, ...(result as object), output: undefined, data: undefined },
          `${blocks(firstBlock, lastBlock)}: ${SAY[kind](result as never)}`,
        );
      },
      failed({ kind, firstBlock, lastBlock }, error) {
        const what =
          error.code === 'BLOCK_DIFFERS' ? 'quarantined, it will not be settled' : `${kind} failed`;
        process.stderr.write(`${blocks(firstBlock, lastBlock)}: ${what}: ${error.message} [${error.code}]\n`);
      },
    },
    failed: (error) => process.stderr.write(`rollup: nothing is settled: ${errorText(error)}\n`),
  };
}

const blocks = (first: number, last: number) =>
  first === last ? `block ${first}` : `blocks ${first}-${last}`;
const gas = ({ transactions, gasUsed, seconds }: L1Record) =>
  `${transactions.length} transactions, ${gasUsed.toLocaleString('en')} gas, ${seconds.toFixed(1)} s`;

const SAY = {
  osRun: ({ stepCount, seconds }: OsRunRecord) =>
    `OS run of ${stepCount.toLocaleString('en')} steps, ${seconds.toFixed(1)} s`,
  prove: ({ proofBytes, prover, seconds }: ProveRecord) =>
    `proof of ${proofBytes.toLocaleString('en')} bytes by ${prover}, ${seconds.toFixed(1)} s`,
  publishData: (record: PublishDataRecord) =>
    record.transactions.length > 0
      ? `data on L1: ${gas(record)}`
      : record.blobsFile === undefined
        ? 'data has no transaction of its own'
        : `blobs made, ${record.seconds.toFixed(1)} s`,
  registerProof: (record: RegisterProofRecord) => `proof verified on L1: ${gas(record)}`,
  updateState: (record: UpdateStateRecord) => `accepted on L1: ${gas(record)}`,
} as const;
