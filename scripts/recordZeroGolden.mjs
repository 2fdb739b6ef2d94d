// Development step: compiles the programs of packages/cairo/src/zero/fixtures with the official compiler (cairo-lang
// 0.14.0.1; the command cairo-compile must be on the PATH, or named by CAIRO_COMPILE) and records what it writes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../packages/cairo/src/zero/fixtures', import.meta.url));
const COMPILER = process.env.CAIRO_COMPILE ?? 'cairo-compile';
const VARIANTS = { plain: [], proofMode: ['--proof_mode'], allFunctions: ['--no_opt_unused_functions'] };

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function record(file, options) {
  const json = execFileSync(COMPILER, [file, '--cairo_path', '.', '--no_debug_info', ...options], {
    cwd: FOLDER,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const data = JSON.parse(json).data.map((word) => Buffer.from(word.slice(2).padStart(64, '0'), 'hex'));
  return { words: data.length, dataSha256: sha256(Buffer.concat(data)), fileSha256: sha256(json) };
}

const golden = {};
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.cairo')))
  golden[file.slice(0, -'.cairo'.length)] = Object.fromEntries(
    Object.entries(VARIANTS).map(([variant, options]) => [variant, record(file, options)]),
  );
writeFileSync(join(FOLDER, 'golden.json'), `${JSON.stringify(golden, null, 2)}\n`);
