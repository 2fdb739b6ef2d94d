import { type BlockDifference, formatOsInput } from '@cairn/os';
import { CairnError } from '@cairn/primitives';
import { TaskWorker } from '@cairn/runtime';
import type { Chain } from '../chain/chain.ts';
import { osInputOf } from './osInputOf.ts';
import type { OsTask, OsVerdict } from './osWorker.ts';

// The built file, from src/ (tests) and from dist/ alike: threads run JavaScript only.
const WORKER = new URL('../../dist/os/osWorker.js', import.meta.url);
const LIMITS = { timeLimitMs: 600_000, memoryLimitMb: 4096, queueLimit: 1 };
/** How long to wait before looking again whether there is nothing more urgent. */
const BUSY_MS = 200;

/** A block that must not be settled, and why. */
export interface QuarantinedBlock {
  readonly blockNumber: number;
  /** The first difference, or what made the run fail. */
  readonly reason: string;
  readonly difference?: BlockDifference;
}

/** Who wants to know of checks. */
export interface OsCheckEvents {
  /** A block's OS run agrees with the sequencer. */
  checked?: (blockNumber: number, steps: number) => void;
  /** A block's does not: neither it nor what follows may be settled. */
  quarantined?: (block: QuarantinedBlock) => void;
}

/**
 * Runs every block through the Starknet OS, in a thread, before it may go to L1, while nothing waits for execution. The
 * node goes on whatever the outcome.
 */
export class OsChecker {
  readonly #chain: Chain;
  readonly #isBusy: () => boolean;
  readonly #events: OsCheckEvents;
  readonly #worker = new TaskWorker(WORKER, LIMITS);
  readonly #quarantined = new Map<number, QuarantinedBlock>();
  #checked: number;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(chain: Chain, isBusy: () => boolean, events: OsCheckEvents) {
    this.#chain = chain;
    this.#isBusy = isBusy;
    this.#events = events;
    this.#checked = chain.firstNumber;
  }

  /** The last block up to which all blocks agree with their OS runs. */
  get checkedNumber(): number {
    return this.#checked;
  }

  get quarantined(): QuarantinedBlock[] {
    return [...this.#quarantined.values()];
  }

  /** Looks for blocks to check. */
  wake(): void {
    if (this.#isRunning || this.#isStopped || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, BUSY_MS).unref();
  }

  /** Blocks after `number` were taken back. */
  reverted(number: number): void {
    // A loaded dump takes back the first block too, which no OS run can prove.
    this.#checked = Math.max(Math.min(this.#checked, number), this.#chain.firstNumber);
    for (const blockNumber of this.#quarantined.keys())
      if (blockNumber > number) this.#quarantined.delete(blockNumber);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#worker.close();
  }

  async #run(): Promise<void> {
    if (this.#isBusy()) return this.wake();
    const number = this.#checked + 1;
    if (this.#quarantined.has(number) || number > this.#chain.head.block.header.blockNumber) return;
    this.#isRunning = true;
    const blockHash = this.#chain.store.block(number)!.block.header.blockHash;
    const outcome = await this.#check(number);
    this.#isRunning = false;
    if (this.#isStopped) return;
    // The block may have been taken back meanwhile.
    if (
      this.#chain.store.block(number)?.block.header.blockHash === blockHash &&
      this.#checked === number - 1
    ) {
      if ('steps' in outcome) {
        this.#checked = number;
        this.#events.checked?.(number, outcome.steps);
      } else {
        this.#quarantined.set(number, outcome);
        this.#events.quarantined?.(outcome);
      }
    }
    this.wake();
  }

  async #check(blockNumber: number): Promise<OsVerdict | QuarantinedBlock> {
    try {
      const task: OsTask = {
        input: formatOsInput(osInputOf(this.#chain, blockNumber, blockNumber)),
        stateDiff: this.#chain.store.block(blockNumber)!.stateDiff,
      };
      const verdict = await this.#worker.run<OsVerdict>(task);
      const { difference } = verdict;
      if (difference === undefined) return verdict;
      const { what, proven, claimed } = difference;
      return {
        blockNumber,
        reason: `${what}: the OS run gives ${proven}, the block says ${claimed}`,
        difference,
      };
    } catch (error) {
      const reason = error instanceof CairnError ? `${error.message} [${error.code}]` : String(error);
      return { blockNumber, reason: `the OS run failed: ${reason}` };
    }
  }
}
