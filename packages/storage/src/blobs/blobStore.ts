import { createHash } from 'node:crypto';
import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';

/** Name of a blob: the SHA-256 of its bytes, 64 lower-case hex digits. */
export type BlobHash = string;

/** Bytes by their own hash, so nothing is ever replaced and a copy from anywhere is as good as the original. */
export interface BlobStore {
  /**
   * Stores bytes; durable on return. Bytes that are there already are written again, which mends a broken copy.
   * @throws CairnError `DISK_FULL`, `STORAGE_UNAVAILABLE`
   */
  put(bytes: Uint8Array): Promise<BlobHash>;
  /**
   * The bytes, or undefined when there is no such blob.
   * @throws CairnError `BLOB_CORRUPT` when what is stored is not what was put, `STORAGE_UNAVAILABLE`
   */
  get(hash: BlobHash): Promise<Uint8Array | undefined>;
  /** Whether the blob is there; its bytes are not read. */
  has(hash: BlobHash): Promise<boolean>;
  /** Deletes the blob; does nothing when there is none. */
  delete(hash: BlobHash): Promise<void>;
}

/** The name of these bytes. */
export function blobHash(bytes: Uint8Array): BlobHash {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Refuses a text that is not a blob's name, before it becomes part of a path or an address. */
export function checkBlobHash(hash: BlobHash): void {
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new CairnError('INTERNAL', `not a blob's hash: got ${hash}, expected 64 lower-case hex digits`);
  }
}

/** Returns the bytes if they are the blob named `hash`; `place` is for the message. */
export function verifiedBlob(hash: BlobHash, bytes: Uint8Array, place: string): Uint8Array {
  const found = blobHash(bytes);
  if (found !== hash) {
    throw new CairnError<StorageErrorCode>(
      'BLOB_CORRUPT',
      `${place} was changed: its ${bytes.length} bytes hash to ${found}, expected ${hash}`,
      { details: { hash, found, place }, fix: 'delete it; what it held is made again' },
    );
  }
  return bytes;
}
