import { resolve } from 'node:path';
import {
  airPrivateInput,
  airPublicInput,
  type CairoProgram,
  cairoPie,
  checkLayout,
  compileSierraProgram,
  dynamicLayout,
  isExecutableFile,
  isSierraProgramFile,
  type Layout,
  layoutNamed,
  memoryFile,
  type PaddedRun,
  type ProgramResult,
  type ProofRun,
  padRun,
  parseCairoProgram,
  parseExecutable,
  parseSierraProgram,
  proofLabels,
  type RunResources,
  readProgramJson,
  runBootloaded,
  runFunction,
  runProgram,
  runProof,
  runStandalone,
  traceFile,
  writeCairoPie,
} from '@cairn/cairo';
import { builtinCosts, formatPanicData } from '@cairn/execution';
import { libraryHintRegistry } from '@cairn/os';
import { CairnError, formatFelt } from '@cairn/primitives';
import { DEFAULT_STARKNET_VERSION, versionedConstants } from '@cairn/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { parseArguments, serialized, valueJson } from '../cairoArguments.ts';
import { EXIT } from '../exitCodes.ts';
import { readJson, readText, writeOutput } from '../files.ts';
import { print } from '../output.ts';
import { positiveCount } from '../positiveCount.ts';
import { runProverCommand } from './runProver.ts';

/** Errors of options that do not go together. */
export type RunErrorCode = 'INVALID_RUN';

const DEFAULT_MAX_STEPS = 100_000_000;
const DEFAULT_GAS = 10n ** 13n;

interface RunOptions {
  args?: string;
  argsFile?: string;
  function: string;
  availableGas: bigint;
  layout?: string;
  layoutParams?: string;
  proofMode?: boolean;
  printOutput?: boolean;
  trace?: string;
  memory?: string;
  pie?: string;
  airPublicInput?: string;
  airPrivateInput?: string;
  maxSteps: number;
  json: boolean;
}

/** `cairn run`: a compiled Cairo Zero program, a Cairo 1 executable or a function of a Sierra program. */
export function runCommand(program: Command): void {
  const run = program.command('run <file>');
  runProverCommand(run);
  run
    .description(
      'run a compiled program in the Cairo VM: Cairo Zero, a Cairo 1 executable, or a Sierra program',
    )
    .option('--args <values>', 'arguments of a Cairo 1 program: felts, and arrays in brackets')
    .option('--args-file <file>', 'the arguments in a file')
    .option('--function <name>', 'function of a Sierra program, by the end of its path', 'main')
    .option('--available-gas <gas>', 'gas for a function that counts it', gasAmount, DEFAULT_GAS)
    .option('--proof-mode', 'run a program that can be proven from its start to its end label')
    .option('--layout <name>', 'a Stone layout: check its builtins; in proof mode, pad the run to it')
    .option('--layout-params <file>', 'parameters of --layout dynamic')
    .option('--print-output', 'print what the program wrote to its output builtin')
    .option('--trace <file>', 'write the trace: ap, fp, pc as 64-bit little-endian numbers for each step')
    .option('--memory <file>', 'write the memory: address (8 bytes) and value (32 bytes) for each cell')
    .option('--pie <file>', 'write the run as a Cairo PIE (zip)')
    .option('--air-public-input <file>', 'write the AIR public input (proof mode with a layout)')
    .option('--air-private-input <file>', 'write the AIR private input (proof mode with a layout)')
    .option('--max-steps <count>', 'give up after this many steps', positiveCount, DEFAULT_MAX_STEPS)
    .option('--json', 'print JSON')
    .action(async (file: string, options: RunOptions) => {
      const json = readJson(file, readProgramJson);
      const layout = chosenLayout(options);
      checkOptions(options, layout);
      if (isSierraProgramFile(json)) runSierra(file, json, options);
      else if (options.proofMode) runToProve(file, json, options, layout);
      else await runMain(file, json, options, layout);
    });
}

function chosenLayout({ layout, layoutParams }: RunOptions): Layout | undefined {
  if (layout === undefined) return undefined;
  if (layout !== 'dynamic') return layoutNamed(layout);
  if (layoutParams === undefined) throw invalid('--layout dynamic needs --layout-params');
  return dynamicLayout(readJson(layoutParams));
}

function checkOptions(options: RunOptions, layout: Layout | undefined): void {
  const { proofMode, pie, airPublicInput: publicFile, airPrivateInput: privateFile } = options;
  if (pie !== undefined && proofMode) throw invalid('a Cairo PIE is a run outside proof mode');
  if ((publicFile !== undefined || privateFile !== undefined) && !(proofMode && layout))
    throw invalid('AIR inputs need --proof-mode and --layout');
  if (privateFile !== undefined && !(options.trace && options.memory))
    throw invalid('--air-private-input names the files of --trace and --memory: give both');
}

function argumentsOf({ args, argsFile }: Pick<RunOptions, 'args' | 'argsFile'>) {
  return parseArguments(argsFile === undefined ? (args ?? '') : readText(argsFile));
}

/** From main to its return. */
async function runMain(
  file: string,
  json: unknown,
  options: RunOptions,
  layout: Layout | undefined,
): Promise<void> {
  const { program, result } = mainRun(json, options, layout);
  if (options.trace !== undefined) writeOutput(options.trace, traceFile(result.machine));
  if (options.memory !== undefined) writeOutput(options.memory, memoryFile(result.memory));
  if (options.pie !== undefined) writeOutput(options.pie, await writeCairoPie(cairoPie(program, result)));
  report(file, options, result.resources, result.output);
}

function mainRun(
  json: unknown,
  options: RunOptions,
  layout: Layout | undefined,
): { program: CairoProgram; result: ProgramResult } {
  const { maxSteps } = options;
  const withTrace = options.trace !== undefined;
  if (isExecutableFile(json))
    return runBootloaded({
      executable: parseExecutable(json),
      arguments: serialized(argumentsOf(options)),
      maxSteps,
      withTrace,
    });
  const program = parseCairoProgram(json);
  if (layout !== undefined) checkLayout(program.builtins, layout);
  return { program, result: runProgram({ program, hints: libraryHintRegistry(json), maxSteps, withTrace }) };
}

/** In proof mode, padded when there is a layout. */
function runToProve(file: string, json: unknown, options: RunOptions, layout: Layout | undefined): void {
  const run = proofRun(json, options, layout);
  const padded = layout === undefined ? undefined : padRun(run, layout);
  if (options.trace !== undefined) writeOutput(options.trace, traceFile(run.machine, padded));
  if (options.memory !== undefined) writeOutput(options.memory, memoryFile(run.memory, padded));
  if (padded !== undefined) writeAirInputs(padded, options);
  const steps = padded?.stepCount ?? run.resources.steps;
  report(file, options, { ...run.resources, steps }, run.output);
}

/** A run in proof mode of an executable or a Cairo Zero program. */
export function proofRun(
  json: unknown,
  options: Pick<RunOptions, 'args' | 'argsFile' | 'maxSteps'>,
  layout: Layout | undefined,
): ProofRun {
  const { maxSteps } = options;
  if (isExecutableFile(json))
    return runStandalone({
      executable: parseExecutable(json),
      arguments: serialized(argumentsOf(options)),
      maxSteps,
      layout,
    });
  const program = { ...parseCairoProgram(json), ...proofLabels(json) };
  return runProof({ program, hints: libraryHintRegistry(json), maxSteps, layout });
}

function writeAirInputs(padded: PaddedRun, options: RunOptions): void {
  const { trace, memory, layoutParams } = options;
  const text = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;
  if (options.airPublicInput !== undefined) {
    const parameters = layoutParams === undefined ? null : readJson(layoutParams);
    writeOutput(
      options.airPublicInput,
      text(airPublicInput(padded, parameters as Record<string, number> | null)),
    );
  }
  if (options.airPrivateInput !== undefined)
    writeOutput(options.airPrivateInput, text(airPrivateInput(padded, resolve(trace!), resolve(memory!))));
}

/** A function of a Sierra program, with the arguments it takes. */
function runSierra(file: string, json: unknown, options: RunOptions): void {
  if (options.proofMode || options.pie !== undefined)
    throw invalid('a Sierra program has no entry point to prove: make it an executable (`#[executable]`)');
  const { casm, functions } = compileSierraProgram(parseSierraProgram(json));
  const fn = functions.find(
    ({ name }) => name === options.function || name.endsWith(`::${options.function}`),
  );
  if (fn === undefined)
    throw invalid(
      `no function ${options.function}: the program has ${functions.map(({ name }) => name).join(', ')}`,
    );
  const result = runFunction({
    program: casm,
    fn,
    arguments: argumentsOf(options),
    availableGas: options.availableGas,
    builtinCosts: builtinCosts(versionedConstants(DEFAULT_STARKNET_VERSION)),
    maxSteps: options.maxSteps,
    withTrace: options.trace !== undefined,
  });
  if (options.trace !== undefined) writeOutput(options.trace, traceFile(result.machine));
  if (options.memory !== undefined) writeOutput(options.memory, memoryFile(result.memory));
  const values = result.values.map(valueJson);
  const { panicked, remainingGas } = result;
  const { steps, memoryHoles, builtins } = result.resources;
  print(
    options.json,
    {
      file,
      function: fn.name,
      steps,
      memoryHoles,
      builtins,
      panicked,
      values,
      remainingGas: remainingGas?.toString(),
    },
    () =>
      [
        `${fn.name}: ${steps} steps, ${memoryHoles} memory holes`,
        ...builtinLines(builtins),
        ...(remainingGas === undefined ? [] : [`gas left: ${remainingGas}`]),
        panicked
          ? `panicked: ${formatPanicData(result.values as readonly bigint[])}`
          : `returned: ${JSON.stringify(values)}`,
      ].join('\n'),
  );
  if (panicked) process.exitCode = EXIT.failure;
}

function report(
  file: string,
  { printOutput, json }: RunOptions,
  { steps, memoryHoles, builtins }: RunResources,
  felts: readonly bigint[],
): void {
  const output = felts.map(formatFelt);
  print(json, { file, steps, memoryHoles, builtins, output }, () =>
    [
      `${file}: ${steps} steps, ${memoryHoles} memory holes`,
      ...builtinLines(builtins),
      ...(printOutput ? ['output:', ...output.map((felt) => `  ${felt}`)] : []),
    ].join('\n'),
  );
}

const builtinLines = (builtins: RunResources['builtins']): string[] =>
  Object.entries(builtins).map(([name, count]) => `  ${name.padEnd(12)} ${count}`);

function invalid(what: string): CairnError<RunErrorCode> {
  return new CairnError('INVALID_RUN', `cairn run: ${what}`);
}

function gasAmount(text: string): bigint {
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('expected a whole number below 10^19');
}
