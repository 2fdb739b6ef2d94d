import { Sequencer } from '@cairn/node';
import { JSON_RPC_ERRORS, SPECIFICATION_ERRORS, startRpcServer } from '@cairn/rpc';
import { MemoryEngine } from '@cairn/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TEST_CONFIG } from '../node/testSequencer.ts';
import { type BadRequest, badRequests, NEVER } from './badRequests.ts';
import { rpc } from './cairnProcess.ts';

const ERRORS: Readonly<Record<string, { code: number; message: string }>> = {
  ...JSON_RPC_ERRORS,
  ...SPECIFICATION_ERRORS,
};

let sequencer: Sequencer;
let server: { url: string; close(): Promise<void> };

beforeAll(async () => {
  sequencer = new Sequencer(new MemoryEngine(), TEST_CONFIG);
  server = await startRpcServer({ backend: sequencer.backend, host: '127.0.0.1', port: 0 });
  sequencer.start();
});

afterAll(async () => {
  // Whatever was sent, the node still works.
  expect((await rpc(server.url, 'starknet_blockNumber')).result).toBe(1025);
  await server.close();
  await sequencer.stop();
});

const post = async (body: string): Promise<any> => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
};

/** One call over a WebSocket of its own. */
function overSocket(method: string, params: unknown): Promise<any> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.url.replace('http', 'ws'));
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })));
    socket.on('message', (data) => {
      socket.close();
      resolve(JSON.parse(String(data)));
    });
  });
}

/** The error a bad request is answered with. */
async function refusal(request: BadRequest): Promise<any> {
  for (let i = 0; i < (request.blocks ?? 0); i++) sequencer.dev.createBlock();
  const { socket, method, params } = request;
  return (await (socket ? overSocket(method, params) : rpc(server.url, method, params))).error;
}

describe('bad input', () => {
  it('that is no request at all', async () => {
    expect((await post('{')).error.code).toBe(-32700);
    expect((await post('{"id":1}')).error.code).toBe(-32600);
    const { status, error } = await post(`"${'x'.repeat(6_000_000)}"`);
    expect(status).toBe(413);
    expect(error).toBeDefined();
  });

  it('is refused with the errors of docs/rpc-errors.md, which is made of these', async () => {
    const rows: string[] = [];
    const seen = new Set<string>();
    const { first, bad } = badRequests(sequencer);
    expect((await rpc(server.url, first.method, first.params)).result).toBeDefined();
    for (const request of bad) {
      const error = await refusal(request);
      expect.soft({ what: request.what, code: error?.code, data: error?.data }).toMatchObject({
        what: request.what,
        code: ERRORS[request.error]!.code,
      });
      expect(error.message).toBe(ERRORS[request.error]!.message);
      seen.add(request.error);
      rows.push(
        `| ${error.code} | ${request.error} | ${request.what} | \`${request.method}\` | ${request.fix} |`,
      );
    }
    const covered = [...seen, ...Object.keys(NEVER)];
    expect(Object.keys(SPECIFICATION_ERRORS).filter((name) => !covered.includes(name))).toEqual([]);
    await expect(document(rows)).toMatchFileSnapshot('../../../docs/rpc-errors.md');
  });
});

function document(rows: readonly string[]): string {
  return `# Errors of JSON-RPC

Each row is a request that \`tests/src/e2e/badRequests.ts\` sends to a node; the table is made of the answers (\`npx vitest run tests/src/e2e/badInput -u\`). The messages are those of the specification; \`data\` says what was found and what was expected.

| code | error | cause | for example | what to do |
|---|---|---|---|---|
${rows.join('\n')}

Never sent by a node of ours:

${Object.entries(NEVER)
  .map(([name, reason]) => `- ${ERRORS[name]!.code} ${name}: ${reason}.`)
  .join('\n')}
`;
}
