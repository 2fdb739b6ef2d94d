// Development step: compiles fixtures/zero/*.cairo with the official compiler and records what the official VM does
// with them (cairo-lang 0.14.0.1; the commands cairo-compile and cairo-run must be on the PATH).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProgramJson } from '../dist/index.js';
import { sha256, sortedCells } from './referenceFiles.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/zero', import.meta.url));
const LAYOUT = 'starknet_with_keccak';
/** For proof mode: files for all of these are recorded. */
const PROOF_LAYOUTS = ['starknet_with_keccak', 'all_solidity', 'plain'];
const PROOF_HEADER_WORDS = 6;
/** What hints look up; functions, labels and references only serve debuggers. */
const KEPT_IDENTIFIERS = ['const', 'struct', 'alias'];

/** Hash of a JSON file without white space and the names of files. */
const jsonSha256 = (file) => {
  const { trace_path: _trace, memory_path: _memory, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  return sha256(JSON.stringify(rest));
};

/** What the official VM does with a program in proof mode; undefined for a layout that lacks its builtins. */
function recordProof(path, layout) {
  const [program, memory, trace, publicInput, privateInput] = [
    'proof',
    'memory',
    'trace',
    'public',
    'private',
  ].map(path);
  const files = ['--memory_file', memory, '--trace_file', trace];
  files.push('--air_public_input', publicInput, '--air_private_input', privateInput);
  try {
    execFileSync('cairo-run', ['--program', program, '--layout', layout, '--proof_mode', ...files], {
      stdio: 'pipe',
    });
    return {
      steps: readFileSync(trace).length / 24,
      traceSha256: sha256(readFileSync(trace)),
      memorySha256: sha256(sortedCells(readFileSync(memory))),
      publicInputSha256: jsonSha256(publicInput),
      privateInputSha256: jsonSha256(privateInput),
    };
  } catch {
    return undefined;
  } finally {
    for (const file of [memory, trace, publicInput, privateInput]) rmSync(file, { force: true });
  }
}

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
  execFileSync('cairo-compile', [
    path('cairo'),
    '--no_debug_info',
    '--proof_mode',
    '--output',
    path('proof'),
  ]);
  const proof = Object.fromEntries(PROOF_LAYOUTS.map((layout) => [layout, recordProof(path, layout)]));
  const { data: proofData } = readProgramJson(readFileSync(path('proof'), 'utf8'));
  unlinkSync(path('proof'));
  records[name] = {
    compiler: compiler_version,
    sourceSha256: sha256(readFileSync(path('cairo'))),
    steps: trace.length / 24,
    traceSha256: sha256(trace),
    memorySha256: sha256(memory),
    proof,
    // Words that hold the place of a label: they are not the same behind a header.
    proofWords: Object.entries(proofData.slice(PROOF_HEADER_WORDS)).filter(([i, word]) => word !== data[i]),
  };
}
writeFileSync(join(FOLDER, 'golden.json'), `${JSON.stringify(records, null, 2)}\n`);
