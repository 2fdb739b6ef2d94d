// `npm run check`: everything that must hold besides the tests. Each step also runs alone: npm run check -- STEP…
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const bin = (path) => [process.execPath, `${root}node_modules/${path}`];
const STEPS = {
  build: [...bin('typescript/bin/tsc'), '-b'],
  types: [...bin('typescript/bin/tsc'), '-p', 'tsconfig.test.json'],
  lint: [...bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  layers: [...bin('vitest/vitest.mjs'), 'run', 'tests/src/workspace'],
  generated: [process.execPath, 'scripts/generate.mjs', '--check'],
  docs: [process.execPath, 'scripts/checkDocs.mjs'],
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in STEPS));
if (unknown) {
  console.error(`no such check: ${unknown}; there are ${Object.keys(STEPS).join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const [name, [command, ...args]] of Object.entries(STEPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
