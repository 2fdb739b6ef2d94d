// The Rust crate cairo-vm as a rival in `npm run bench -- vm --against rust`. Cargo builds it on first use (minutes).

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const CRATE = join(folder, 'rustVm');
const TARGET = process.env.CARGO_TARGET_DIR ?? join(folder, '../../../node_modules/.cache/rust-vm-bench');
const PRIME = `0x${(2n ** 251n + 17n * 2n ** 192n + 1n).toString(16)}`;

/** The Rust machine as `other` of runVmBench; undefined where cargo cannot build it. */
export function rustMachine() {
  const binary = join(TARGET, 'release/rust-vm-bench');
  if (!existsSync(binary)) {
    const options = {
      cwd: CRATE,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, CARGO_TARGET_DIR: TARGET },
    };
    const { status } = spawnSync('cargo', ['build', '--release'], options);
    if (status !== 0) return undefined;
  }
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: 'cairo-vm 3.2.0',
    close: () => child.kill(),
    measure: async (data, trace) => {
      child.stdin.write(`${JSON.stringify({ program: programJson(data), trace })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the Rust machine ended without an answer');
      return Number(value);
    },
  };
}

function programJson(data) {
  return {
    prime: PRIME,
    data: data.map((word) => `0x${word.toString(16)}`),
    builtins: [],
    hints: {},
    identifiers: { '__main__.main': { type: 'function', pc: 0, decorators: [] } },
    reference_manager: { references: [] },
    attributes: [],
    main_scope: '__main__',
    compiler_version: '0.13.1',
    debug_info: null,
  };
}
