import { CairnError } from '@cairn/primitives';

/** Codes of the errors of the command itself. */
export type AppErrorCode = 'NODE_UNREACHABLE' | 'NODE_ERROR';

/** One JSON-RPC call to a running node. @throws CairnError `NODE_UNREACHABLE` or `NODE_ERROR` */
export async function rpcCall<T>(url: string, method: string, params: unknown = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  } catch (cause) {
    throw new CairnError<AppErrorCode>('NODE_UNREACHABLE', `no node answers at ${url}`, {
      cause,
      fix: 'start one with `npm start`, or pass --url',
    });
  }
  const { result, error } = (await response.json()) as { result?: T; error?: { message: string } };
  if (error) throw new CairnError<AppErrorCode>('NODE_ERROR', `${method}: ${error.message}`);
  return result as T;
}
