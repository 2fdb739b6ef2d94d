import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feeTokenBalanceKey } from '@cairn/execution';
import { osInputOf, RebuiltStore, rebuild, type Sequencer, STRK_TOKEN } from '@cairn/node';
import { type DataPlace, parseOsOutput, runOs } from '@cairn/os';
import { beaconBlobs, chunkCommitments, coreState, readBack, settleState } from '@cairn/settlement';
import { MemoryEngine } from '@cairn/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CredulousChain,
  PROGRAM,
  startCredulousChain,
} from '../../../packages/settlement/src/testing/credulousCore.ts';
import { RANGES, settledChain } from './settledChain.ts';
import { TEST_CONFIG } from './testSequencer.ts';

const MAIN = fileURLToPath(new URL('../../../apps/cairn/dist/main.js', import.meta.url));
const PLACES: readonly DataPlace['kind'][] = ['output', 'pages', 'blobs', 'output'];

let sequencer: Sequencer;
let l1: CredulousChain;
let core: `0x${string}`;
let fromBlock: bigint;
let settle: (i: number, changes?: Record<number, bigint>) => Promise<void>;
/** All but the proofs is real: the verifier takes the word of the OS run for proven. */
beforeAll(async () => {
  [{ sequencer }, l1] = await Promise.all([settledChain(), startCredulousChain()]);
  const { chain } = sequencer;
  const genesis = chain.store.block(0)!.block.header;
  const { configHash } = runOs(osInputOf(chain, ...RANGES[0]!)).output;
  core = await l1.core({
    root: genesis.stateRoot,
    blockNumber: 0n,
    blockHash: genesis.blockHash,
    programHash: PROGRAM,
    configHash,
  });
  fromBlock = await l1.reader.getBlockNumber({ cacheTime: 0 });
  settle = async (i, changes = {}) => {
    const input = osInputOf(chain, ...RANGES[i]!);
    const { outputWords: inside, output } = runOs(input);
    const kind = PLACES[i]!;
    const words =
      kind === 'output'
        ? inside
        : runOs({ ...input, data: { kind, commitments: await chunkCommitments(output.data, kind) } })
            .outputWords;
    const changed = words.map((word, at) => changes[at] ?? word);
    await l1.prove(changed);
    await settleState(l1, core, changed, output.data);
    expect(parseOsOutput(changed).dataPlace).toBe(kind);
  };
  for (const i of [0, 1, 2]) await settle(i);
}, 180_000);
afterAll(async () => {
  l1?.stop();
  await sequencer?.stop();
});

describe('a node with nothing but L1', () => {
  it('rebuilds the state from data in the output, in pages and in blobs', async () => {
    const store = RebuiltStore.open(new MemoryEngine(), core, TEST_CONFIG.genesis);
    const ranges = readBack(l1.reader, core, { fromBlock, blobSource: beaconBlobs(l1.url) });
    const version = TEST_CONFIG.genesis.starknetVersion;
    const seen: string[] = [];
    for await (const step of rebuild(store, ranges, version, await coreState(l1, core))) {
      expect(step.kind).toBe('rebuilt');
      const { dataPlace, lastBlock } = step.range!;
      seen.push(dataPlace);
      expect(store.head.root).toBe(sequencer.chain.store.block(lastBlock)!.block.header.stateRoot);
    }
    expect(seen).toEqual(PLACES.slice(0, 3));
    expect(store.head.roots).toEqual(sequencer.chain.store.block(6)!.roots);
  });
});

describe('cairn rebuild', () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, 'rebuild', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  };
  const target = () => ['--from-l1', l1.url, '--core', core, '--accounts', '3'];
  const cell = [STRK_TOKEN, feeTokenBalanceKey(0x5e1fn)].map((felt) => `0x${felt.toString(16)}`);
  const folder = mkdtempSync(join(tmpdir(), 'cairn-rebuild-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says of each range what it has found, keeps the state and reads from it', async () => {
    const text = await run(...target(), '--data-dir', folder, '--l1-from-block', `${fromBlock}`);
    expect(text).toMatchObject({ code: 0 });
    expect(text.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^blocks 1 to 2 {2}root 0x[0-9a-f]+ {2}[0-9]+ changes {2}output, [0-9]+ words {2}L1 block/,
      ),
      expect.stringMatching(/^block 3 .* pages, /),
      expect.stringMatching(/^blocks 4 to 6 .* blobs, /),
    ]);
    expect(text.stdout).toMatch(
      /rebuilt blocks 1 to 6 from 3 updates .*\n(.*\n)*.*not rebuilt:\n.*\n.*transactions/,
    );
    expect(await run('--data-dir', folder, '--storage', ...cell)).toMatchObject({
      code: 0,
      stdout: '0x6  after block 6\n',
    });
    const shallow = await run(...target(), '--data-dir', folder, '--l1-confirmations', '1000');
    expect(shallow).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^nothing new behind block 6\n/),
    });
    expect(shallow.stderr).toMatch(/^blocks 4 to 6 .* known .*\n$/);
    // It goes on where it was.
    await settle(3);
    const json = await run(...target(), '--data-dir', folder, '--storage', ...cell, '--json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { event: 'known', firstBlock: 4, lastBlock: 6 },
      { event: 'range', firstBlock: 7, lastBlock: 12, dataPlace: 'output' },
      { event: 'rebuilt', firstBlock: 7, lastBlock: 12, ranges: 1, notRebuilt: expect.any(Array) },
      { event: 'storage', value: '0x6', blockNumber: 12 },
    ]);
    const { stateRoot, blockHash } = sequencer.chain.head.block.header;
    expect([lines[2].root, lines[2].blockHash]).toEqual(
      [stateRoot, blockHash].map((felt) => `0x${felt.toString(16)}`),
    );
  }, 60_000);

  it('leaves with 3 and names the range where the state differs', async () => {
    const other = await run(...target(), '--seed', '1');
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(
      /blocks 1 to 2: starts from another state: .*\n.*L1 block .*\n {2}fix: .*seed/,
    );
    const late = await run(
      ...target(),
      '--l1-from-block',
      `${(await l1.reader.getBlockNumber()) - 1n}`,
      '--json',
    );
    expect(late.code).toBe(3);
    expect(JSON.parse(late.stdout)).toMatchObject({ event: 'difference', what: 'blocks', firstBlock: 7 });
  }, 60_000);

  it('catches a root that the data does not lead to', async () => {
    const { header } = sequencer.chain.store.block(0)!.block;
    const { configHash } = runOs(osInputOf(sequencer.chain, ...RANGES[0]!)).output;
    core = await l1.core({
      root: header.stateRoot,
      blockNumber: 0n,
      blockHash: header.blockHash,
      programHash: PROGRAM,
      configHash,
    });
    await settle(0);
    await settle(1, { 1: 0xbadn });
    const { code, stderr } = await run(...target());
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^blocks 1 to 2 .*\n.*block 3: the data leads to another state .* expected 0xbad\n/,
    );
  }, 60_000);

  it('asks for what it needs', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/--from-l1 and --core/) });
    expect(await run(...target().slice(0, 2), '--core', '0x1')).toMatchObject({ code: 2 });
    expect(await run(...target(), '--storage', '0x1')).toMatchObject({ code: 2 });
    const nothing = await run('--from-l1', 'http://127.0.0.1:9', '--core', core);
    expect(nothing.code).toBe(4);
    const noContract = await run('--from-l1', l1.url, '--core', `0x${'1'.repeat(40)}`);
    expect(noContract).toMatchObject({ code: 1, stderr: expect.stringMatching(/core contract 0x1111/) });
  }, 60_000);
});
