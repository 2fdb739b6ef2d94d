import type { IncomingMessage } from 'node:http';

/** The body of a request as text; undefined when it is longer than allowed. The rest is then thrown away. */
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
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads on without keeping anything: a client that is still sending would not see the answer otherwise. */
function discard(request: IncomingMessage): undefined {
  request.resume();
}
