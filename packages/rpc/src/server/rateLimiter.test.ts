import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rateLimiter.ts';

describe('a rate limiter', () => {
  let nowMs = 0;
  const limiter = (unitsPerSecond: number, burstUnits: number) =>
    new RateLimiter({ unitsPerSecond, burstUnits }, () => nowMs);

  it('lets a burst through, then as much as is earned, each client by itself', () => {
    const limits = limiter(10, 20);
    const [one, two] = [limits.client('1.2.3.4'), limits.client('::1')];
    expect([one.take(15), one.take(5), one.take(1)]).toEqual([0, 0, 100]);
    expect(two.take(20)).toBe(0);
    nowMs += 500;
    expect([one.take(6), one.take(5), one.take(1)]).toEqual([100, 0, 100]);
    expect(limits.client('1.2.3.4')).toBe(one);
  });

  it('lets one request of any price through when the client has saved all it can', () => {
    const client = limiter(10, 20).client('a');
    expect(client.take(100)).toBe(0);
    expect(client.take(1)).toBe(8100);
    expect(client.isEmpty).toBe(true);
    nowMs += 10_000;
    expect(client.isEmpty).toBe(false);
    expect(client.take(1)).toBe(0);
  });

  it('can be without limit', () => {
    const client = limiter(0, 0).client('a');
    for (let i = 0; i < 100; i++) expect(client.take(1e9)).toBe(0);
  });

  it('forgets clients, those with all their units first', () => {
    const limits = limiter(1, 2);
    const poor = limits.client('poor');
    poor.take(2);
    for (let i = 0; i < 20_000; i++) limits.client(`client ${i}`);
    expect(limits.client('poor').take(1)).toBe(1000);
  });
});
