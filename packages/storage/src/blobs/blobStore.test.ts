import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from './blobStore.ts';
import { FileBlobs } from './fileBlobs.ts';
import { MemoryBlobs } from './memoryBlobs.ts';
import { S3Blobs, type S3Place } from './s3Blobs.ts';

const account = { region: 'eu-central-1', accessKeyId: 'AKID', secretAccessKey: 'a/secret+key' };
// FIPS 180-4's example message.
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

let directory: string;
let server: S3Server;
let place: S3Place;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cairn-blobs-'));
  server = new S3Server(account, 'proofs');
  place = { endpoint: `${await server.start()}/`, bucket: 'proofs', retryDelayMs: 1, ...account };
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

describe.each<[string, () => BlobStore]>([
  ['MemoryBlobs', () => new MemoryBlobs()],
  ['FileBlobs', () => new FileBlobs(join(directory, 'some', 'blobs'))],
  ['S3Blobs', () => new S3Blobs(place)],
])('%s', (_, open) => {
  it('keeps bytes under their SHA-256', async () => {
    const blobs = open();
    expect(await blobs.has(ABC)).toBe(false);
    expect(await blobs.get(ABC)).toBeUndefined();
    expect(await blobs.put(new TextEncoder().encode('abc'))).toBe(ABC);
    expect(await blobs.has(ABC)).toBe(true);
    expect(new TextDecoder().decode(await blobs.get(ABC))).toBe('abc');
    await blobs.delete(ABC);
    await blobs.delete(ABC);
    expect(await blobs.has(ABC)).toBe(false);
  });

  it('keeps nothing, much, and the same twice at once', async () => {
    const blobs = open();
    const empty = await blobs.put(new Uint8Array(0));
    expect(await blobs.get(empty)).toHaveLength(0);
    const much = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * index) >> 7);
    const hashes = await Promise.all([blobs.put(much), blobs.put(much)]);
    expect(hashes[0]).toBe(hashes[1]);
    expect(Buffer.compare((await blobs.get(hashes[0]!))!, much)).toBe(0);
  });

  it('does not let the caller change what is stored', async () => {
    const blobs = open();
    const bytes = new Uint8Array([1, 2, 3]);
    const hash = await blobs.put(bytes);
    bytes[0] = 9;
    (await blobs.get(hash))![0] = 9;
    expect(await blobs.get(hash)).toEqual(expect.objectContaining({ 0: 1 }));
  });
});

describe('S3Blobs, when something is wrong', () => {
  beforeEach(() => {
    server.requestCount = 0;
    server.failures.length = 0;
  });

  const bytes = new Uint8Array([1, 2, 3]);

  it('tries again when the service fails, is busy or cuts the connection', async () => {
    const blobs = new S3Blobs(place);
    server.failures.push(500, 503, 429, 0);
    const hash = await blobs.put(bytes);
    expect(server.requestCount).toBe(5);
    server.failures.push(502);
    expect(await blobs.get(hash)).toEqual(bytes);
    server.failures.push(503);
    expect(await blobs.has(hash)).toBe(true);
  });

  it('gives up after the given number of attempts', async () => {
    server.failures.push(500, 500, 500);
    await expect(new S3Blobs({ ...place, attempts: 3 }).put(bytes)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      details: { status: 500 },
    });
    expect(server.requestCount).toBe(3);
  });

  it('does not try again what the service refuses, and tells why', async () => {
    for (const [change, told] of [
      [{ secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
      [{ accessKeyId: 'wrong' }, 'InvalidAccessKeyId'],
      [{ region: 'wrong' }, 'AuthorizationHeaderMalformed'],
      [{ bucket: 'wrong' }, 'NoSuchBucket'],
    ] as const) {
      server.requestCount = 0;
      const attempt = new S3Blobs({ ...place, ...change }).put(bytes);
      await expect(attempt).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining(told),
      });
      expect(server.requestCount).toBe(1);
    }
  });

  it('gives up a request that gets no answer', async () => {
    server.failures.push(-1, -1);
    const hasty = new S3Blobs({ ...place, attempts: 2, timeoutMs: 50 });
    await expect(hasty.get('0'.repeat(64))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(server.requestCount).toBe(2);
  });

  it('tells a missing bucket from a missing blob', async () => {
    const lost = new S3Blobs({ ...place, bucket: 'wrong' });
    await expect(lost.get('0'.repeat(64))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(lost.delete('0'.repeat(64))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await new S3Blobs(place).get('0'.repeat(64))).toBeUndefined();
  });

  it('notices an object that was changed', async () => {
    const blobs = new S3Blobs(place);
    const hash = await blobs.put(bytes);
    server.objects.set(hash, new Uint8Array([1, 2]));
    await expect(blobs.get(hash)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
  });
});

/** Who may use the server. */
interface S3Account {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A small S3 service in memory: one bucket, PUT, GET, HEAD, DELETE of objects. It recomputes the signature of every
 * request by the published algorithm (AWS Signature Version 4, "Signature Calculations for the Authorization Header")
 * and refuses a wrong one as S3 does.
 */
class S3Server {
  readonly objects = new Map<string, Uint8Array>();
  /** Statuses to answer the next requests with instead; 0 cuts the connection, -1 never answers. */
  readonly failures: number[] = [];
  requestCount = 0;
  readonly #account: S3Account;
  readonly #bucket: string;
  readonly #server: Server;

  constructor(account: S3Account, bucket: string) {
    this.#account = account;
    this.#bucket = bucket;
    this.#server = createServer(async (request, response) => {
      const parts: Uint8Array[] = [];
      for await (const part of request) parts.push(part);
      this.requestCount += 1;
      const failure = this.failures.shift();
      if (failure === -1) return;
      if (failure === 0) return void request.socket.destroy();
      const answer =
        failure === undefined ? this.#answer(request, Buffer.concat(parts)) : { status: failure };
      response.writeHead(answer.status);
      const body =
        answer.body ?? (answer.code === undefined ? '' : `<Error><Code>${answer.code}</Code></Error>`);
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  }

  /** Starts on a free port and returns the endpoint. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, body: Buffer): { status: number; code?: string; body?: Uint8Array } {
    const refusal = this.#refusal(request, body);
    if (refusal !== undefined) return { status: refusal === 'BadDigest' ? 400 : 403, code: refusal };
    const [, bucket, key] = request.url!.split('/');
    if (bucket !== this.#bucket) return { status: 404, code: 'NoSuchBucket' };
    if (request.method === 'PUT') {
      this.objects.set(key!, new Uint8Array(body));
      return { status: 200 };
    }
    if (request.method === 'DELETE') {
      this.objects.delete(key!);
      return { status: 204 };
    }
    const object = this.objects.get(key!);
    return object === undefined ? { status: 404, code: 'NoSuchKey' } : { status: 200, body: object };
  }

  /** S3's code for what is wrong with the request's signature; undefined when it is right. */
  #refusal(request: IncomingMessage, body: Buffer): string | undefined {
    const { region, accessKeyId, secretAccessKey } = this.#account;
    const claim =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
        request.headers.authorization ?? '',
      );
    if (claim === null) return 'AccessDenied';
    const [, key, day, claimedRegion, signedHeaders, signature] = claim as unknown as string[];
    if (key !== accessKeyId) return 'InvalidAccessKeyId';
    if (claimedRegion !== region) return 'AuthorizationHeaderMalformed';
    const time = request.headers['x-amz-date'] as string;
    const names = signedHeaders!.split(';');
    if (!time?.startsWith(day!) || !names.includes('host') || !names.includes('x-amz-date')) {
      return 'AccessDenied';
    }
    const bodyHash = request.headers['x-amz-content-sha256'] as string;
    if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== sha256(body)) return 'BadDigest';
    const canonicalRequest = [
      request.method,
      request.url,
      '',
      ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
      '',
      signedHeaders,
      bodyHash,
    ].join('\n');
    const scope = `${day}/${region}/s3/aws4_request`;
    const stringToSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonicalRequest)].join('\n');
    let signingKey: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [day!, region, 's3', 'aws4_request']) signingKey = hmac(signingKey, part);
    return hmac(signingKey, stringToSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
