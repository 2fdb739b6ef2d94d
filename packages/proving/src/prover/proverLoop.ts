import { setTimeout } from 'node:timers/promises';
import { cairoAir } from '@cairn/cairo-air';
import { parseOsInput } from '@cairn/os';
import { CairnError } from '@cairn/primitives';
import { rpcCall } from '@cairn/runtime';
import type { ProverBackend } from '@cairn/stark/prover';
import { describeError } from '../describeError.ts';
import { osLayout } from '../osProof/osLayout.ts';
import { proveOsRun } from '../osProof/proveOsRun.ts';
import type { TaskJson } from './proverMethods.ts';

/** What a prover tells of its work. */
export interface ProverEvents {
  taken?(firstBlock: number, lastBlock: number): void;
  step?(what: string): void;
  delivered?(firstBlock: number, lastBlock: number, proofBytes: number, seconds: number): void;
  /** It goes on with the next task. */
  failed?(error: unknown): void;
}

/** How a prover works. */
export interface ProverOptions {
  /** JSON-RPC of the orchestrator. */
  readonly url: string;
  readonly name: string;
  readonly token?: string;
  readonly backend: ProverBackend;
  readonly events?: ProverEvents;
  readonly signal: AbortSignal;
}

const IDLE_MS = 500;
const UNREACHABLE_MS = 2_000;
/** How long a proof is kept for an orchestrator that does not answer. */
const AWAY_MS = 300_000;

/** Fetches work from an orchestrator, proves and delivers, until the signal. Lives through an orchestrator that is away. */
export async function proverLoop({
  url,
  name,
  token,
  backend,
  events = {},
  signal,
}: ProverOptions): Promise<void> {
  const secret = token === undefined ? {} : { token };
  // Compiles the OS and lays out its tables, so that the first task does not wait for it.
  cairoAir(osLayout());
  while (!signal.aborted) {
    let task: TaskJson | null;
    try {
      task = await rpcCall<TaskJson | null>(url, 'cairn_takeProvingTask', { prover: name, ...secret });
    } catch (error) {
      events.failed?.(error);
      await setTimeout(UNREACHABLE_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    if (task === null) {
      await setTimeout(IDLE_MS, undefined, { signal }).catch(() => {});
      continue;
    }
    try {
      await proveTask(task);
    } catch (error) {
      events.failed?.(error);
      const gone =
        error instanceof CairnError && (error.code === 'NODE_UNREACHABLE' || error.code === 'NODE_ERROR');
      // What the orchestrator itself has refused it knows.
      if (!gone)
        await rpcCall(url, 'cairn_giveUpProvingTask', {
          ticket: task.ticket,
          ...describeError(error),
          ...secret,
        }).catch(() => {});
      await setTimeout(IDLE_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Hands a proof in, to an orchestrator that may be away for a while: it still knows the ticket when it comes back. */
  async function deliver(proof: object): Promise<void> {
    for (
      const started = Date.now();
      ;
      await setTimeout(UNREACHABLE_MS, undefined, { signal }).catch(() => {})
    ) {
      try {
        await rpcCall(url, 'cairn_deliverProof', proof);
        return;
      } catch (error) {
        const isAway = error instanceof CairnError && error.code === 'NODE_UNREACHABLE';
        if (!isAway || signal.aborted || Date.now() - started > AWAY_MS) throw error;
      }
    }
  }

  async function proveTask({ ticket, first_block, last_block, input, lease_ms }: TaskJson): Promise<void> {
    const started = Date.now();
    events.taken?.(first_block, last_block);
    let step = 'OS run';
    const renewal = setInterval(() => {
      rpcCall(url, 'cairn_renewProvingTask', { ticket, step, ...secret }).catch(() => {});
    }, lease_ms / 3);
    try {
      const { proof } = await proveOsRun(parseOsInput(input), {
        backend,
        onProgress: (what) => {
          step = what;
          events.step?.(what);
        },
      });
      await deliver({ ticket, proof: Buffer.from(proof).toString('base64'), ...secret });
      events.delivered?.(first_block, last_block, proof.length, (Date.now() - started) / 1000);
    } finally {
      clearInterval(renewal);
    }
  }
}
