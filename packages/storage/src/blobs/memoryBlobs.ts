import { type BlobHash, type BlobStore, blobHash } from './blobStore.ts';

/** Blobs in memory, for tests and for a chain that is not kept. */
export class MemoryBlobs implements BlobStore {
  readonly #blobs = new Map<BlobHash, Uint8Array>();

  async put(bytes: Uint8Array): Promise<BlobHash> {
    const hash = blobHash(bytes);
    this.#blobs.set(hash, bytes.slice());
    return hash;
  }

  async get(hash: BlobHash): Promise<Uint8Array | undefined> {
    return this.#blobs.get(hash)?.slice();
  }

  async has(hash: BlobHash): Promise<boolean> {
    return this.#blobs.has(hash);
  }

  async delete(hash: BlobHash): Promise<void> {
    this.#blobs.delete(hash);
  }
}
