import { type ChunkCommitment, chunksOf } from '@cairn/os';
import { bigIntToBytes, bytesToBigInt, concatBytes, type Felt, keccak256 } from '@cairn/primitives';
import { blobOf } from './blob.ts';
import { blobCommitment } from './kzg.ts';

/** Where data goes that is not in the output. */
export type DataOutside = 'blobs' | 'pages';

const HALF_BITS = { blobs: 192n, pages: 128n } as const;

/** Keccak-256 of the words of a page, 32 bytes each. */
export function pageHash(words: readonly Felt[]): Uint8Array {
  return keccak256(concatBytes(...words.map((word) => bigIntToBytes(word, 32))));
}

/** A commitment (48 bytes of KZG, or 32 of a page's hash) in the two halves that an OS output has. */
export function commitmentHalves(commitment: Uint8Array, place: DataOutside): ChunkCommitment {
  const value = bytesToBigInt(commitment);
  const bits = HALF_BITS[place];
  return [value & ((1n << bits) - 1n), value >> bits];
}

/** The bytes of a commitment whose halves an OS output has. @throws CairnError `INVALID_HEX` for halves that are too large. */
export function commitmentBytes([low, high]: ChunkCommitment, place: DataOutside): Uint8Array {
  const length = Number(HALF_BITS[place] / 8n);
  return concatBytes(bigIntToBytes(high, length), bigIntToBytes(low, length));
}

/**
 * The commitments to the chunks of data, as the OS input takes them for this place. PERF: half a second for each blob.
 * @throws CairnError `INVALID_BLOB` for words that are no felts.
 */
export async function chunkCommitments(
  data: readonly Felt[],
  place: DataOutside,
): Promise<ChunkCommitment[]> {
  const commitments: ChunkCommitment[] = [];
  for (const words of chunksOf(data, place)) {
    const commitment = place === 'pages' ? pageHash(words) : await blobCommitment(blobOf(words));
    commitments.push(commitmentHalves(commitment, place));
  }
  return commitments;
}
