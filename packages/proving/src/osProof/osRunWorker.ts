// Runs in a worker thread of the orchestrator.
import { cairoAir } from '@cairn/cairo-air';
import {
  compareWithBlock,
  formatOsInput,
  type OsInput,
  type OsResult,
  parseOsInput,
  parseOsOutput,
  runOs,
} from '@cairn/os';
import { CairnError, type Felt } from '@cairn/primitives';
import { serveTasks } from '@cairn/runtime';
import { chunkCommitments, type ProvenBlob, proveBlobs } from '@cairn/settlement';
import type { ProvingErrorCode } from '../errors.ts';
import { osLayout } from './osLayout.ts';
import { verifyOsProof } from './verifyOsProof.ts';

/** Where the changes of the state go. */
export type DataMode = 'output' | 'blobs' | 'pages';

/** What the thread is asked for. */
export type OsRunTask =
  | { readonly kind: 'warm up' }
  | { readonly kind: 'run'; readonly input: string; readonly data: DataMode }
  | { readonly kind: 'blobs'; readonly output: readonly Felt[]; readonly data: readonly Felt[] }
  | { readonly kind: 'verify'; readonly proof: Uint8Array; readonly output: readonly Felt[] };

/** A run of the OS, to be proven. */
export interface OsRunResult {
  /** The input that proves it, with the commitments to the data. */
  readonly input: string;
  readonly output: readonly Felt[];
  /** The changes of the state, compressed. */
  readonly data: readonly Felt[];
  readonly stepCount: number;
}

serveTasks(async (task: OsRunTask): Promise<OsRunResult | ProvenBlob[] | string | null> => {
  if (task.kind === 'warm up') {
    // It compiles the OS and lays out its tables.
    cairoAir(osLayout());
    return null;
  }
  if (task.kind === 'run') return runForProof(parseOsInput(task.input), task.data);
  if (task.kind === 'blobs') return proveBlobs(parseOsOutput(task.output), task.data);
  const verdict = verifyOsProof(task.proof, task.output);
  return verdict.ok ? null : verdict.fault;
});

async function runForProof(input: OsInput, mode: DataMode): Promise<OsRunResult> {
  const plain = checkedRun({ ...input, data: { kind: 'output', commitments: [] } });
  const { data } = plain.output;
  if (mode === 'output')
    return { input: formatOsInput(plain.input), output: plain.words, data, stepCount: plain.stepCount };
  const commitments = await chunkCommitments(data, mode);
  const run = checkedRun({ ...input, data: { kind: mode, commitments } }, plain.used);
  return { input: formatOsInput(run.input), output: run.words, data, stepCount: run.stepCount };
}

/** A run whose blocks are what their headers say. @throws CairnError `BLOCK_DIFFERS` with the first difference. */
function checkedRun(input: OsInput, known?: OsResult['used']) {
  const { output, outputWords: words, blocks, resources, used } = runOs(input, known && { used: known });
  for (const [i, { header }] of input.blocks.entries()) {
    const difference = compareWithBlock(blocks[i]!, header);
    if (difference === undefined) continue;
    const { blockNumber, what, proven, claimed } = difference;
    throw new CairnError<ProvingErrorCode>(
      'BLOCK_DIFFERS',
      `block ${blockNumber}, ${what}: the OS run gives ${proven}, the block says ${claimed}`,
      { details: { blockNumber } },
    );
  }
  return { input, output, words, stepCount: resources.steps, used };
}
