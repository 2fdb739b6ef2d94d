import { CairnError } from '@cairn/primitives';
import { AwsClient } from 'aws4fetch';
import type { StorageErrorCode } from '../errors.ts';
import { type BlobHash, type BlobStore, blobHash, checkBlobHash, verifiedBlob } from './blobStore.ts';

/** Where an S3-compatible service keeps the blobs, and as whom. */
export interface S3Place {
  /** Without the bucket: `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** A request is tried this many times when the service answers 429 or 5xx, or not at all. Default 5. */
  attempts?: number;
  /** Wait before the second attempt, doubled with each more, in milliseconds. Default 200. */
  retryDelayMs?: number;
  /** An attempt is given up after this long. Default 120,000. */
  timeoutMs?: number;
}

/** Blobs as objects of a bucket, named by their hash (Amazon S3 and what speaks its protocol). */
export class S3Blobs implements BlobStore {
  readonly #place: Required<S3Place>;
  readonly #client: AwsClient;

  constructor(place: S3Place) {
    this.#place = { attempts: 5, retryDelayMs: 200, timeoutMs: 120_000, ...place };
    const { accessKeyId, secretAccessKey, region } = place;
    // It is told to try once: it would not try again when the connection breaks.
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  }

  async put(bytes: Uint8Array): Promise<BlobHash> {
    const hash = blobHash(bytes);
    // The signature covers the blob's name as the body's hash, so the service itself checks what arrived.
    await this.#request('PUT', hash, { body: bytes as Uint8Array<ArrayBuffer>, bodyHash: hash });
    return hash;
  }

  async get(hash: BlobHash): Promise<Uint8Array | undefined> {
    const answer = await this.#request('GET', hash);
    return answer && verifiedBlob(hash, answer, this.#url(hash));
  }

  async has(hash: BlobHash): Promise<boolean> {
    return (await this.#request('HEAD', hash)) !== undefined;
  }

  async delete(hash: BlobHash): Promise<void> {
    await this.#request('DELETE', hash);
  }

  #url(hash: BlobHash): string {
    checkBlobHash(hash);
    return `${this.#place.endpoint.replace(/\/+$/, '')}/${this.#place.bucket}/${hash}`;
  }

  /** The body of the answer; undefined when there is no such object. */
  async #request(
    method: 'GET' | 'HEAD' | 'PUT' | 'DELETE',
    hash: BlobHash,
    content?: { body: Uint8Array<ArrayBuffer>; bodyHash: string },
  ): Promise<Uint8Array | undefined> {
    const { attempts, retryDelayMs, timeoutMs } = this.#place;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(method, hash, content, timeoutMs);
      if (!('problem' in outcome)) return outcome.body;
      if (!outcome.isPassing || attempt >= attempts) {
        throw new CairnError<StorageErrorCode>(
          'STORAGE_UNAVAILABLE',
          `${method} ${this.#url(hash)}: ${outcome.problem} (attempt ${attempt} of ${attempts})`,
          {
            cause: outcome.cause,
            details: { status: outcome.status },
            fix: 'check endpoint, bucket, region, keys and the rights of the keys',
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs * 2 ** (attempt - 1)));
    }
  }

  async #attempt(
    method: string,
    hash: BlobHash,
    content: { body: Uint8Array<ArrayBuffer>; bodyHash: string } | undefined,
    timeoutMs: number,
  ): Promise<Outcome> {
    try {
      const response = await this.#client.fetch(this.#url(hash), {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        ...(content && { body: content.body, headers: { 'X-Amz-Content-Sha256': content.bodyHash } }),
      });
      const body = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      if (response.ok) return { body };
      const told = /<Code>([^<]*)<\/Code>/.exec(new TextDecoder().decode(body.subarray(0, 4096)))?.[1];
      // A missing bucket is 404, too, which only the answer to HEAD does not tell.
      if (status === 404 && (method === 'HEAD' || told === 'NoSuchKey')) return { body: undefined };
      return {
        problem: `HTTP ${status}${told === undefined ? '' : ` ${told}`}`,
        status,
        isPassing: status >= 500 || status === 429,
      };
    } catch (cause) {
      const { message, cause: inner } = cause as Error;
      return { problem: inner instanceof Error ? inner.message : message, cause, isPassing: true };
    }
  }
}

type Outcome =
  | { body: Uint8Array | undefined }
  | { problem: string; isPassing: boolean; status?: number; cause?: unknown };
