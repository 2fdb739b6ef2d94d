// Runs the Cairo Zero programs of the cairo-vm repository on our VM and compares steps, trace and memory with the
// recorded runs of the reference VM. Its memory file lists cells in the order they were written, so its hash alone
// says nothing about ours: the reference runner makes the file again, the hash proves it is the recorded one, and
// then the cells are compared.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  memoryFile,
  parseCairoProgram,
  readProgramJson,
  runProgram,
  traceFile,
  zeroHintRegistry,
} from '../packages/cairo/dist/index.js';
import { CELL_BYTES, sha256, sortedCells } from '../packages/cairo/scripts/referenceFiles.mjs';

const VECTORS = '../shared/vectors/cairo-vm/index.json';
const SOURCES = process.env.CAIRO_VM ?? '../cairo-vm';
const DYNAMIC_LAYOUT = join(SOURCES, 'vm/src/tests/cairo_layout_params_file.json');
const COMPILER = process.env.CAIRO_COMPILE ?? 'cairo-compile';
const RUNNER = process.env.CAIRO_RUN ?? 'cairo-run';
const COMPILED = process.env.CAIRO_VM_COMPILED ?? '.cache/cairo-vm';
const MAX_STEPS = 50_000_000;

for (const [path, what] of [
  [VECTORS, 'the recorded runs of cairo-vm'],
  [SOURCES, 'their sources: git clone https://github.com/lambdaclass/cairo-vm, or set CAIRO_VM'],
]) {
  if (existsSync(path)) continue;
  console.log(`Skipped: ${path} is absent. It holds ${what}.`);
  process.exit(0);
}
for (const [command, variable] of [
  [COMPILER, 'CAIRO_COMPILE'],
  [RUNNER, 'CAIRO_RUN'],
]) {
  if (spawnSync(command, ['--version']).status === 0) continue;
  console.log(`Skipped: ${command} does not run. pip install cairo-lang==0.14.0.1, or set ${variable}.`);
  process.exit(0);
}

/** The compiled program as JSON, undefined when the compiler refuses it. */
function compiled(name, source) {
  const out = join(COMPILED, `${name}.json`);
  if (!existsSync(out)) {
    const path = join(SOURCES, source.slice(source.indexOf(': ') + 2));
    const { status } = spawnSync(COMPILER, [path, '--cairo_path', SOURCES, '--output', out]);
    if (status !== 0) {
      rmSync(out, { force: true });
      return undefined;
    }
  }
  return readProgramJson(readFileSync(out, 'utf8'));
}

/** The reference's memory file, if it is the recorded one. */
function referenceMemory(name, { layout, memory_sha256 }) {
  const out = join(COMPILED, `${name}.memory`);
  if (!existsSync(out)) {
    const program = join(COMPILED, `${name}.json`);
    const parameters = layout === 'dynamic' ? ['--cairo_layout_params_file', DYNAMIC_LAYOUT] : [];
    spawnSync(RUNNER, ['--program', program, '--layout', layout, ...parameters, '--memory_file', out]);
  }
  const file = existsSync(out) ? readFileSync(out) : undefined;
  return file && sha256(file) === memory_sha256 ? file : undefined;
}

function run(json) {
  return runProgram({
    program: parseCairoProgram(json),
    hints: zeroHintRegistry(json),
    maxSteps: MAX_STEPS,
    withTrace: true,
  });
}

/** What differs from the recorded run; empty when all is equal. */
function differences(name, json, expected) {
  let result;
  try {
    result = run(json);
  } catch (error) {
    if (error.code !== undefined && expected.expected === 'error') return [];
    return [`${error.code ?? error.name}: ${error.message}`];
  }
  if (expected.expected === 'error') return ['the run does not fail'];
  const memory = Buffer.from(memoryFile(result.memory));
  const reference = referenceMemory(name, expected);
  const checks = {
    steps: result.resources.steps === expected.steps,
    'number of cells': memory.length / CELL_BYTES === expected.cells,
    trace: sha256(traceFile(result.machine)) === expected.trace_sha256,
    'reference memory (not the recorded one)': reference !== undefined,
    memory: reference === undefined || memory.equals(sortedCells(reference)),
  };
  return Object.keys(checks).filter((check) => !checks[check]);
}

mkdirSync(COMPILED, { recursive: true });
const counts = { equal: 0, different: 0, uncompiled: 0 };
for (const { name, source, run: expected } of JSON.parse(readFileSync(VECTORS, 'utf8'))) {
  if (expected === undefined || expected.expected === 'not produced') continue;
  const json = compiled(name, source);
  const found = json && differences(name, json, expected);
  const verdict = !found ? 'uncompiled' : found.length === 0 ? 'equal' : 'different';
  counts[verdict]++;
  console.log(`${verdict.padEnd(10)} ${name}${found?.length ? `: ${found.join('; ')}` : ''}`);
}
console.log(`${counts.equal} equal, ${counts.different} different, ${counts.uncompiled} not compiled`);
process.exitCode = counts.different === 0 ? 0 : 1;
