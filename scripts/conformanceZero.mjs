// Compiles the Cairo Zero programs of the cairo-vm repository with our compiler and compares the machine code with the
// recorded output of the official one (cairo-lang 0.14.0.1); then StarkWare's OS, if its sources are on the import
// path, and compares its program hash with the published one.
// CAIRO_VM: a checkout of cairo-vm. CAIRO_LIB: folders with the standard library, separated by colons, such as src of
// a checkout of cairo-lang v0.14.0.1 (which holds the OS too) or the site-packages where cairo-lang is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileZero, zeroProgramHash } from '../packages/cairo/dist/index.js';

const VECTORS = '../shared/vectors/cairo-zero/index.tsv';
const SOURCES = process.env.CAIRO_VM ?? '../cairo-vm';
const LIBRARY = (process.env.CAIRO_LIB ?? '../cairo-lang/src').split(':');
const OS = 'starkware/starknet/core/os/os.cairo';
/** Of the OS v0.14.0.1, as its repository publishes it. */
const OS_HASH = '0x1c128b765f47ce1dbf6b0d648cd73df8ae34ace6b96de774abf4559fe49871f';
const OS_GOAL_MS = 5_000;

const library = LIBRARY.find((folder) => existsSync(join(folder, 'starkware/cairo/common/alloc.cairo')));
for (const [found, what] of [
  [existsSync(VECTORS), `${VECTORS} is absent. It holds the recorded hashes.`],
  [
    existsSync(join(SOURCES, 'cairo_programs')),
    `${SOURCES}/cairo_programs is absent: git clone https://github.com/lambdaclass/cairo-vm, or set CAIRO_VM.`,
  ],
  [
    library !== undefined,
    `no standard library in ${LIBRARY.join(', ')}: git clone -b v0.14.0.1 https://github.com/starkware-libs/cairo-lang, or set CAIRO_LIB.`,
  ],
]) {
  if (found) continue;
  console.log(`Skipped: ${what}`);
  process.exit(0);
}

const folders = [SOURCES, ...LIBRARY];
function readModule(name) {
  const path = folders
    .map((folder) => join(folder, `${name.replaceAll('.', '/')}.cairo`))
    .find((it) => existsSync(it));
  return path && { path, source: readFileSync(path, 'utf8') };
}

function compiled(path) {
  const start = performance.now();
  const program = compileZero({ main: { path, source: readFileSync(path, 'utf8') }, readModule });
  return { program, ms: Math.round(performance.now() - start) };
}

function dataHash({ data }) {
  const words = data.map((word) => Buffer.from(word.toString(16).padStart(64, '0'), 'hex'));
  return createHash('sha256').update(Buffer.concat(words)).digest('hex');
}

function check(name, expected) {
  try {
    const { program, ms } = compiled(join(SOURCES, 'cairo_programs', name));
    const verdict = dataHash(program) === expected ? 'equal' : 'different';
    return { verdict, note: `${program.data.length} words, ${ms} ms` };
  } catch (error) {
    return { verdict: 'refused', note: `${error.code ?? error.name}: ${error.message.split('\n')[0]}` };
  }
}

/** Compiles the OS; true unless its hash is another than the published one. */
function checkOs() {
  const folder = LIBRARY.find((it) => existsSync(join(it, OS)));
  if (folder === undefined) {
    console.log(
      `OS skipped: ${OS} is not on the import path (the installed package lacks it; the repository has it).`,
    );
    return true;
  }
  const path = join(folder, OS);
  const hashFile = join(dirname(path), 'program_hash.json');
  const published = existsSync(hashFile) ? JSON.parse(readFileSync(hashFile, 'utf8')).program_hash : OS_HASH;
  const { program, ms } = compiled(path);
  const hash = `0x${zeroProgramHash(program).toString(16)}`;
  const verdict = hash === published ? 'equal' : `different (published ${published})`;
  const goal = ms < OS_GOAL_MS ? 'within' : 'beyond';
  console.log(
    `OS: ${program.data.length} words in ${ms} ms (${goal} the goal of ${OS_GOAL_MS} ms), hash ${hash}: ${verdict}`,
  );
  return hash === published;
}

const counts = { equal: 0, different: 0, refused: 0 };
for (const line of readFileSync(VECTORS, 'utf8').trim().split('\n').slice(1)) {
  const [name, , expected] = line.split('\t');
  const { verdict, note } = check(name, expected);
  counts[verdict]++;
  console.log(`${verdict.padEnd(10)} ${name.padEnd(45)} ${note}`);
}
console.log(`${counts.equal} equal, ${counts.different} different, ${counts.refused} refused`);
const isOsEqual = checkOs();
process.exitCode = counts.different + counts.refused === 0 && isOsEqual ? 0 : 1;
