// Runs the Cairo Zero programs of the cairo-vm repository on our VM, from main and in proof mode, and compares steps,
// trace and memory with the recorded runs of the reference VM. Its memory file lists cells in the order they were written, so its hash alone
// says nothing about ours: the reference runner makes the file again, the hash proves it is the recorded one, and
// then the cells are compared.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  dynamicLayout,
  layoutNamed,
  memoryFile,
  padRun,
  parseCairoProgram,
  proofLabels,
  readProgramJson,
  runProgram,
  runProof,
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
function compiled(name, source, flags) {
  const out = join(COMPILED, `${name}.json`);
  if (!existsSync(out)) {
    const path = join(SOURCES, source.slice(source.indexOf(': ') + 2));
    const { status } = spawnSync(COMPILER, [path, '--cairo_path', SOURCES, ...flags, '--output', out]);
    if (status !== 0) {
      rmSync(out, { force: true });
      return undefined;
    }
  }
  return readProgramJson(readFileSync(out, 'utf8'));
}

/** The reference's memory file, if it is the recorded one. */
function referenceMemory(name, { layout, memory_sha256 }, flags) {
  const out = join(COMPILED, `${name}.memory`);
  if (!existsSync(out)) {
    const program = join(COMPILED, `${name}.json`);
    const parameters = layout === 'dynamic' ? ['--cairo_layout_params_file', DYNAMIC_LAYOUT] : [];
    spawnSync(RUNNER, [
      '--program',
      program,
      '--layout',
      layout,
      ...parameters,
      ...flags,
      '--memory_file',
      out,
    ]);
  }
  const file = existsSync(out) ? readFileSync(out) : undefined;
  return file && sha256(file) === memory_sha256 ? file : undefined;
}

/** Steps, trace file and memory file of our run. */
const MODES = {
  run: {
    flags: [],
    suffix: '',
    execute(json) {
      const result = runProgram({ ...request(json), withTrace: true });
      return {
        steps: result.resources.steps,
        trace: traceFile(result.machine),
        memory: memoryFile(result.memory),
      };
    },
  },
  proof: {
    flags: ['--proof_mode'],
    suffix: '.proof',
    execute(json, { layout: name }) {
      const layout =
        name === 'dynamic'
          ? dynamicLayout(JSON.parse(readFileSync(DYNAMIC_LAYOUT, 'utf8')))
          : layoutNamed(name);
      const plain = request(json);
      const program = { ...plain.program, ...proofLabels(json) };
      const run = runProof({ ...plain, program, layout, secureRun: false });
      const padded = padRun(run, layout);
      return {
        steps: padded.stepCount,
        trace: traceFile(run.machine, padded),
        memory: memoryFile(run.memory, padded),
      };
    },
  },
};

const request = (json) => ({
  program: parseCairoProgram(json),
  hints: zeroHintRegistry(json),
  maxSteps: MAX_STEPS,
});

/** What differs from the recorded run; empty when all is equal. */
function differences(name, json, expected, { execute, flags }) {
  let result;
  try {
    result = execute(json, expected);
  } catch (error) {
    if (error.code !== undefined && expected.expected === 'error') return [];
    return [`${error.code ?? error.name}: ${error.message}`];
  }
  if (expected.expected === 'error') return ['the run does not fail'];
  const memory = Buffer.from(result.memory);
  const reference = referenceMemory(name, expected, flags);
  const checks = {
    steps: result.steps === expected.steps,
    'number of cells': memory.length / CELL_BYTES === expected.cells,
    trace: sha256(result.trace) === expected.trace_sha256,
    'reference memory (not the recorded one)': reference !== undefined,
    memory: reference === undefined || memory.equals(sortedCells(reference)),
  };
  return Object.keys(checks).filter((check) => !checks[check]);
}

mkdirSync(COMPILED, { recursive: true });
const counts = { equal: 0, different: 0, uncompiled: 0 };
for (const { name: program, source, ...recorded } of JSON.parse(readFileSync(VECTORS, 'utf8'))) {
  for (const [key, mode] of Object.entries(MODES)) {
    const expected = recorded[key];
    if (expected === undefined || expected.expected === 'not produced') continue;
    const name = `${program}${mode.suffix}`;
    const json = compiled(name, source, mode.flags);
    const found = json && differences(name, json, expected, mode);
    const verdict = !found ? 'uncompiled' : found.length === 0 ? 'equal' : 'different';
    counts[verdict]++;
    console.log(`${verdict.padEnd(10)} ${name}${found?.length ? `: ${found.join('; ')}` : ''}`);
  }
}
console.log(`${counts.equal} equal, ${counts.different} different, ${counts.uncompiled} not compiled`);
process.exitCode = counts.different === 0 ? 0 : 1;
