import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';
import { type BlobHash, type BlobStore, blobHash, checkBlobHash, verifiedBlob } from './blobStore.ts';

/** A file being written that is older than this was left by a process that ended. */
const ABANDONED_MS = 3_600_000;

/**
 * Blobs as files of a directory: `ab/abcd…`. A file appears under its name once it is wholly on the disk. Several
 * processes may share the directory.
 */
export class FileBlobs implements BlobStore {
  readonly #directory: string;
  #incoming: Promise<string> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(bytes: Uint8Array): Promise<BlobHash> {
    const hash = blobHash(bytes);
    return await this.#tell(async () => {
      this.#incoming ??= this.#openIncoming();
      const building = join(await this.#incoming, randomUUID());
      try {
        const file = await open(building, 'wx');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        const folder = join(this.#directory, hash.slice(0, 2));
        const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
        if (isNew) await syncFolder(this.#directory);
        await rename(building, this.#path(hash));
        await syncFolder(folder);
      } catch (error) {
        await unlink(building).catch(() => {});
        throw error;
      }
      return hash;
    });
  }

  async get(hash: BlobHash): Promise<Uint8Array | undefined> {
    const path = this.#path(hash);
    const bytes = await this.#tell(() => readFile(path).catch(undefinedIfMissing));
    return bytes && verifiedBlob(hash, bytes, path);
  }

  async has(hash: BlobHash): Promise<boolean> {
    return (await this.#tell(() => stat(this.#path(hash)).catch(undefinedIfMissing))) !== undefined;
  }

  async delete(hash: BlobHash): Promise<void> {
    await this.#tell(() => unlink(this.#path(hash)).catch(undefinedIfMissing));
  }

  #path(hash: BlobHash): string {
    checkBlobHash(hash);
    return join(this.#directory, hash.slice(0, 2), hash);
  }

  /** Makes the folder of files being written and clears it of abandoned ones. */
  async #openIncoming(): Promise<string> {
    const folder = join(this.#directory, 'incoming');
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(undefinedIfMissing);
      if (found && Date.now() - found.mtimeMs > ABANDONED_MS) {
        await unlink(join(folder, name)).catch(undefinedIfMissing);
      }
    }
    return folder;
  }

  async #tell<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      this.#incoming = undefined;
      if (cause instanceof CairnError) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException;
      const isFull = code === 'ENOSPC' || code === 'EDQUOT';
      throw new CairnError<StorageErrorCode>(
        isFull ? 'DISK_FULL' : 'STORAGE_UNAVAILABLE',
        isFull ? `the disk of ${this.#directory} is full` : `blobs in ${this.#directory}: ${message}`,
        { cause, fix: isFull ? 'make room on the disk' : 'check that the directory is writable' },
      );
    }
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Makes what was renamed or made in a folder durable. Not every system lets a folder be opened (Windows does not); there it is durable by itself. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}
