// `npm run conformance:starknet-js [-- --url URL] [TEST…]`: runs starknet.js's own test suite, fetched beside the project,
// against `cairn up`, or against the node at URL. Its WebSocket tests wait for blocks and events of others: small
// transfers of the faucet make them. Node 22 or newer must run it (its library asks for the global WebSocket): NODE22.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SUITE = process.env.STARKNET_JS ?? join(ROOT, '../starknet.js');
const NODE = process.env.NODE22 ?? process.execPath;
/** Suites tied to named public networks, or to services on them; with `docs/conformance.md`. */
const SKIPPED = ['defaultNodes', 'defaultPaymaster', 'account.starknetId'];
/** As the suite expects them of its development node. */
const SETTINGS = ['--chain-id', 'SN_SEPOLIA', '--min-l2-gas-price-fri', '1000000000', '--strk-per-eth', '1'];
const TRAFFIC_MS = 700;

const args = process.argv.slice(2);
const urlAt = args.indexOf('--url');
const givenUrl = urlAt < 0 ? undefined : args[urlAt + 1];
const tests = args.filter((_, i) => urlAt < 0 || (i !== urlAt && i !== urlAt + 1));

if (!existsSync(join(SUITE, 'node_modules/jest'))) {
  console.log(
    `Skipped: ${SUITE} is no starknet.js with its packages installed. git clone https://github.com/starknet-io/starknet.js, npm install there, and set STARKNET_JS.`,
  );
  process.exit(0);
}
const { stdout } = spawnSync(NODE, ['--version'], { encoding: 'utf8' });
if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 22)
  console.log(`note: ${NODE} is ${stdout.trim()}; the WebSocket tests need Node 22 or newer (set NODE22)`);

const node = givenUrl === undefined ? await startCairn() : undefined;
const url = givenUrl ?? node.url;
const traffic = setInterval(() => void mint(url), TRAFFIC_MS);
const code = await new Promise((resolve) => {
  const ignored = SKIPPED.map((name) => `__tests__/${name.replace('.', '\\.')}`);
  const run = spawn(
    NODE,
    [
      'node_modules/.bin/jest',
      '-i',
      ...(process.env.JEST_JSON ? ['--json', '--outputFile', process.env.JEST_JSON] : []),
      '--testPathIgnorePatterns',
      ...ignored,
      ...(tests.length > 0 ? ['--', ...tests] : []),
    ],
    {
      cwd: SUITE,
      stdio: 'inherit',
      env: { ...process.env, TEST_RPC_URL: `${url}/`, TEST_WS_URL: `${url.replace('http', 'ws')}/ws` },
    },
  );
  run.on('exit', resolve);
});
clearInterval(traffic);
node?.child.kill('SIGINT');
process.exitCode = code ?? 1;

/** `cairn up` on the port the suite looks at. */
async function startCairn() {
  const main = join(ROOT, 'apps/cairn/dist/main.js');
  const child = spawn(process.execPath, [main, 'up', '--json', '--no-prove', ...SETTINGS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const line = text.split('\n').find((candidate) => candidate.includes('"ready"'));
    if (line !== undefined) {
      child.stdout.resume();
      return { child, url: JSON.parse(line).rpc };
    }
  }
  throw new Error('cairn up ended before it was ready');
}

/** A transaction, an event and a block; a node without dev verbs refuses it, which is all right. */
async function mint(url) {
  const body = { jsonrpc: '2.0', id: 1, method: 'devnet_mint', params: { address: '0x5e1f', amount: 1 } };
  await fetch(url, { method: 'POST', body: JSON.stringify(body) }).catch(() => undefined);
}
