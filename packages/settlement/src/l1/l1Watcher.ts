import { setTimeout } from 'node:timers/promises';
import { CairnError } from '@cairn/primitives';
import { type Address, type Hex, type Log, numberToHex, type PublicClient } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import { decodeEvents, WATCHED_EVENTS } from './decodeEvents.ts';
import { l1Error } from './l1Error.ts';
import type { L1Event, L1Listener } from './l1Events.ts';
import { afterRead, afterReorganisation, nextRange, type WatchState } from './watchState.ts';

/** How a core contract is followed. */
export interface WatchOptions {
  /** The first L1 block to be read: of the contract's deployment, or where reading ended before. */
  readonly fromBlock: bigint;
  /** Blocks that must stand above one before it is read. 0 when absent. */
  readonly confirmations?: number;
  /** 2,000 when absent. */
  readonly pollIntervalMs?: number;
  /** Blocks asked for at once. 1,000 when absent. */
  readonly maxRange?: number;
}

/** The longest wait between two attempts to reach L1. */
const MAX_WAIT_MS = 60_000;

/**
 * Follows the events of a core contract from a block on, for as long as it is started: polls, waits until blocks are deep
 * enough, takes back what reorganisations have removed, and goes on after L1 could not be reached.
 */
export class L1Watcher {
  readonly #reader: PublicClient;
  readonly #core: Address;
  readonly #listener: L1Listener;
  readonly #options: Required<WatchOptions>;
  #state: WatchState;
  #failureCount = 0;
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;

  constructor(reader: PublicClient, core: Address, listener: L1Listener, options: WatchOptions) {
    this.#reader = reader;
    this.#core = core;
    this.#listener = listener;
    this.#options = { confirmations: 0, pollIntervalMs: 2_000, maxRange: 1_000, ...options };
    this.#state = { next: options.fromBlock, marks: [] };
  }

  /** Reads now and then again and again; nothing when it is started already. */
  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#running = this.#run(stop.signal);
  }

  /** Stops and waits until the listener is told nothing more. It can be started again. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    this.#stop = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isBehind = await this.#attempt(signal);
      if (isBehind || signal.aborted) continue;
      const waitMs = this.#options.pollIntervalMs * 2 ** Math.min(this.#failureCount, 10);
      await setTimeout(Math.min(waitMs, Math.max(MAX_WAIT_MS, this.#options.pollIntervalMs)), undefined, {
        signal,
      }).catch(() => {});
    }
  }

  /** Reads a range; true when there is more to read at once. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    try {
      const tell = await this.#read();
      this.#failureCount = 0;
      if (signal.aborted || tell === undefined) return false;
      tell();
      return true;
    } catch (error) {
      if (this.#failureCount++ === 0 && !signal.aborted)
        this.#listener.failed(l1Error(error, `core contract ${this.#core}`));
      return false;
    }
  }

  /** Reads the next range, or finds a reorganisation; what then is to be done, or nothing when nothing is new. */
  async #read(): Promise<(() => void) | undefined> {
    const head = await this.#reader.getBlockNumber({ cacheTime: 0 });
    const tip = this.#state.marks.at(-1);
    if (tip !== undefined && (await this.#hashOf(tip.number)) !== tip.hash) return this.#reorganised();
    const range = nextRange(this.#state, head, this.#options);
    if (range === undefined) return undefined;
    const hash = await this.#hashOf(range.to);
    let events: L1Event[];
    try {
      const logs = await this.#logs(range.from, range.to);
      const timestamps = await this.#timestamps(logs);
      events = decodeEvents(logs, (blockHash) => timestamps.get(blockHash)!);
    } catch (error) {
      if (hash !== undefined && (await this.#hashOf(range.to)) === hash) throw error;
      // The blocks were taken back while they were read.
      return undefined;
    }
    // The logs are those of the chain that the marks name only if that has not changed while they were read.
    if (hash === undefined || (await this.#hashOf(range.to)) !== hash) return undefined;
    if (tip !== undefined && (await this.#hashOf(tip.number)) !== tip.hash) return this.#reorganised();
    return () => {
      if (events.length > 0) this.#listener.events(events);
      this.#listener.readUpTo(range.to);
      this.#state = afterRead(this.#state, { number: range.to, hash });
    };
  }

  async #reorganised(): Promise<() => void> {
    const onChain = new Map<bigint, Hex>();
    for (const { number } of this.#state.marks) {
      const hash = await this.#hashOf(number);
      if (hash !== undefined) onChain.set(number, hash);
    }
    const state = afterReorganisation(this.#state, onChain, this.#options.fromBlock);
    return () => {
      this.#listener.reorganised(state.next);
      this.#state = state;
    };
  }

  /** The hash of a block, or nothing when the chain has none of this number. */
  async #hashOf(number: bigint): Promise<Hex | undefined> {
    const block = await this.#reader.request({
      method: 'eth_getBlockByNumber',
      params: [numberToHex(number), false],
    });
    return block?.hash ?? undefined;
  }

  #logs(fromBlock: bigint, toBlock: bigint): Promise<Log[]> {
    return this.#reader.getLogs({
      address: this.#core,
      events: WATCHED_EVENTS,
      fromBlock,
      toBlock,
    }) as Promise<Log[]>;
  }

  /** Unix seconds of the blocks that logs stand in, by hash. */
  async #timestamps(logs: readonly Log[]): Promise<Map<string, number>> {
    const timestamps = new Map<string, number>();
    for (const { blockHash } of logs) {
      if (blockHash === null)
        throw new CairnError<SettlementErrorCode>(
          'L1_FAILED',
          `core contract ${this.#core}: a log of no block`,
        );
      if (timestamps.has(blockHash)) continue;
      timestamps.set(blockHash, Number((await this.#reader.getBlock({ blockHash })).timestamp));
    }
    return timestamps;
  }
}
