import { CairnError } from '@cairn/primitives';
import type { RuntimeErrorCode } from './errors.ts';
import { postJsonRpc } from './postJsonRpc.ts';

/** The response of a running node to one JSON-RPC call, an error included. @throws CairnError `NODE_UNREACHABLE` */
export async function rpcResponse<T>(
  url: string,
  method: string,
  params: unknown = {},
): Promise<{ result?: T; error?: { code: number; message: string; data?: unknown } }> {
  try {
    return JSON.parse(await postJsonRpc(url, method, params));
  } catch (cause) {
    throw new CairnError<RuntimeErrorCode>('NODE_UNREACHABLE', `no node answers at ${url}`, {
      cause,
      fix: 'start one with `npm start`, or pass --url',
    });
  }
}

/** The result of one JSON-RPC call to a running node. @throws CairnError `NODE_UNREACHABLE` or `NODE_ERROR` */
export async function rpcCall<T>(url: string, method: string, params: unknown = {}): Promise<T> {
  const { result, error } = await rpcResponse<T>(url, method, params);
  if (error)
    throw new CairnError<RuntimeErrorCode>(
      'NODE_ERROR',
      `${method}: ${error.message}${typeof error.data === 'string' ? `: ${error.data}` : ''}`,
      { details: error },
    );
  return result as T;
}
