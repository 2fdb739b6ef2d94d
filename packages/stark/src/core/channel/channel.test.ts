import { describe, expect, it } from 'vitest';
import { P } from '../field/m31.ts';
import { type HashSuite, hashSuite } from '../hash/hashSuite.ts';
import { Channel, leadingZeroBits, STEP } from './channel.ts';

const fresh = () => new Channel(hashSuite('blake2s'));

describe('the channel', () => {
  it('separates steps, messages, lengths and draws', () => {
    const drawn = new Set<string>();
    const after = (act: (c: Channel) => void) => {
      const channel = fresh();
      act(channel);
      drawn.add(channel.drawElement(STEP.deepCoefficient).join());
      drawn.add(channel.drawElement(STEP.deepCoefficient).join());
      drawn.add(channel.drawElement(STEP.foldCoefficient).join());
    };
    const messages: ((c: Channel) => void)[] = [
      () => {},
      (c) => c.absorbBytes(STEP.samples, new Uint8Array(0)),
      (c) => c.absorbBytes(STEP.samples, new Uint8Array(1)),
      (c) => c.absorbBytes(STEP.lastLayer, new Uint8Array(1)),
      (c) => c.absorbWords(STEP.samples, [0]),
      (c) => c.absorbNonce(STEP.queryGrinding, [0, 1]),
      (c) => c.absorbNonce(STEP.queryGrinding, [1, 0]),
    ];
    for (const message of messages) after(message);
    expect(drawn.size).toBe(3 * messages.length);
  });
  it('draws differently in each step', () => {
    const first = Object.values(STEP).map((step) => fresh().drawElement(step).join());
    expect(new Set(first).size).toBe(first.length);
  });
  it('throws away squeezes with a word at or above 2p, keeps p to 2p-1 reduced', () => {
    const squeezes = [
      [2 * P, 0, 0, 0],
      [0, 0, 0, 2 ** 32 - 1],
      [P, 2 * P - 1, 0, 5],
    ];
    const stub: HashSuite = {
      ...hashSuite('blake2s'),
      transcript: () => {
        const bytes = new DataView(new ArrayBuffer(32));
        squeezes.shift()!.forEach((word, i) => {
          bytes.setUint32(4 * i, word);
        });
        return new Uint8Array(bytes.buffer);
      },
    };
    expect(new Channel(stub).drawElement(STEP.samples)).toEqual([0, P - 1, 0, 5]);
    expect(squeezes).toEqual([]);
  });
  it('draws positions of the whole domain', () => {
    const positions = fresh().drawPositions(STEP.queries, 4000, 5);
    expect(positions.length).toBe(4000);
    expect(new Set(positions).size).toBe(32);
    expect(Math.max(...positions)).toBe(31);
  });
  it('checks grinding on the present state, per step and bits', () => {
    const solve = (channel: Channel) => {
      for (let low = 0; ; low++) if (channel.checkNonce(STEP.queryGrinding, 12, [0, low])) return low;
    };
    const channel = fresh();
    const low = solve(channel);
    expect(channel.checkNonce(STEP.deepGrinding, 12, [0, low])).toBe(false);
    channel.absorbWords(STEP.samples, [1]);
    expect(channel.checkNonce(STEP.queryGrinding, 12, [0, low])).toBe(false);
    expect([
      leadingZeroBits(Uint8Array.of(0, 0x10)),
      leadingZeroBits(Uint8Array.of(255)),
      leadingZeroBits(Uint8Array.of(0, 0)),
    ]).toEqual([11, 0, 16]);
  });
});
