import type { Felt } from '@cairn/primitives';
import type { ExecutedTransaction } from '@cairn/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventProbe, eventFilterOf } from './eventFilter.ts';

const block = (events: readonly (readonly [Felt, readonly Felt[]])[]): ExecutedTransaction[] => [
  {
    receipt: { events: events.map(([fromAddress, keys]) => ({ fromAddress, keys, data: [] })) },
  } as unknown as ExecutedTransaction,
];
const felt = fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 2n ** 251n));
const event = fc.tuple(felt, fc.array(felt, { maxLength: 4 }));

describe('event filters', () => {
  it('never miss an event that is there', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 200 }), fc.nat(), (events, seed) => {
        const filter = eventFilterOf(block(events));
        const [address, keys] = events[seed % events.length]!;
        for (const wanted of [
          { addresses: [], keys: [] },
          { addresses: [address], keys: [] },
          { addresses: [2n ** 250n + 1n, address], keys: keys.map((key) => [key]) },
          { addresses: [], keys: keys.map((key, i) => (i % 2 === 0 ? [] : [7n ** 50n, key])) },
        ])
          expect(new EventProbe(wanted).mayPass(filter)).toBe(true);
      }),
    );
  });

  it('mostly see that an event is not there', () => {
    const filter = eventFilterOf(
      block(Array.from({ length: 1000 }, (_, i) => [5n, [BigInt(i), 2n ** 200n + BigInt(i)]])),
    );
    expect(filter.length).toBeLessThanOrEqual(4096);
    let wrong = 0;
    for (let i = 0n; i < 10_000n; i++)
      if (new EventProbe({ addresses: [], keys: [[2000n + i]] }).mayPass(filter)) wrong++;
    expect(wrong).toBeLessThan(300);
    // A key at another position is another item.
    const elsewhere = Array.from({ length: 1000 }, (_, i) => ({ addresses: [], keys: [[], [BigInt(i)]] }));
    expect(elsewhere.filter((wanted) => new EventProbe(wanted).mayPass(filter)).length).toBeLessThan(50);
  });

  it('of a block without events hold nothing', () => {
    const filter = eventFilterOf(block([]));
    expect(new EventProbe({ addresses: [1n], keys: [] }).mayPass(filter)).toBe(false);
    expect(new EventProbe({ addresses: [], keys: [[], []] }).mayPass(filter)).toBe(true);
  });
});
