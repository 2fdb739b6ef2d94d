// `npm run bench -- NAME [--json] [--smoke] [--against rust]`: measures; names and units are those of the project's bench table.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { rustMachine } from '../packages/cairo/scripts/rustMachine.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Bench → module and function that returns its results. */
const BENCHES = {
  kernels: ['packages/primitives/dist/bench/kernels.bench.js', 'runKernelsBench'],
  vm: ['packages/cairo/dist/bench/vm.bench.js', 'runVmBench'],
  compile: ['packages/cairo/dist/bench/compile.bench.js', 'runCompileBench'],
  sequencer: ['tests/dist/bench/sequencer.bench.js', 'runSequencerBench'],
  rpc: ['tests/dist/bench/rpc.bench.js', 'runRpcBench'],
  prove: ['packages/cairo-air/dist/bench/prove.bench.js', 'runProveBench'],
  os: ['tests/dist/bench/os.bench.js', 'runOsBench'],
  settle: ['tests/dist/bench/settle.bench.js', 'runSettleBench'],
  stark: ['packages/stark/dist/bench/stark.bench.js', 'runStarkBench'],
};

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const against = args.includes('--against') ? args[args.indexOf('--against') + 1] : undefined;
const names = args.filter((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--against');
const isRivalKnown = !args.includes('--against') || (against === 'rust' && names.join() === 'vm');
if (names.length === 0 || names.some((name) => !(name in BENCHES)) || !isRivalKnown) {
  console.error(
    `usage: npm run bench -- NAME [--json] [--smoke], or vm --against rust; NAME is one of ${Object.keys(BENCHES).join(', ')}`,
  );
  process.exit(2);
}
const build = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (build.status !== 0) process.exit(1);
for (const bench of names) {
  const [path, run] = BENCHES[bench];
  if (!existsSync(root + path)) {
    console.error(`bench ${bench} does not exist yet`);
    process.exit(2);
  }
  const other = against === undefined ? undefined : rustMachine();
  if (against !== undefined && other === undefined) {
    console.error('cargo cannot build the Rust machine here');
    process.exit(2);
  }
  const results = await (await import(root + path))[run]({ smoke: flags.includes('--smoke'), other });
  other?.close();
  if (flags.includes('--json')) {
    console.log(
      JSON.stringify({ bench, node: process.version, cpu: cpus()[0]?.model ?? 'unknown', results }),
    );
    continue;
  }
  for (const { name, value, unit, baseline, ratio } of results) {
    const against = ratio === undefined ? '' : `  ${ratio.toFixed(1)} × ${baseline}`;
    console.log(`${name.padEnd(32)} ${Number(value.toPrecision(4)).toLocaleString('en')} ${unit}${against}`);
  }
}
process.exit(0);
