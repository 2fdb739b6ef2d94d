import { setTimeout } from 'node:timers/promises';
import { parseOsInput } from '@cairn/os';
import type { ProverBackend } from '@cairn/stark/prover';
import { ChainClient } from '../chainClient.ts';
import { type OsProof, proveOsRun } from '../osProof/proveOsRun.ts';
import type { ProverEvents } from './proverLoop.ts';

/** How a watcher works. */
export interface WatchOptions {
  /** JSON-RPC of any node that serves inputs of the OS (`cairn_getOsInput`). */
  readonly url: string;
  /** The first block to prove; the next one when absent. */
  readonly firstBlock?: number;
  readonly backend: ProverBackend;
  /** Takes a proof of a block; the watcher goes on when it has. */
  readonly keep: (blockNumber: number, proof: OsProof) => void;
  readonly events?: ProverEvents;
  readonly signal: AbortSignal;
}

const POLL_MS = 1_000;

/**
 * Proves every block of a node by itself, one after the other, until the signal: nobody gives it work, and what the node says of
 * a block is executed again by the OS. A block that cannot be proven is told of and left out.
 */
export async function watchLoop(options: WatchOptions): Promise<void> {
  const { url, backend, keep, events = {}, signal } = options;
  const chain = new ChainClient(url);
  let next = options.firstBlock;
  while (!signal.aborted) {
    try {
      const head = await chain.headNumber();
      next ??= head + 1;
      if (next > head) {
        await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
        continue;
      }
    } catch (error) {
      events.failed?.(error);
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    const started = Date.now();
    try {
      events.taken?.(next, next);
      const input = parseOsInput(await chain.osInput(next, next));
      const proof = await proveOsRun(input, { backend, onProgress: (what) => events.step?.(what) });
      keep(next, proof);
      events.delivered?.(next, next, proof.proof.length, (Date.now() - started) / 1000);
    } catch (error) {
      events.failed?.(error);
    }
    next++;
  }
}
