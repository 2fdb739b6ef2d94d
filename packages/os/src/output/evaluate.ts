import { type Felt, poseidon, poseidonMany } from '@cairn/primitives';

/** Order of the scalar field of BLS12-381, over which data outside of the output is evaluated. */
export const BLS_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** Words in a chunk of data, by where the data goes. */
export const CHUNK_LENGTH = { blobs: 4096, pages: 3800 } as const;

/** A commitment to a chunk in the two halves that the output has: of 192 bits for blobs, of 128 for pages. */
export type ChunkCommitment = [low: Felt, high: Felt];

/** The point at which data is evaluated: it follows from the data and the commitments to its chunks. */
export function evaluationPoint(data: readonly Felt[], commitments: readonly ChunkCommitment[]): Felt {
  return poseidon(poseidonMany(data), poseidonMany(commitments.flat()));
}

/** The polynomial with the words as coefficients, lowest first, at z, modulo {@link BLS_ORDER}. */
export function evaluate(words: readonly Felt[], z: Felt): bigint {
  return words.reduceRight((sum, word) => (sum * z + word) % BLS_ORDER, 0n);
}

/** The chunks of data, all whole but the last. */
export function chunksOf(data: readonly Felt[], place: keyof typeof CHUNK_LENGTH): Felt[][] {
  const length = CHUNK_LENGTH[place];
  return Array.from({ length: Math.ceil(data.length / length) }, (_, i) =>
    data.slice(i * length, (i + 1) * length),
  );
}
