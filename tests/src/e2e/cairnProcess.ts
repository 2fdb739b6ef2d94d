import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/cairn/dist/main.js', import.meta.url));

/** A `cairn up` in a process of its own. */
export interface CairnProcess {
  url: string;
  child: ChildProcess;
  /** Ends it as Ctrl-C would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `cairn up` on a free port, as a chain that does not settle, with the arguments given; resolves when it answers. */
export function startCairn(...args: string[]): Promise<CairnProcess> {
  return startUp('--no-prove', ...args);
}

/** Starts `cairn up` with all that settles its blocks, on an L1 of its own unless the arguments name one. */
export function startRollup(...args: string[]): Promise<CairnProcess> {
  return startUp('--l1-port', '0', ...args);
}

async function startUp(...args: string[]): Promise<CairnProcess> {
  const child = spawn(process.execPath, [MAIN, 'up', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = '';
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
      const line = stdout.split('\n').find((text) => text.includes('"ready"'));
      if (line) resolve(JSON.parse(line).rpc);
    });
    void ended.then((code) => reject(new Error(`cairn ended with ${code}: ${stderr}`)));
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  return { url, child, stop };
}

/** One JSON-RPC call; returns the whole response object. */
export async function rpc(url: string, method: string, params: unknown = []): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return response.json();
}
