import fc from 'fast-check';
import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { afterRead, afterReorganisation, nextRange, type WatchState } from './watchState.ts';

const hash = (text: string): Hex => `0x${text}`;
const options = { confirmations: 2, maxRange: 10 };

describe('what to read next', () => {
  it('is what is deep enough, a range at a time', () => {
    const state: WatchState = { next: 5n, marks: [] };
    expect(nextRange(state, 6n, options)).toBe(undefined);
    expect(nextRange(state, 7n, options)).toEqual({ from: 5n, to: 5n });
    expect(nextRange(state, 100n, options)).toEqual({ from: 5n, to: 14n });
    expect(nextRange(state, 1n, options)).toBe(undefined);
    expect(nextRange(state, 5n, { confirmations: 0, maxRange: 1 })).toEqual({ from: 5n, to: 5n });
  });
  it('goes on behind what was read', () => {
    const state = afterRead({ next: 5n, marks: [] }, { number: 14n, hash: hash('aa') });
    expect(state).toEqual({ next: 15n, marks: [{ number: 14n, hash: '0xaa' }] });
  });
  it('remembers so many marks only', () => {
    let state: WatchState = { next: 0n, marks: [] };
    for (let i = 0n; i < 200n; i++) state = afterRead(state, { number: i, hash: hash(`${i}`) });
    expect(state.marks.length).toBe(64);
    expect(state.marks.at(-1)!.number).toBe(199n);
  });
});

describe('a reorganisation', () => {
  const state: WatchState = {
    next: 30n,
    marks: [
      { number: 9n, hash: hash('a') },
      { number: 19n, hash: hash('b') },
      { number: 29n, hash: hash('c') },
    ],
  };
  it('leaves what is before the last mark on the chain', () => {
    const chain = new Map([
      [9n, hash('a')],
      [19n, hash('b')],
      [29n, hash('x')],
    ]);
    expect(afterReorganisation(state, chain, 3n)).toEqual({ next: 20n, marks: state.marks.slice(0, 2) });
    chain.delete(29n);
    chain.set(19n, hash('y'));
    expect(afterReorganisation(state, chain, 3n)).toEqual({ next: 10n, marks: state.marks.slice(0, 1) });
  });
  it('of everything starts anew', () => {
    expect(afterReorganisation(state, new Map(), 3n)).toEqual({ next: 3n, marks: [] });
  });
});

it('whatever happens to the chain, what was delivered and not taken back is on it, each block once', () => {
  const step = fc.record({
    cut: fc.nat(12),
    grow: fc.nat(15),
    reads: fc.nat(4),
    maxRange: fc.integer({ min: 1, max: 6 }),
    confirmations: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.nat(3), (steps, start) => {
      let made = 0;
      const chain: Hex[] = [];
      let state: WatchState = { next: BigInt(start), marks: [] };
      let delivered: { number: number; hash: Hex }[] = [];
      const onChain = (number: bigint) => chain[Number(number)];
      for (const { cut, grow, reads, ...limits } of steps) {
        chain.splice(Math.max(0, chain.length - cut));
        for (let i = 0; i < grow; i++) chain.push(hash(`${made++}`));
        for (let i = 0; i < reads; i++) {
          const tip = state.marks.at(-1);
          if (tip !== undefined && onChain(tip.number) !== tip.hash) {
            const known = state.marks.flatMap(({ number }) => {
              const found = onChain(number);
              return found === undefined ? [] : ([[number, found]] as const);
            });
            state = afterReorganisation(state, new Map(known), BigInt(start));
            delivered = delivered.filter(({ number }) => BigInt(number) < state.next);
            expect(delivered.every((block) => chain[block.number] === block.hash)).toBe(true);
            continue;
          }
          const range = nextRange(state, BigInt(chain.length - 1), limits);
          if (range === undefined) continue;
          for (let number = Number(range.from); number <= Number(range.to); number++)
            delivered.push({ number, hash: chain[number]! });
          state = afterRead(state, { number: range.to, hash: onChain(range.to)! });
          expect(delivered.map(({ number }) => number)).toEqual(delivered.map((_, j) => start + j));
          expect(delivered.every((block) => chain[block.number] === block.hash)).toBe(true);
        }
      }
    }),
  );
});
