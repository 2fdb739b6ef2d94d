// Compiles the Cairo Zero programs of the cairo-vm repository with our library on the import path and runs them.
// CAIRO_VM names the repository, CAIRO_LIBRARY the folder of the reference library for comparison, if there is one.
// Needs `npx tsc -b packages/os`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileZero,
  parseCairoProgram,
  readProgramJson,
  runProgram,
  writeZeroProgram,
} from '../../cairo/dist/index.js';
import { libraryHintRegistry, libraryModule } from '../dist/index.js';

const SOURCES = process.env.CAIRO_VM ?? '../cairo-vm';
const REFERENCE = process.env.CAIRO_LIBRARY;
const folder = join(SOURCES, 'cairo_programs');
if (!existsSync(folder)) {
  console.log(
    `Skipped: ${folder} is absent. git clone https://github.com/lambdaclass/cairo-vm, or set CAIRO_VM.`,
  );
  process.exit(0);
}

const fileModule = (root) => (name) => {
  const path = join(root, `${name.replaceAll('.', '/')}.cairo`);
  return existsSync(path) ? { path, source: readFileSync(path, 'utf8') } : undefined;
};

/** How the program ends: its output and steps, or the code of its error. */
function outcome(source, path, library) {
  const own = fileModule(SOURCES);
  const readModule = (name) => library(name) ?? own(name);
  let json;
  try {
    json = readProgramJson(writeZeroProgram(compileZero({ main: { path, source }, readModule })));
  } catch (error) {
    return { compiled: false, message: `${error.message}`.split('\n')[0] };
  }
  try {
    const program = parseCairoProgram(json);
    const run = runProgram({ program, hints: libraryHintRegistry(json), maxSteps: 20_000_000 });
    return { compiled: true, result: `ok ${run.output}`, steps: run.resources.steps };
  } catch (error) {
    return { compiled: true, result: 'fails', message: `${error.code}: ${error.message}`.split('\n')[0] };
  }
}

const counts = {};
/** Programs of a folder; a second one has those of secp256r1. */
const programs = (subfolder) =>
  readdirSync(join(folder, subfolder))
    .filter((name) => name.endsWith('.cairo'))
    .sort()
    .map((name) => join(subfolder, name));
for (const name of [...programs('.'), ...programs('cairo-0-secp-hints-feature')]) {
  const source = readFileSync(join(folder, name), 'utf8');
  if (!source.includes('from starkware.')) continue;
  const ours = outcome(source, name, libraryModule);
  const theirs = REFERENCE && outcome(source, name, fileModule(REFERENCE));
  const verdict = !ours.compiled
    ? 'not compiled'
    : theirs === undefined
      ? ours.result.slice(0, 5)
      : ours.result === theirs.result
        ? 'equal'
        : // Hints of the reference library that the VM does not know.
          theirs.message?.startsWith('UNKNOWN_HINT') && ours.result?.startsWith('ok')
          ? 'ours alone'
          : 'different';
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  const steps =
    ours.steps === undefined ? '' : ` ${ours.steps}${theirs?.steps ? ` of ${theirs.steps}` : ''} steps`;
  console.log(
    `${verdict.padEnd(12)} ${name}${steps}${ours.message ? `: ${ours.message}` : ''}${verdict === 'different' && theirs.message ? ` | ${theirs.message}` : ''}`,
  );
}
console.log(counts);
