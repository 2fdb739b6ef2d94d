import { compileSierraClass, formatCasmClass, parseSierraClass } from '@cairn/cairo';
import { formatFelt } from '@cairn/primitives';
import { compiledClassHash, pythonJson, sierraClassHash } from '@cairn/protocol';
import type { Command } from 'commander';
import { readJson, writeOutput } from '../files.ts';
import { print } from '../output.ts';

/** `cairn compile`: Sierra classes to CASM, with class hash and both compiled class hashes. */
export function compileCommand(program: Command): void {
  program
    .command('compile <files...>')
    .description('compile Sierra contract classes to CASM')
    .option('-o, --output <file>', 'write the CASM here (one input only)')
    .option('--hash', 'print only the hashes')
    .option('--json', 'print JSON')
    .action((files: string[], { output, hash, json }) => {
      if (output && files.length > 1) program.error('error: --output takes one input file', { exitCode: 2 });
      const results = files.map((file) => {
        const parsed = parseSierraClass(readJson(file));
        const abi = typeof parsed.abi === 'string' ? parsed.abi : pythonJson(parsed.abi ?? []);
        const casm = compileSierraClass(parsed);
        if (output) writeOutput(output, `${JSON.stringify(formatCasmClass(casm))}\n`);
        return {
          file,
          classHash: formatFelt(sierraClassHash({ ...parsed, abi })),
          compiledClassHash: formatFelt(compiledClassHash(casm, 'blake2s')),
          compiledClassHashPoseidon: formatFelt(compiledClassHash(casm, 'poseidon')),
          bytecodeLength: casm.bytecode.length,
          ...(output || hash || files.length > 1 ? {} : { casm: formatCasmClass(casm) }),
        };
      });
      print(json, files.length === 1 ? results[0] : results, () =>
        results
          .map((r) =>
            [
              r.file,
              `  class hash                     ${r.classHash}`,
              `  compiled class hash (Blake2s)  ${r.compiledClassHash}`,
              `  compiled class hash (Poseidon) ${r.compiledClassHashPoseidon}`,
              `  bytecode                       ${r.bytecodeLength} words`,
            ].join('\n'),
          )
          .join('\n'),
      );
    });
}
