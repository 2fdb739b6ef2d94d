// Builds what is stale of the command; ends the process when that fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The command's module. */
export const main = new URL('../apps/cairn/dist/main.js', import.meta.url);
export const isBuilt = existsSync(main);

export function buildCommand() {
  if (!isBuilt) console.error('cairn: building for the first time…');
  const build = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'apps/cairn'], {
    cwd: root,
    // Results of the command are for stdout, these lines are not.
    stdio: ['ignore', 2, 2],
  });
  if (build.status !== 0) process.exit(1);
}
