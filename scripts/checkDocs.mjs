// Checks that relative links of the docs lead to files, and that `npm run …` commands they name exist.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const files = execFileSync('git', ['ls-files', '*.md', '**/*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const problems = [];
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    if (!existsSync(join(root, dirname(file), target)))
      problems.push(`${file}: link to ${target} leads nowhere`);
  }
  for (const [, script] of text.matchAll(/npm run ([a-z:-]+)/g)) {
    if (!(script in scripts)) problems.push(`${file}: there is no \`npm run ${script}\``);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${files.length} documents checked`);
process.exit(problems.length > 0 ? 1 : 0);
