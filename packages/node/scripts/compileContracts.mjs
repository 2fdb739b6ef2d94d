// Compiles the contracts of contracts/*.cairo with the official compiler (a development step):
//   node packages/node/scripts/compileContracts.mjs DIR
// where DIR holds `starknet-compile` and `starknet-sierra-compile` (built from starkware-libs/cairo, with its
// corelib beside them). Writes contracts/artifacts/NAME.json: the Sierra class, its CASM, the compiler version
// and the hash of the source.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compilerDir = process.argv[2];
if (!compilerDir) {
  console.error('usage: compileContracts.mjs DIR (the folder of starknet-compile)');
  process.exit(2);
}
const contracts = fileURLToPath(new URL('../contracts/', import.meta.url));
const run = (tool, ...args) => execFileSync(join(compilerDir, tool), args, { encoding: 'utf8' });
const compiler = run('starknet-compile', '--version').trim();

for (const file of readdirSync(contracts).filter((name) => name.endsWith('.cairo'))) {
  const name = file.slice(0, -'.cairo'.length);
  const source = readFileSync(join(contracts, file));
  const scratch = mkdtempSync(join(tmpdir(), 'cairn-'));
  run('starknet-compile', '--single-file', join(contracts, file), join(scratch, 'sierra.json'));
  run('starknet-sierra-compile', join(scratch, 'sierra.json'), join(scratch, 'casm.json'));
  const { sierra_program_debug_info: _, ...sierra } = JSON.parse(readFileSync(join(scratch, 'sierra.json')));
  const { pythonic_hints: __, ...casm } = JSON.parse(readFileSync(join(scratch, 'casm.json')));
  const artifact = {
    compiler,
    sourceSha256: createHash('sha256').update(source).digest('hex'),
    sierra,
    casm,
  };
  writeFileSync(join(contracts, 'artifacts', `${name}.json`), `${JSON.stringify(artifact)}\n`);
  console.log(`${name}: ${sierra.sierra_program.length} Sierra felts, ${casm.bytecode.length} CASM words`);
}
