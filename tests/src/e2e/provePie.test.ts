import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CairoPie,
  cairoPie,
  parseCairoProgram,
  readProgramJson,
  runProgram,
  writeCairoPie,
} from '@cairn/cairo';
import { beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../apps/cairn/dist/main.js', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args, '--json');
  expect(stderr.includes('error'), stderr).toBe(false);
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

/** `main` writes a number and twice as much; its hint is of no library, so `cairn` can not run it, but has a PIE of a run. */
const DOUBLE = `%builtins output range_check
func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    local secret;
    %{ a secret %}
    assert [range_check_ptr] = secret;
    let range_check_ptr = range_check_ptr + 1;
    assert output_ptr[0] = secret;
    assert output_ptr[1] = 2 * secret;
    let output_ptr = output_ptr + 2;
    return ();
}
`;
const SEVEN = `%builtins output
func main{output_ptr: felt*}() {
    assert output_ptr[0] = 7;
    let output_ptr = output_ptr + 1;
    return ();
}
`;

/** A PIE with another value wherever one stands. */
const withCell = (pie: CairoPie, from: bigint, to: bigint): CairoPie => ({
  ...pie,
  memory: pie.memory.map((cell) => (cell.value === from ? { ...cell, value: to } : cell)),
});

describe('cairn prove takes Cairo PIEs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-pie-'));
  const at = (name: string) => join(folder, name);
  let double: CairoPie;
  beforeAll(async () => {
    for (const [name, source] of [
      ['double', DOUBLE],
      ['seven', SEVEN],
    ] as const) {
      writeFileSync(at(`${name}.cairo`), source);
      const { status, stderr } = run('zero', at(`${name}.cairo`), '-o', at(`${name}.json`));
      expect(status, stderr).toBe(0);
    }
    const { status, stderr } = run('run', at('seven.json'), '--pie', at('seven.pie.zip'));
    expect(status, stderr).toBe(0);
    const program = parseCairoProgram(readProgramJson(readFileSync(at('double.json'), 'utf8')));
    const hints = {
      createState: () => undefined,
      find: () => (machine: { fp: number; memory: { set(address: number, value: number): void } }) =>
        machine.memory.set(2 ** 52 + 2 ** 28 + machine.fp, 21),
    };
    double = cairoPie(program, runProgram({ program, hints, maxSteps: 1000 }));
    writeFileSync(at('double.pie.zip'), await writeCairoPie(double));
  }, 60_000);

  it('alone and with programs, and verify shows what each has written', { timeout: 120_000 }, () => {
    const proof = at('run.proof');
    const files = [at('seven.json'), at('double.pie.zip'), at('seven.pie.zip')];
    const proved = json('prove', ...files, '--profile', 'dev', '-o', proof);
    const outputs = proved.tasks.map(({ output }: { output: string[] }) => output);
    expect(outputs).toEqual([['0x7'], ['0x15', '0x2a'], ['0x7']]);
    expect(proved.tasks[0].programHash).toBe(proved.tasks[2].programHash);
    const verified = json('verify', proof, '--profile', 'dev');
    expect(verified).toMatchObject({ ok: true, output: proved.output });
    const alone = json('prove', at('seven.pie.zip'), '--profile', 'dev', '-o', proof);
    expect(alone.tasks).toEqual([proved.tasks[0]]);
  });

  it('not what is no PIE, nor one with a false value', async () => {
    const archive = readFileSync(at('seven.pie.zip'));
    const cases: [string, Uint8Array, string][] = [
      ['half', archive.subarray(0, 300), 'INVALID_ARCHIVE'],
      ['flipped', archive.map((byte, i) => (i === 200 ? byte ^ 4 : byte)), 'INVALID_ARCHIVE'],
      ['noPie', new TextEncoder().encode('PK and nothing else that a zip archive has'), 'INVALID_ARCHIVE'],
      ['false', await writeCairoPie(withCell(double, 42n, 43n)), 'ASSERT_EQ_FAILED'],
      ['elsewhere', await writeCairoPie({ ...double, memory: double.memory.slice(1) }), 'INVALID_PIE'],
    ];
    for (const [name, bytes, code] of cases) {
      writeFileSync(at(`${name}.pie.zip`), bytes);
      const { status, stderr } = run('prove', at(`${name}.pie.zip`), '-o', at('no.proof'));
      expect(status, stderr).toBe(1);
      expect(stderr).toContain(code);
    }
  });
});
