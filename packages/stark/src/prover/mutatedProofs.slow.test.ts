import { describe, expect, it } from 'vitest';
import { P } from '../core/field/m31.ts';
import type { RejectionCode } from '../core/verifier/rejection.ts';
import { verify } from '../core/verifier/verify.ts';
import { proveSum } from '../testing/provenSum.ts';

/** Of each hash: more than 100,000 together. */
const COUNT = 34_000;

/** A small generator of numbers below a bound, so that a failure can be repeated. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

describe.each(['keccak256', 'keccak192', 'blake2s'] as const)('%s', (hash) => {
  it(`accepts none of ${COUNT} mutated proofs and never throws`, async () => {
    // With grinding hardly any mutation gets past the nonces; without, they reach the checks behind.
    const none = { lookup: 0, point: 0, deep: 0, fold: 0, query: 0 };
    const { key, publicValues, bytes } = await proveSum({
      hash,
      ...(hash === 'blake2s' ? { grinding: none } : {}),
    });
    expect(verify(key, publicValues, bytes).ok).toBe(true);
    const random = generator(hash.length);
    const codes = new Map<RejectionCode, number>();
    const word = (target: Uint8Array) => 4 * random(target.length / 4);
    const mutations: ((target: Uint8Array) => Uint8Array)[] = [
      (target) => {
        target[random(target.length)]! ^= 1 << random(8);
        return target;
      },
      (target) => target.slice(0, random(target.length)),
      (target) => Uint8Array.of(...target, ...Array.from({ length: 1 + random(40) }, () => random(256))),
      (target) => {
        // Two parts change places.
        const length = 4 * (1 + random(64));
        const [a, b] = [word(target), word(target)];
        const copy = target.slice();
        target.set(
          copy
            .subarray(b, Math.min(b + length, copy.length - Math.max(0, a - b)))
            .subarray(0, Math.max(0, target.length - a)),
          a,
        );
        target.set(copy.subarray(a, a + length).subarray(0, Math.max(0, target.length - b)), b);
        return target;
      },
      (target) => {
        // A non-canonical word, preferably of the same element.
        const view = new DataView(target.buffer);
        const at = word(target);
        const value = view.getUint32(at);
        view.setUint32(at, value < 2 ** 31 ? value + P : 2 ** 32 - 1);
        return target;
      },
      (target) => {
        const view = new DataView(target.buffer);
        view.setUint32(word(target), random(2 ** 32));
        return target;
      },
      (target) => target.fill(random(256), word(target), word(target)),
    ];
    let tried = 0;
    while (tried < COUNT) {
      const mutated = mutations[tried % mutations.length]!(bytes.slice());
      if (mutated.length === bytes.length && mutated.every((byte, i) => byte === bytes[i])) {
        // The mutation changed nothing: flip a bit so that every try counts.
        mutated[random(mutated.length)]! ^= 1;
      }
      const verdict = verify(key, publicValues, mutated);
      if (verdict.ok) throw new Error(`accepted mutation ${tried}`);
      codes.set(verdict.code, (codes.get(verdict.code) ?? 0) + 1);
      tried++;
    }
    // Mutations reach all kinds of checks that a change of bytes can reach.
    const reached: RejectionCode[] = [
      'NON_CANONICAL',
      'TRUNCATED',
      'TRAILING_BYTES',
      'TREE_PATH',
      'FRI_PATH',
    ];
    reached.push(
      ...(hash === 'blake2s' ? (['LOOKUP_SUM', 'CONSTRAINTS'] as const) : (['GRINDING'] as const)),
    );
    for (const code of reached) expect(codes.get(code) ?? 0).toBeGreaterThan(0);
  });
});
