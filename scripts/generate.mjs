// `npm run generate`: remakes every generated file by packages/*/scripts/generate*.mjs, of the built packages. With --check: says which are out of date and fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
for (const name of readdirSync(`${root}packages`)) {
  const folder = `packages/${name}/scripts`;
  const scripts = existsSync(root + folder) ? readdirSync(root + folder) : [];
  for (const script of scripts.filter((file) => /^generate.*\.mjs$/.test(file))) {
    const { status } = spawnSync(process.execPath, [`${folder}/${script}`], { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
}
if (process.argv.includes('--check')) {
  const { stdout } = spawnSync('git', ['status', '--porcelain', '--', 'packages/*/src/generated'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout.trim() !== '') {
    console.error(
      `generated files differ from what is committed; run \`npm run generate\` and commit:\n${stdout}`,
    );
    process.exit(1);
  }
}
