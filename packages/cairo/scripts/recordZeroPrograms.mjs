// Development step: compiles fixtures/zero/*.cairo with the official compiler and records what the official VM does
// with them (cairo-lang 0.14.0.1; the commands cairo-compile and cairo-run must be on the PATH).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProgramJson } from '../dist/index.js';
import { sha256, sortedCells } from './referenceFiles.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/zero', import.meta.url));
const LAYOUT = 'starknet_with_keccak';
/** What hints look up; functions, labels and references only serve debuggers. */
const KEPT_IDENTIFIERS = ['const', 'struct', 'alias'];

const records = {};
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.cairo'))) {
  const name = file.slice(0, -'.cairo'.length);
  const path = (suffix) => join(FOLDER, `${name}.${suffix}`);
  execFileSync('cairo-compile', [path('cairo'), '--no_debug_info', '--output', path('json')]);
  const { prime, builtins, data, hints, reference_manager, identifiers, compiler_version } = readProgramJson(
    readFileSync(path('json'), 'utf8'),
  );
  const kept = Object.entries(identifiers).filter(
    ([id, { type }]) => KEPT_IDENTIFIERS.includes(type) || id === '__main__.main',
  );
  const program = { prime, builtins, data, hints, reference_manager, identifiers: Object.fromEntries(kept) };
  const outputs = ['--memory_file', path('memory'), '--trace_file', path('trace')];
  execFileSync('cairo-run', ['--program', path('json'), '--layout', LAYOUT, ...outputs]);
  const trace = readFileSync(path('trace'));
  const memory = sortedCells(readFileSync(path('memory')));
  for (const suffix of ['memory', 'trace']) unlinkSync(path(suffix));
  writeFileSync(path('json'), `${JSON.stringify(program)}\n`);
  records[name] = {
    compiler: compiler_version,
    sourceSha256: sha256(readFileSync(path('cairo'))),
    steps: trace.length / 24,
    traceSha256: sha256(trace),
    memorySha256: sha256(memory),
  };
}
writeFileSync(join(FOLDER, 'golden.json'), `${JSON.stringify(records, null, 2)}\n`);
