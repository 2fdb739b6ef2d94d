import type { L1Messaging, L1MessagingTarget, Sequencer } from '@cairn/node';
import { CairnError } from '@cairn/primitives';
import type { MessageToL1 } from '@cairn/protocol';
import type { Rollup } from '@cairn/proving';

/** Errors of the connection to L1 as clients steer it. */
export type MessagingErrorCode = 'NOT_READY' | 'UNSUPPORTED';

const POLL_MS = 100;

/** The connection to the core contract that the chain settles on: messages go both ways by themselves, a flush waits for them. */
export class RollupMessaging implements L1Messaging {
  readonly #rollup: () => Rollup | undefined;
  readonly #sequencer: () => Sequencer;
  /** L1 blocks that must stand above what is read there. */
  readonly #confirmations: number;
  /** The last block whose messages a flush has told of. */
  #told = 0;

  constructor(rollup: () => Rollup | undefined, sequencer: () => Sequencer, confirmations: number) {
    this.#confirmations = confirmations;
    this.#rollup = rollup;
    this.#sequencer = sequencer;
  }

  get coreContract(): bigint | undefined {
    const rollup = this.#rollup();
    return rollup && BigInt(rollup.manifest.core);
  }

  get networkUrl(): string | undefined {
    return this.#rollup()?.l1Url;
  }

  /** @throws CairnError `NOT_READY`, `UNSUPPORTED` for another contract than the one the chain settles on. */
  async load({ coreContract }: L1MessagingTarget): Promise<void> {
    const { manifest, l1Url } = this.#ready();
    if (coreContract === undefined || coreContract === BigInt(manifest.core)) return;
    throw new CairnError<MessagingErrorCode>(
      'UNSUPPORTED',
      `this chain settles on core contract ${manifest.core} at ${l1Url}; got 0x${coreContract.toString(16)}`,
    );
  }

  /** @throws CairnError `NOT_READY`, and those of an L1 that does not answer. */
  async flush(isDryRun: boolean): Promise<readonly MessageToL1[]> {
    const { l1 } = this.#ready();
    const { chain, l1: inbox } = this.#sequencer();
    const readable = (await l1.reader.getBlockNumber({ cacheTime: 0 })) - BigInt(this.#confirmations);
    while ((inbox.readBlock ?? -1n) < readable) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const settled = chain.store.l1HeadNumber() ?? 0;
    const messages: MessageToL1[] = [];
    for (let number = this.#told + 1; number <= settled; number++)
      for (const { receipt } of chain.store.block(number)!.block.transactions)
        messages.push(...receipt.messagesToL1);
    if (!isDryRun) this.#told = Math.max(this.#told, settled);
    return messages;
  }

  #ready(): Rollup {
    const rollup = this.#rollup();
    if (rollup !== undefined) return rollup;
    throw new CairnError<MessagingErrorCode>('NOT_READY', 'the rollup is starting: try again in a moment');
  }
}
