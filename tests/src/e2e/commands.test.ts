import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasVectors, readVectorJson } from '../golden/vectors.ts';
import { type CairnProcess, rpc, startCairn } from './cairnProcess.ts';
import { lyingProxy } from './lyingProxy.ts';

const MAIN = fileURLToPath(new URL('../../../apps/cairn/dist/main.js', import.meta.url));
const VECTORS = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const cairn = (...args: string[]): string =>
  execFileSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

/** `main` writes 7 to its output; compiled by cairo-compile 0.14.0.1 with --proof_mode. */
const SEVEN = {
  prime: '0x800000000000011000000000000000000000000000000000000000000000001',
  builtins: ['output'],
  data: [
    ...['0x40780017fff7fff', '0x1', '0x1104800180018000', '0x4', '0x10780017fff7fff', '0x0'],
    ...['0x480680017fff8000', '0x7', '0x400280007ffd7fff', '0x482680017ffd8000', '0x1', '0x208b7fff7fff7ffe'],
  ],
  hints: {},
  reference_manager: { references: [] },
  identifiers: {
    '__main__.main': { pc: 6 },
    '__main__.__start__': { pc: 0 },
    '__main__.__end__': { pc: 4 },
  },
};

describe('cairn up', () => {
  let node: CairnProcess;
  beforeAll(async () => {
    node = await startCairn('--accounts', '2');
  });
  afterAll(async () => {
    expect(await node.stop()).toBe(0);
  });

  it('is seen by status, and accounts tells the balances of now', () => {
    const status = JSON.parse(cairn('status', '--url', node.url, '--json'));
    expect(status).toMatchObject({ specVersion: '0.10.2', chainId: 'CAIRN_DEV', blockNumber: 0 });
    const accounts = JSON.parse(cairn('accounts', '--accounts', '2', '--url', node.url, '--json'));
    expect(accounts).toHaveLength(2);
    expect(Object.keys(accounts[0])).toEqual(['address', 'publicKey', 'privateKey', 'balance']);
    expect(accounts[0].balance).toBe('10000000000000000000000');
  });

  it('counts calls of each method at /metrics', async () => {
    const metrics = async () => (await fetch(`${node.url}/metrics`)).text();
    await rpc(node.url, 'starknet_getNonce', ['latest', '0x1234']);
    expect(await metrics()).toMatch(/cairn_rpc_errors_total\{method="starknet_getNonce",code="20"\} 1/);
    expect(await metrics()).toMatch(/^cairn_block_number 0$/m);
  });

  it('says so when its port is taken', () => {
    const port = new URL(node.url).port;
    const { status, stderr } = run('up', '--port', port);
    expect(status).toBe(4);
    expect(stderr).toContain(port);
    expect(stderr).toContain('fix:');
  });
});

describe('the other commands', () => {
  it('config tells values and origins', () => {
    const { config, origins } = JSON.parse(cairn('config', '--seed', '7', '--origin', '--json'));
    expect([config.seed, origins.seed, origins.port]).toEqual([7, 'flag', 'default']);
    expect(cairn('config')).toContain('block-mode = "transaction"');
  });

  it('usage errors exit with 2, an unreachable node with 1', () => {
    expect(run('up', '--port', 'many').status).toBe(2);
    expect(run('nothing').status).toBe(2);
    const { status, stderr } = run('status', '--url', 'http://127.0.0.1:9');
    expect(status).toBe(1);
    expect(stderr).toContain('no node answers');
  });

  it('say which file they cannot read, and why', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-files-'));
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"abi": ');
    for (const command of [['compile'], ['run'], ['conform', 'block', '--chain-id', 'SN_MAIN']]) {
      const missing = run(...command, join(folder, 'missing.json'));
      expect([missing.status, missing.stderr]).toEqual([
        2,
        expect.stringMatching(/cannot read .*missing.json.*FILE_UNREADABLE/),
      ]);
      const truncated = run(...command, broken);
      expect([truncated.status, truncated.stderr]).toEqual([
        2,
        expect.stringMatching(/broken.json is not JSON.*INVALID_JSON/),
      ]);
      writeFileSync(join(folder, 'null.json'), 'null');
      expect(run(...command, join(folder, 'null.json')).status).toBe(1);
    }
  });

  it('run runs a Cairo Zero program and writes trace and memory', () => {
    const program = fileURLToPath(
      new URL('../../../packages/cairo/fixtures/zero/collections.json', import.meta.url),
    );
    const folder = mkdtempSync(join(tmpdir(), 'cairn-run-'));
    const [trace, memory, pie] = [join(folder, 'trace'), join(folder, 'memory'), join(folder, 'run.pie.zip')];
    const result = JSON.parse(
      cairn('run', program, '--trace', trace, '--memory', memory, '--pie', pie, '--json'),
    );
    expect(result).toMatchObject({ steps: 3057, builtins: { output: 32 } });
    expect(result.output.slice(0, 2)).toEqual(['0x4', '0x1']);
    expect(statSync(trace).size).toBe(3057 * 24);
    expect(statSync(memory).size % 40).toBe(0);
    expect(readFileSync(pie).subarray(0, 2).toString()).toBe('PK');
    expect(cairn('run', program, '--print-output')).toContain('3057 steps');
    expect(run('run', program, '--max-steps', '100').stderr).toContain('STEP_LIMIT');
    expect(run('run', program, '--max-steps', '0').status).toBe(2);
    expect(run('run', program, '--trace', join(folder, 'no', 'where')).status).toBe(4);
  });

  it('prove proves a run, and verify checks it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-prove-'));
    const [program, proof, tampered] = ['seven.json', 'proof', 'tampered'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(program, JSON.stringify(SEVEN));
    const proved = JSON.parse(cairn('prove', program, '--profile', 'dev', '-o', proof, '--json'));
    expect(proved).toMatchObject({ steps: 7, layout: 'core narrow', strength: 'dev', output: ['0x7'] });
    expect(statSync(proof).size).toBe(proved.bytes);
    const verdict = JSON.parse(cairn('verify', proof, '--profile', 'dev', '--json'));
    expect(verdict).toMatchObject({ ok: true, strength: 'dev', program: SEVEN.data, output: ['0x7'] });
    // Another profile, another byte, no proof at all.
    expect(run('verify', proof)).toMatchObject({ status: 3, stdout: expect.stringMatching(/^rejected: /) });
    const bytes = readFileSync(proof);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(tampered, bytes);
    expect(run('verify', tampered, '--profile', 'dev').status).toBe(3);
    expect(run('verify', program, '--profile', 'dev')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('NOT_A_CAIRO_PROOF'),
    });
    expect(run('verify', proof, '--profile', 'strong').status).toBe(2);
    expect(run('prove', program).status).toBe(2);
    writeFileSync(program, JSON.stringify({ ...SEVEN, identifiers: { '__main__.main': { pc: 6 } } }));
    expect(run('prove', program, '-o', proof).stderr).toContain('proof mode');
  });

  it('zero compiles Cairo Zero programs, which run takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-zero-'));
    mkdirSync(join(folder, 'library'));
    const [main, program] = ['main.cairo', 'main.json'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(join(folder, 'library', 'seven.cairo'), 'const SEVEN = 7;\n');
    writeFileSync(
      main,
      `%builtins output range_check
from library.seven import SEVEN
from starkware.cairo.common.math import sqrt
func main{output_ptr: felt*, range_check_ptr}() {
    let root = sqrt(SEVEN * SEVEN);
    assert [output_ptr] = root;
    let output_ptr = output_ptr + 1;
    return ();
}
`,
    );
    const compiled = JSON.parse(cairn('zero', main, '-o', program, '--json'));
    expect(compiled).toMatchObject({ programHash: expect.stringMatching(/^0x[0-9a-f]+$/) });
    expect(cairn('zero', main)).toBe(readFileSync(program, 'utf8'));
    expect(cairn('run', program, '--print-output')).toMatch(/output:\s+0x7/);
    writeFileSync(main, 'func main() {\n    return (5);\n');
    const refused = run('zero', main);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(`${main}:`) });
    expect(run('zero', join(folder, 'nowhere.cairo')).status).toBe(2);
  });

  it('run takes executables and Sierra programs with arguments, and writes what provers read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-run-'));
    const [executable, sierra] = ['dictionary.executable.json', 'shapes.sierra.json'].map((name) =>
      fileURLToPath(new URL(`../../../packages/cairo/fixtures/cairo1/${name}`, import.meta.url)),
    ) as [string, string];
    const args = ['--args', '7 [1 2 0x3 3]'];
    expect(cairn('run', executable, ...args, '--print-output')).toMatch(
      /516 steps[\s\S]*output:\s+0x17\s+0x122ab/,
    );
    const [trace, memory, publicInput, privateInput] = ['t', 'm', 'p', 'q'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    const files = ['--trace', trace, '--memory', memory, '--air-private-input', privateInput];
    const proof = ['run', executable, ...args, '--proof-mode', '--layout', 'recursive_with_poseidon'];
    cairn(...proof, ...files, '--air-public-input', publicInput);
    expect(JSON.parse(readFileSync(publicInput, 'utf8')).n_steps).toBe(131072);
    expect(JSON.parse(readFileSync(privateInput, 'utf8')).trace_path).toBe(trace);
    expect(statSync(trace).size).toBe(24 * 131072);
    const called = JSON.parse(cairn('run', sierra, '--args', '5 [9 9] 7 1', '--json'));
    expect(called.values).toEqual([
      ['0x17', ['0x0', '0x1'], { variant: 0, value: ['0x15', '0x3'] }, { variant: 1, value: ['0x1', '0x2'] }],
    ]);
    const panicked = run('run', sierra, '--function', 'fails', '--args', '200 100');
    expect(panicked.status).toBe(1);
    expect(panicked.stdout).toContain('u8_add Overflow');
    for (const wrong of [
      ['run', sierra, '--function', 'nothing'],
      ['run', sierra, '--proof-mode'],
      ['run', executable, '--args', '[1'],
      ['run', executable, '--args', 'x'],
      ['run', executable, '--layout', 'wide'],
      ['run', executable, '--layout', 'dynamic'],
      ['run', executable, '--air-public-input', publicInput],
      ['run', executable, '--proof-mode', '--pie', trace],
    ])
      expect(run(...wrong)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: /) });
  });

  it.skipIf(!hasVectors)('conform checks a real block and rejects a changed one with 3', () => {
    const block = `${VECTORS}blocks/integration_63881.block.json`;
    const update = `${VECTORS}blocks/integration_63881.state_update.json`;
    const args = [
      'conform',
      'block',
      block,
      '--chain-id',
      'SN_INTEGRATION_SEPOLIA',
      '--state-update',
      update,
    ];
    expect(JSON.parse(cairn(...args, '--json'))).toMatchObject({ ok: true });
    const changed = readVectorJson('blocks/integration_63881.block.json');
    changed.timestamp++;
    const file = join(mkdtempSync(join(tmpdir(), 'cairn-conform-')), 'block.json');
    writeFileSync(file, JSON.stringify(changed));
    const { status, stdout } = run(
      'conform',
      'block',
      file,
      '--chain-id',
      'SN_INTEGRATION_SEPOLIA',
      '--state-update',
      update,
    );
    expect(status).toBe(3);
    expect(stdout).toContain('differs  block_hash');
  });

  it('conform holds a node against the protocol, and finds a lie', async () => {
    const node = await startCairn('--accounts', '1');
    await rpc(node.url, 'devnet_mint', { address: '0x55', amount: 4 });
    const { ok, checks } = JSON.parse(cairn('conform', '--url', node.url, '--json'));
    expect(ok).toBe(true);
    expect(checks.length).toBeGreaterThan(40);
    const hash = (await rpc(node.url, 'starknet_blockHashAndNumber')).result.block_hash;
    const stateRoot = (await rpc(node.url, 'starknet_getBlockWithTxHashes', ['latest'])).result.new_root;
    for (const [honest, lie, found] of [
      [hash, '0x1', 'block 1: block_hash'],
      [stateRoot, '0x1', 'block 1: block_hash'],
      ['"actual_fee":{"amount":"0x', '"actual_fee":{"amount":"0x1', 'receipt_commitment'],
      ['"value":"0x4"', '"value":"0x5"', 'as proven'],
      ['"code":29', '"code":25', 'getTransactionByHash'],
      ['"abi":"[', '"abi":" [', 'class 0x'],
    ] as const) {
      const proxy = await lyingProxy(node.url, honest, lie);
      const { status, stdout } = run('conform', '--url', proxy.url);
      proxy.stop();
      expect(stdout).toContain(found);
      expect(status).toBe(3);
    }
    await node.stop();
    expect(run('conform', '--url', node.url)).toMatchObject({ status: 1 });
  }, 60_000);

  it.skipIf(!hasVectors)('compile prints class hash and both compiled class hashes', () => {
    const file = `${VECTORS}sierra-casm/hello_starknet__s1.9.3_c2.20.0.sierra.json`;
    const result = JSON.parse(cairn('compile', file, '--hash', '--json'));
    expect(Object.keys(result)).toEqual([
      'file',
      'classHash',
      'compiledClassHash',
      'compiledClassHashPoseidon',
      'bytecodeLength',
    ]);
  });
});
