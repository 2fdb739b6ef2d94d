import { parseCairoProgram, readCairoPie, readProgramJson } from '@cairn/cairo';
import {
  type BootloadedRun,
  type BootloaderTask,
  bootloadPrograms,
  layoutFor,
  layoutName,
  proveCairo,
} from '@cairn/cairo-air';
import { libraryHintRegistry } from '@cairn/os';
import { formatFelt } from '@cairn/primitives';
import { C96, type Profile } from '@cairn/stark';
import type { Command } from 'commander';
import { readBytes, readJson, writeOutput } from '../files.ts';
import { print } from '../output.ts';
import { positiveCount } from '../positiveCount.ts';
import { profileNamed, withProver } from '../provers.ts';
import { proofRun } from './run.ts';

const DEFAULT_MAX_STEPS = 2 ** 24;

/** `cairn prove`: runs a program and proves the run. */
export function proveCommand(program: Command): void {
  program
    .command('prove <files...>')
    .description(
      'run a Cairo Zero program (compiled with --proof_mode) or a Cairo 1 executable, and prove the run; several Cairo Zero programs (compiled without it) and Cairo PIEs (zip) share one proof, under a bootloader',
    )
    .option('--args <values>', 'arguments of a Cairo 1 executable: felts, and arrays in brackets')
    .option('--args-file <file>', 'the arguments in a file')
    .option('--profile <name>', 'dev (weak and quick), c96 (for Ethereum) or proven96', profileNamed, C96)
    .option('--max-steps <count>', 'give up after this many steps', positiveCount, DEFAULT_MAX_STEPS)
    .option('--json', 'print JSON')
    .requiredOption('-o, --output <file>', 'write the proof here')
    .action(async (files: string[], options: ProveOptions) => {
      const started = performance.now();
      const say = (text: string) => {
        if (!options.json) process.stderr.write(`${seconds(started).padStart(8)}  ${text}\n`);
      };
      say(`running ${files.join(', ')}`);
      const { run, tasks } = await provableRun(files, options);
      const layout = layoutFor(run);
      const { steps } = run.resources;
      say(`${steps} steps, layout ${layoutName(layout)}, profile ${options.profile.name}: making the trace`);
      const proof = await withProver((backend) =>
        proveCairo(run, { backend, layout, profile: options.profile, onProgress: say }),
      );
      writeOutput(options.output, proof);
      const result = {
        files,
        ...(tasks && {
          tasks: tasks.map(({ programHash, output }) => ({
            programHash: formatFelt(programHash),
            output: output.map(formatFelt),
          })),
        }),
        proof: options.output,
        steps,
        layout: layoutName(layout),
        profile: options.profile.name,
        strength: options.profile.strength,
        bytes: proof.length,
        seconds: (performance.now() - started) / 1000,
        output: run.output.map(formatFelt),
      };
      print(options.json, result, () =>
        [
          `proved ${steps} steps in ${result.seconds.toFixed(1)} s: ${options.output}, ${proof.length} bytes`,
          ...(options.profile.strength === 'dev' ? ['a dev proof is weak: it convinces nobody'] : []),
          ...(result.tasks ?? []).map((task) => `  program ${task.programHash}: ${task.output.join(' ')}`),
          ...(result.tasks ? [] : result.output.map((felt) => `  output ${felt}`)),
        ].join('\n'),
      );
    });
}

/** The run of one program, or of several and of PIEs under a bootloader. */
async function provableRun(
  files: readonly string[],
  options: ProveOptions,
): Promise<Pick<BootloadedRun, 'run'> & Partial<BootloadedRun>> {
  const [first] = files;
  if (files.length === 1 && !isZip(readBytes(first!)))
    return { run: proofRun(readJson(first!, readProgramJson), options, undefined) };
  return bootloadPrograms(await Promise.all(files.map(taskOf)), { maxSteps: options.maxSteps });
}

/** The task of a file: a PIE, or a compiled Cairo Zero program. */
async function taskOf(file: string): Promise<BootloaderTask> {
  const bytes = readBytes(file);
  if (isZip(bytes)) return { pie: await readCairoPie(bytes) };
  const json = readJson(file, readProgramJson);
  return { program: parseCairoProgram(json), hints: libraryHintRegistry(json) };
}

/** What zip archives begin with; no JSON does. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

interface ProveOptions {
  args?: string;
  argsFile?: string;
  profile: Profile;
  maxSteps: number;
  json: boolean;
  output: string;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
