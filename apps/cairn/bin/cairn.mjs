#!/usr/bin/env node
// `npx cairn`: builds the command where it is not built yet, then runs it. It must exist before the build, as npm links it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('cairn: building for the first time…');
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const build = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'apps/cairn'], {
    cwd: root,
    // Results of the command are for stdout, these lines are not.
    stdio: ['ignore', 2, 2],
  });
  if (build.status !== 0) process.exit(1);
}
await import(main);
