import { concatBytes } from '@cairn/primitives';
import { type M31, P } from '../field/m31.ts';
import type { QM31 } from '../field/qm31.ts';
import { DIGEST_BYTES, type HashSuite } from '../hash/hashSuite.ts';

/**
 * What is absorbed or drawn, one code per step of the protocol: a message of one step can not be taken for that of
 * another, and the codes say in a recorded transcript what happened.
 */
export const STEP = {
  protocol: 1,
  statement: 2,
  preprocessed: 3,
  mainTrace: 4,
  lookupGrinding: 5,
  lookupChallenges: 6,
  claimedSums: 7,
  interactionTrace: 8,
  compositionCoefficient: 9,
  composition: 10,
  pointGrinding: 11,
  outOfDomainPoint: 12,
  samples: 13,
  deepGrinding: 14,
  deepCoefficient: 15,
  friLayer: 16,
  foldGrinding: 17,
  foldCoefficient: 18,
  lastLayer: 19,
  queryGrinding: 20,
  queries: 21,
} as const;

/** A step of {@link STEP}. */
export type Step = (typeof STEP)[keyof typeof STEP];

const KIND = { absorb: 0, draw: 1, grind: 2 } as const;

/** One event of a transcript, for tests that follow which message reaches which challenge. */
export interface ChannelEvent {
  readonly kind: 'absorb' | 'draw';
  readonly step: Step;
  /** The state after absorbing, or the words drawn. */
  readonly value: readonly number[];
}

function wordsToBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i]!);
  return bytes;
}

/** What a grinding nonce must do: H(state, nonce) begins with so many zero bits. */
export function leadingZeroBits(digest: Uint8Array): number {
  let count = 0;
  for (const byte of digest) {
    if (byte === 0) {
      count += 8;
      continue;
    }
    return count + Math.clz32(byte) - 24;
  }
  return count;
}

/**
 * The Fiat-Shamir transcript: a digest that absorbs every message and from which every challenge is drawn.
 * Absorb: state ← H(state, kind, step, byte count, message). Draw: H(state, kind, step, counter), where the counter starts
 * anew after each message and rises with each draw, so no two draws hash the same input. Words are big-endian.
 */
export class Channel {
  readonly #hash: HashSuite;
  readonly #observe: ((event: ChannelEvent) => void) | undefined;
  #state: Uint8Array = new Uint8Array(DIGEST_BYTES);
  #drawCount = 0;

  constructor(hash: HashSuite, observe?: (event: ChannelEvent) => void) {
    this.#hash = hash;
    this.#observe = observe;
  }

  /** The digest that everything absorbed so far has led to. */
  get state(): Uint8Array {
    return this.#state.slice();
  }

  /** Absorbs a message of bytes. */
  absorbBytes(step: Step, message: Uint8Array): void {
    this.#state = this.#hash.transcript(
      concatBytes(this.#state, wordsToBytes([KIND.absorb, step, message.length]), message),
    );
    this.#drawCount = 0;
    this.#observe?.({ kind: 'absorb', step, value: [...this.#state] });
  }

  /** Absorbs a message of 32-bit words. */
  absorbWords(step: Step, words: ArrayLike<number>): void {
    this.absorbBytes(step, wordsToBytes(words));
  }

  /** Absorbs field elements. */
  absorbElements(step: Step, elements: readonly QM31[]): void {
    this.absorbWords(step, elements.flat());
  }

  /** Absorbs digests. */
  absorbDigests(step: Step, digests: readonly Uint8Array[]): void {
    this.absorbBytes(step, concatBytes(...digests));
  }

  #squeeze(step: Step): Uint32Array {
    const digest = this.#hash.transcript(
      concatBytes(this.#state, wordsToBytes([KIND.draw, step, this.#drawCount++])),
    );
    const view = new DataView(digest.buffer, digest.byteOffset, digest.length);
    return Uint32Array.from({ length: DIGEST_BYTES / 4 }, (_, i) => view.getUint32(4 * i));
  }

  /**
   * A uniform element of QM31: the first four words of a squeeze, modulo p, where a squeeze with one of them at or above
   * 2p is thrown away.
   */
  drawElement(step: Step): QM31 {
    for (;;) {
      const words = this.#squeeze(step).subarray(0, 4);
      if (words.some((word) => word >= 2 * P)) continue;
      const [a, b, c, d] = Array.from(words, (word): M31 => (word >= P ? word - P : word));
      const element: QM31 = [a!, b!, c!, d!];
      this.#observe?.({ kind: 'draw', step, value: element });
      return element;
    }
  }

  /** `count` uniform positions in [0, 2^logSize), not necessarily distinct. */
  drawPositions(step: Step, count: number, logSize: number): number[] {
    const positions: number[] = [];
    while (positions.length < count) {
      for (const word of this.#squeeze(step)) {
        if (positions.length < count) positions.push(word >>> (32 - logSize));
      }
    }
    this.#observe?.({ kind: 'draw', step, value: positions });
    return positions;
  }

  /** True when the nonce (64 bits: high word, low word) solves a puzzle of `bits` bits on the present state. */
  checkNonce(step: Step, bits: number, nonce: readonly [number, number]): boolean {
    return leadingZeroBits(this.#hash.transcript(grindingInput(this.#state, step, bits, nonce))) >= bits;
  }

  /** Absorbs a nonce once it is checked. */
  absorbNonce(step: Step, nonce: readonly [number, number]): void {
    this.absorbWords(step, nonce);
  }
}

/** The bytes that a grinding puzzle hashes; the nonce is the last eight. */
export function grindingInput(
  state: Uint8Array,
  step: Step,
  bits: number,
  nonce: readonly [number, number],
): Uint8Array {
  return concatBytes(state, wordsToBytes([KIND.grind, step, bits, nonce[0], nonce[1]]));
}
