import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/**
 * The body of a request as text, unpacked when it comes as gzip; undefined when it is longer than allowed. The rest
 * is then thrown away.
 */
export async function readBody(request: IncomingMessage, maxByteCount: number): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxByteCount) return discard(request);
  const chunks: Buffer[] = [];
  let byteCount = 0;
  // Destroying the request would take the connection with it, and the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > maxByteCount) return discard(request);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body.toString('utf8');
  try {
    return String(await promisify(gunzip)(body, { maxOutputLength: maxByteCount }));
  } catch (error) {
    // What is no gzip is read as it is: whoever parses it says what is wrong.
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? undefined
      : body.toString('utf8');
  }
}

/** Reads on without keeping anything: a client that is still sending would not see the answer otherwise. */
function discard(request: IncomingMessage): undefined {
  request.resume();
}
