import { type Air, encodeProof, type Proof } from '@cairn/stark';
import { copyProof } from './proofs.ts';

/** Integers below a bound from a seed. */
export function randomness(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A proof with something changed: bytes, words, parts that change places. */
export function mutateProof(bytes: Uint8Array, proof: Proof, air: Air, seed: number): Uint8Array {
  const random = randomness(seed);
  const out = bytes.slice();
  const words = Math.floor(out.length / 4);
  const view = new DataView(out.buffer);
  switch (random(7)) {
    case 0:
      out[random(out.length)]! ^= 1 << random(8);
      return out;
    case 1: {
      const at = 4 * random(words);
      view.setUint32(at, view.getUint32(at) + 1);
      return out;
    }
    case 2:
      view.setUint32(4 * random(words), [0, 1, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1][random(6)]!);
      return out;
    case 3: {
      const [a, b] = [4 * random(words), 4 * random(words)];
      const word = view.getUint32(a);
      view.setUint32(a, view.getUint32(b));
      view.setUint32(b, word);
      return out;
    }
    case 4:
      return random(2) === 0 ? out.slice(0, random(out.length)) : Uint8Array.of(...out, random(256));
    case 5: {
      const [a, b] = [random(proof.queries.length), random(proof.queries.length)];
      const changed = copyProof(proof);
      [changed.queries[a], changed.queries[b]] = [changed.queries[b]!, changed.queries[a]!];
      return encodeProof(air, changed);
    }
    default: {
      // The first words: head, caps, nonces, samples.
      const at = 4 * random(Math.min(words, 400));
      view.setUint32(at, view.getUint32(at) ^ (1 << random(31)));
      return out;
    }
  }
}
