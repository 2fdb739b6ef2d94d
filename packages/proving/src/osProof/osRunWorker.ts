// Runs in a worker thread of the orchestrator.
import { cairoAir } from '@cairn/cairo-air';
import { formatOsInput, type OsInput, parseOsInput, parseOsOutput, runOs } from '@cairn/os';
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
  const run = checkedRun({ ...input, data: { kind: mode, commitments } });
  return { input: formatOsInput(run.input), output: run.words, data, stepCount: run.stepCount };
}

/** A run whose last block is what its header says; the headers of the others are part of it. */
function checkedRun(input: OsInput) {
  const { output, outputWords: words, resources } = runOs(input);
  const { header } = input.blocks.at(-1)!;
  if (output.newBlockHash !== header.blockHash || output.finalRoot !== header.stateRoot)
    throw new CairnError<ProvingErrorCode>(
      'BLOCK_DIFFERS',
      `block ${header.blockNumber}: the OS run gives hash 0x${output.newBlockHash.toString(16)} and root 0x${output.finalRoot.toString(16)}, the block says 0x${header.blockHash.toString(16)} and 0x${header.stateRoot.toString(16)}`,
    );
  return { input, output, words, stepCount: resources.steps };
}
