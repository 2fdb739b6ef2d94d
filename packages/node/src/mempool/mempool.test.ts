import type { InvokeV3 } from '@cairn/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEMPOOL_LIMITS, Mempool, type PooledTransaction } from './mempool.ts';

let nextHash = 1n;
function tx(sender: bigint, nonce: bigint, tip = 0n, price = 100n, receivedAtMs = 0): PooledTransaction {
  const bound = { maxAmount: 1n, maxPricePerUnit: price };
  const transaction = {
    type: 'INVOKE',
    version: 3,
    senderAddress: sender,
    nonce,
    tip,
    resourceBounds: { l1Gas: bound, l2Gas: bound, l1DataGas: bound },
  } as unknown as InvokeV3;
  return { transaction, hash: nextHash++, codeSize: 0, receivedAtMs };
}

const order = (pool: Mempool, price = 0n): [bigint, bigint][] => {
  const out: [bigint, bigint][] = [];
  for (let next = pool.takeNext(price); next; next = pool.takeNext(price)) {
    out.push([(next.transaction as InvokeV3).senderAddress, next.transaction.nonce]);
  }
  return out;
};

describe('the mempool', () => {
  it('gives the highest tip first, ties by arrival, and each account in nonce order', () => {
    const pool = new Mempool();
    for (const t of [tx(1n, 1n, 9n), tx(1n, 0n, 1n), tx(2n, 0n, 5n), tx(3n, 0n, 5n)]) pool.add(t, 0n);
    expect(order(pool)).toEqual([
      [2n, 0n],
      [3n, 0n],
      [1n, 0n],
      [1n, 1n],
    ]);
  });

  it('holds back what follows a gap until the gap is filled', () => {
    const pool = new Mempool();
    pool.add(tx(1n, 2n), 0n);
    pool.add(tx(1n, 0n), 0n);
    expect(order(pool)).toEqual([[1n, 0n]]);
    pool.add(tx(1n, 1n), 1n);
    expect(order(pool)).toEqual([
      [1n, 1n],
      [1n, 2n],
    ]);
  });

  it('replaces only for ten percent more tip and price', () => {
    const pool = new Mempool();
    const old = tx(1n, 0n, 100n, 100n);
    pool.add(old, 0n);
    expect(() => pool.add(tx(1n, 0n, 109n, 200n), 0n)).toThrow(/expected at least 110 and 110/);
    expect(() => pool.add(tx(1n, 0n, 200n, 109n), 0n)).toThrow(/pays too little/);
    expect(pool.add(tx(1n, 0n, 110n, 110n), 0n)).toBe(old);
    expect(pool.size).toBe(1);
    expect(order(pool)).toEqual([[1n, 0n]]);
  });

  it('refuses duplicates, used nonces and what exceeds its limits', () => {
    const pool = new Mempool({
      ...DEFAULT_MEMPOOL_LIMITS,
      maxTransactionCount: 2,
      maxTransactionsPerAccount: 1,
    });
    const first = tx(1n, 5n);
    pool.add(first, 5n);
    expect(() => pool.add(first, 5n)).toThrow(/already waiting/);
    expect(() => pool.add(tx(2n, 4n), 5n)).toThrow(/nonce is used: got 4, expected at least 5/);
    expect(() => pool.add(tx(1n, 6n), 5n)).toThrow(/the most allowed/);
    pool.add(tx(2n, 0n), 0n);
    expect(() => pool.add(tx(3n, 0n), 0n)).toThrow(/mempool is full/);
  });

  it('leaves transactions that cannot pay the price where they are', () => {
    const pool = new Mempool();
    pool.add(tx(1n, 0n, 9n, 10n), 0n);
    pool.add(tx(2n, 0n, 0n, 20n), 0n);
    expect(order(pool, 15n)).toEqual([[2n, 0n]]);
    expect(pool.size).toBe(1);
  });

  it('takes a transaction back to the front of its account', () => {
    const pool = new Mempool();
    pool.add(tx(1n, 0n), 0n);
    pool.add(tx(1n, 1n), 0n);
    const taken = pool.takeNext(0n)!;
    pool.giveBack(taken);
    expect(order(pool)).toEqual([
      [1n, 0n],
      [1n, 1n],
    ]);
  });

  it('after a refusal lets the account go on from its true nonce', () => {
    const pool = new Mempool();
    pool.add(tx(1n, 0n), 0n);
    pool.add(tx(1n, 1n), 0n);
    pool.takeNext(0n);
    pool.resetNonce(1n, 0n);
    expect(order(pool)).toEqual([]);
    pool.add(tx(1n, 0n), 0n);
    expect(order(pool)).toEqual([
      [1n, 0n],
      [1n, 1n],
    ]);
  });

  it('drops what waited too long', () => {
    const pool = new Mempool({ ...DEFAULT_MEMPOOL_LIMITS, timeToLiveMs: 10 });
    pool.add(tx(1n, 0n, 0n, 100n, 0), 0n);
    pool.add(tx(2n, 0n, 0n, 100n, 5), 0n);
    expect(pool.expire(11)).toHaveLength(1);
    expect(order(pool)).toEqual([[2n, 0n]]);
  });

  it('whatever the order of arrival, hands out every account without gaps', () => {
    const arrivals = fc.uniqueArray(fc.tuple(fc.bigInt(1n, 3n), fc.bigInt(0n, 6n)), {
      selector: ([sender, nonce]) => `${sender} ${nonce}`,
      maxLength: 21,
    });
    fc.assert(
      fc.property(arrivals, (list) => {
        const pool = new Mempool();
        for (const [sender, nonce] of list) pool.add(tx(sender, nonce, sender), 0n);
        const taken = order(pool);
        for (const sender of [1n, 2n, 3n]) {
          const nonces = taken.filter(([s]) => s === sender).map(([, nonce]) => nonce);
          expect(nonces).toEqual(nonces.map((_, i) => BigInt(i)));
          const given = new Set(list.filter(([s]) => s === sender).map(([, nonce]) => nonce));
          expect(given.has(BigInt(nonces.length))).toBe(false);
        }
      }),
    );
  });
});
