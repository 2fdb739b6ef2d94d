import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CompiledZeroProgram, compileZero, writeZeroProgram, zeroProgramHash } from '@cairn/cairo';
import { libraryModule } from '@cairn/os';
import { formatFelt } from '@cairn/primitives';
import type { Command } from 'commander';
import { readText, writeOutput } from '../files.ts';
import { print } from '../output.ts';

/** `cairn zero`: Cairo Zero programs to program JSON, as cairo-compile writes it. */
export function zeroCommand(program: Command): void {
  program
    .command('zero <file>')
    .description('compile a Cairo Zero program')
    .option(
      '--import-path <dir...>',
      'where imported modules are looked for, before the folder of the file and the library of Cairn',
      [],
    )
    .option('--proof-mode', 'begin with code that calls main and then loops, for a program to be proven')
    .option('-o, --output <file>', 'write the program here; by default to stdout')
    .option('--hash', 'print the program hash only')
    .option('--json', 'print JSON about the program (with --output or --hash)')
    .action((file: string, { importPath, proofMode, output, hash, json }: ZeroOptions) => {
      const folders = [...importPath, dirname(file)];
      const compiled = compileZero({
        main: { path: file, source: readText(file) },
        readModule: (name) => readModule(folders, name),
        proofMode: proofMode === true,
      });
      if (output !== undefined) writeOutput(output, writeZeroProgram(compiled));
      else if (hash !== true) {
        process.stdout.write(writeZeroProgram(compiled));
        return;
      }
      report(file, compiled, output, json);
    });
}

interface ZeroOptions {
  importPath: string[];
  proofMode?: boolean;
  output?: string;
  hash?: boolean;
  json: boolean;
}

/** The first `a/b.cairo` for the module `a.b`, else that of our own library. */
function readModule(folders: readonly string[], name: string): { path: string; source: string } | undefined {
  for (const folder of folders) {
    const path = join(folder, `${name.replaceAll('.', '/')}.cairo`);
    if (existsSync(path)) return { path, source: readText(path) };
  }
  return libraryModule(name);
}

function report(
  file: string,
  compiled: CompiledZeroProgram,
  output: string | undefined,
  json: boolean,
): void {
  const programHash = formatFelt(zeroProgramHash(compiled));
  const programHashPoseidon = formatFelt(zeroProgramHash(compiled, 'poseidon'));
  const words = compiled.data.length;
  print(json, { file, output, words, programHash, programHashPoseidon }, () =>
    [
      `${file}: ${words} words${output === undefined ? '' : `, written to ${output}`}`,
      `  program hash            ${programHash}`,
      `  program hash (Poseidon) ${programHashPoseidon}`,
    ].join('\n'),
  );
}
