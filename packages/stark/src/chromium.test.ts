import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { proveSum } from './testing/provenSum.ts';

const BROWSERS = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
];
const browser = BROWSERS.find((path) => path !== '' && existsSync(path));
if (browser === undefined)
  console.log('skipped: the verifier in Chromium; no browser found (set CHROMIUM to its path)');

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];
const folder = dirname(fileURLToPath(import.meta.url));

/** The verifier and the AIR of the example as one script that sets `stark`. */
async function bundleVerifier(): Promise<string> {
  const ENTRY = 'virtual:entry';
  const bundle = await rolldown({
    input: ENTRY,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'import', 'default'], extensions: ['.ts', '.js'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) =>
          id === ENTRY
            ? `export * from ${JSON.stringify(join(folder, 'index.ts'))};
export { rangeCheckedSumAir } from ${JSON.stringify(join(folder, 'examples/rangeCheckedSum.ts'))};`
            : null,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'stark' });
  return output[0].code;
}

function serve(files: Record<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const body = files[request.url ?? ''];
    const type = request.url === '/' ? 'text/html' : 'text/javascript';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    response.end(body ?? '');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** The page's text after its scripts have run. */
async function textOfPage(files: Record<string, string>): Promise<string> {
  const server = await serve(files);
  const profile = mkdtempSync(join(tmpdir(), 'cairn-chromium-'));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { stdout } = await promisify(execFile)(
      browser!,
      [...FLAGS, `--user-data-dir=${profile}`, '--dump-dom', url],
      {
        timeout: 90_000,
        maxBuffer: 2 ** 26,
      },
    );
    return /<pre>(.*)<\/pre>/s.exec(stdout)?.[1] ?? `no text in ${stdout.slice(0, 2000)}`;
  } finally {
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

describe.skipIf(browser === undefined)('in headless Chromium', () => {
  it.each(['keccak192', 'blake2s'] as const)(
    'the same verifier accepts a proof and rejects it tampered with, %s',
    async (hash) => {
      const { key, publicValues, bytes } = await proveSum({ hash });
      const tampered = bytes.slice();
      tampered[tampered.length >> 1]! ^= 1;
      const given = {
        parameters: key.parameters,
        strength: key.strength,
        cap: key.fixed!.cap.map((digest) => [...digest]),
        logMaxHeight: key.fixed!.logMaxHeight,
        logHeights: [...key.fixed!.logHeights],
        publicValues,
        proofs: [bytes, tampered, bytes.slice(0, -4)].map((proof) => Buffer.from(proof).toString('base64')),
      };
      const page = `<!doctype html><pre></pre><script src="/verifier.js"></script><script>
const given = ${JSON.stringify(given)};
const out = { agent: navigator.userAgent, verdicts: [] };
try {
  const fixed = {
    cap: given.cap.map((digest) => Uint8Array.from(digest)),
    logMaxHeight: given.logMaxHeight,
    logHeights: new Map(given.logHeights),
  };
  const key = stark.verifyingKey(stark.rangeCheckedSumAir, given, fixed);
  for (const proof of given.proofs) {
    const bytes = Uint8Array.from(atob(proof), (c) => c.charCodeAt(0));
    const verdict = stark.verify(key, given.publicValues, bytes);
    out.verdicts.push(verdict.ok ? verdict.strength : verdict.code);
  }
} catch (error) {
  out.error = String(error);
}
document.querySelector('pre').textContent = JSON.stringify(out);
</script>`;
      const result = JSON.parse(await textOfPage({ '/': page, '/verifier.js': await bundleVerifier() }));
      expect(result.agent).toMatch(/Chrome/);
      expect(result.error).toBeUndefined();
      expect(result.verdicts[0]).toBe('dev');
      expect(result.verdicts[1]).toMatch(/^[A-Z_]+$/);
      expect(result.verdicts[2]).toBe('TRUNCATED');
    },
    120_000,
  );
});
