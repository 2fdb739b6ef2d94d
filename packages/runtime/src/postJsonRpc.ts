/** The text with which the JSON-RPC server at `url` answers one call. @throws Error of `fetch` when it does not answer */
export async function postJsonRpc(url: string, method: string, params: unknown): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return response.text();
}
