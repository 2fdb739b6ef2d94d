import {
  cairoPie,
  memoryFile,
  parseCairoProgram,
  readProgramJson,
  runProgram,
  traceFile,
  writeCairoPie,
  zeroHintRegistry,
} from '@cairn/cairo';
import { formatFelt } from '@cairn/primitives';
import { type Command, InvalidArgumentError } from 'commander';
import { readJson, writeOutput } from '../files.ts';
import { print } from '../output.ts';

const DEFAULT_MAX_STEPS = 100_000_000;

/** `cairn run`: a compiled Cairo Zero program, from main to its return. */
export function runCommand(program: Command): void {
  program
    .command('run <file>')
    .description('run a compiled Cairo Zero program (JSON) in the Cairo VM')
    .option('--print-output', 'print what the program wrote to its output builtin')
    .option('--trace <file>', 'write the trace: ap, fp, pc as 64-bit little-endian numbers for each step')
    .option('--memory <file>', 'write the memory: address (8 bytes) and value (32 bytes) for each cell')
    .option('--pie <file>', 'write the run as a Cairo PIE (zip)')
    .option('--max-steps <count>', 'give up after this many steps', positiveCount, DEFAULT_MAX_STEPS)
    .option('--json', 'print JSON')
    .action(async (file: string, { printOutput, trace, memory, pie, maxSteps, json }) => {
      const compiled = readJson(file, readProgramJson);
      const parsed = parseCairoProgram(compiled);
      const result = runProgram({
        program: parsed,
        hints: zeroHintRegistry(compiled),
        maxSteps,
        withTrace: trace !== undefined,
      });
      if (trace !== undefined) writeOutput(trace, traceFile(result.machine));
      if (memory !== undefined) writeOutput(memory, memoryFile(result.memory));
      if (pie !== undefined) writeOutput(pie, await writeCairoPie(cairoPie(parsed, result)));
      const { steps, memoryHoles, builtins } = result.resources;
      const output = result.output.map(formatFelt);
      print(json, { file, steps, memoryHoles, builtins, output }, () =>
        [
          `${file}: ${steps} steps, ${memoryHoles} memory holes`,
          ...Object.entries(builtins).map(([name, count]) => `  ${name.padEnd(12)} ${count}`),
          ...(printOutput ? ['output:', ...output.map((felt) => `  ${felt}`)] : []),
        ].join('\n'),
      );
    });
}

function positiveCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number above 0');
}
