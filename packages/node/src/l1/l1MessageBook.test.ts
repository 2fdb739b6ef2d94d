import type { L1Place } from '@cairn/settlement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isDeliverable,
  L1MessageBook,
  type L1MessageEvent,
  type L1MessageRecord,
  l1MessageState,
} from './l1MessageBook.ts';

const CHAIN_ID = 0x434149524en;
const KINDS = ['messageSent', 'cancellationStarted', 'messageCanceled', 'messageConsumed'] as const;

function event(kind: (typeof KINDS)[number], nonce: bigint, block: number, logIndex: number): L1MessageEvent {
  const place: L1Place = {
    blockNumber: BigInt(block),
    blockHash: `0x${block}`,
    // Messages of one block are of one L1 transaction.
    transactionHash: `0x${block}`,
    logIndex,
  };
  const message = { fromAddress: 1n, toAddress: 2n, selector: 3n, payload: [4n], nonce };
  return kind === 'messageSent'
    ? { kind, place, message, feeWei: 5n, timestamp: 6 }
    : { kind, place, message };
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    nonce: fc.bigInt(0n, 3n),
    isNewBlock: fc.boolean(),
    /** How many L1 blocks are taken back before it. */
    takenBackCount: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  }),
  { maxLength: 40 },
);

describe('the book of messages', () => {
  it('says after any reorganisations what it would say had there been only what is left', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const book = new L1MessageBook(CHAIN_ID);
        let left: L1MessageEvent[] = [];
        let block = 10;
        for (const [logIndex, { kind, nonce, isNewBlock, takenBackCount }] of list.entries()) {
          if (takenBackCount !== undefined) {
            block = Math.max(block - takenBackCount, 0);
            const changed = book.takeBack(BigInt(block));
            const gone = left.filter(({ place }) => place.blockNumber >= block);
            left = left.filter(({ place }) => place.blockNumber < block);
            expect(new Set(changed.map(nonceOf))).toEqual(new Set(gone.map(({ message }) => message.nonce)));
          }
          if (isNewBlock) block++;
          // On L1 each step of a message happens once.
          if (left.some((other) => other.kind === kind && other.message.nonce === nonce)) continue;
          const next = event(kind, nonce, block, logIndex);
          left.push(next);
          book.apply(next, 0);
          // What comes again changes nothing.
          book.apply(left[logIndex % left.length]!, 1);
        }
        const fresh = new L1MessageBook(CHAIN_ID);
        for (const next of left) fresh.apply(next, 0);
        for (let number = 0n; number <= 50n; number++)
          expect(book.ofL1Transaction(number)?.map(essence)).toEqual(
            fresh.ofL1Transaction(number)?.map(essence),
          );
        const deliverable = (of: L1MessageBook) => new Set(of.deliverable().map(nonceOf));
        expect(deliverable(book)).toEqual(deliverable(fresh));
        for (const record of book.deliverable()) {
          expect(isDeliverable(record)).toBe(true);
          expect(l1MessageState(record, 'none')).toBe('pending');
        }
      }),
    );
  });

  it('tells the state of a message', () => {
    const states = (...kinds: (typeof KINDS)[number][]) => {
      const book = new L1MessageBook(CHAIN_ID);
      let record: L1MessageRecord | undefined;
      for (const [i, kind] of kinds.entries()) record = book.apply(event(kind, 0n, i, 0), 0);
      return (['none', 'succeeded', 'reverted', 'refused'] as const).map((inclusion) =>
        l1MessageState(record!, inclusion),
      );
    };
    expect(states('messageSent')).toEqual(['pending', 'committed', 'rejected', 'rejected']);
    const started = 'cancellationStarted';
    expect(states('messageSent', started)).toEqual([started, 'committed', started, started]);
    const ends = (end: string) => [end, end, end, end];
    expect(states('messageSent', started, 'messageCanceled')).toEqual(ends('cancelled'));
    expect(states('messageSent', started, 'messageConsumed')).toEqual(ends('consumed'));
    expect(states(started)).toEqual(ends('takenBack'));
  });
});

const nonceOf = ({ handler }: L1MessageRecord) => handler!.transaction.nonce;
const essence = ({ messageHash, handler, steps: { ...own } }: L1MessageRecord) => ({
  messageHash,
  handler,
  own,
});
