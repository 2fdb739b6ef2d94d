import { type ProveCairoOptions, proveCairo, runCommitted } from '@cairn/cairo-air';
import { type OsInput, osTask } from '@cairn/os';
import type { Felt } from '@cairn/primitives';
import { C96 } from '@cairn/stark';
import { osLayout } from './osLayout.ts';
import { osFixedCommitment } from './osVerifier.ts';

/** A proven run of the OS. */
export interface OsProof {
  readonly output: readonly Felt[];
  readonly stepCount: number;
  /** A proof file (`cairo-air`). */
  readonly proof: Uint8Array;
}

const MAX_STEPS = 2 ** 24;

/**
 * Runs the OS over blocks and proves the run. PERF: half a minute on two cores for ten transfers.
 * @throws what `runOs` throws, and `proveCairo`.
 */
export async function proveOsRun(
  input: OsInput,
  options: Pick<ProveCairoOptions, 'backend' | 'onProgress'>,
): Promise<OsProof> {
  // Only this engine knows code that a program loads.
  const run = runCommitted(osTask(input), { maxSteps: MAX_STEPS, engine: 'typescript' });
  const proof = await proveCairo(run, {
    ...options,
    layout: osLayout(),
    profile: C96,
    commitments: (_, logMaxHeight) => osFixedCommitment(logMaxHeight),
  });
  return { output: run.output, stepCount: run.resources.steps, proof };
}
