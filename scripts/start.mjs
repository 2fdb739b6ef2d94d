// `npm start`: builds what is stale, then runs `cairn up` with the arguments given.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = `${root}apps/cairn/dist/main.js`;
if (!existsSync(main)) console.error('cairn: building for the first time…');
const build = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'apps/cairn'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
process.argv.splice(2, 0, 'up');
await import(main);
