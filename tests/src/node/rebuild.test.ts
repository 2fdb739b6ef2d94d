import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feeTokenBalanceKey } from '@cairn/execution';
import {
  differenceText,
  type RebuildStep,
  type RebuiltState,
  RebuiltStore,
  rebuild,
  rebuildRange,
  type Sequencer,
  STRK_TOKEN,
} from '@cairn/node';
import { compress, runOs } from '@cairn/os';
import { type ContractAddress, formatFelt, PRIME } from '@cairn/primitives';
import { stateRoot } from '@cairn/protocol';
import type { SettledRange } from '@cairn/settlement';
import { applyStateDiff, EMPTY_ROOTS, MemoryStateStore, TrieState } from '@cairn/state';
import { LmdbEngine, MemoryEngine } from '@cairn/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLASS,
  executable,
  executionChain,
  PROBE,
  signedInvoke,
} from '../../../packages/os/src/testing/executionChain.ts';
import { TestChain } from '../../../packages/os/src/testing/testChain.ts';
import * as script from '../execution/script.ts';
import { RANGES, settledChain, settledOutput, settledRange } from './settledChain.ts';
import { TEST_CONFIG, testSequencer } from './testSequencer.ts';

const CORE = `0x${'c0'.repeat(20)}`;
const VERSION = TEST_CONFIG.genesis.starknetVersion;
/** Another time: it is no part of the state. */
const GENESIS = { ...TEST_CONFIG.genesis, timestamp: 1 };

let sequencer: Sequencer;
let deployed: ContractAddress;
let ranges: SettledRange[];
beforeAll(async () => {
  ({ sequencer, deployed } = await settledChain());
  ranges = RANGES.map((range, i) => settledRange(settledOutput(sequencer, range), 100n + BigInt(i)));
}, 120_000);
afterAll(() => sequencer?.stop());

const header = (number: number) => sequencer.chain.store.block(number)!.block.header;
const newStore = () => RebuiltStore.open(new MemoryEngine(), CORE, GENESIS);

async function rebuildAll(
  store: RebuiltStore,
  list: readonly SettledRange[],
  upTo?: Parameters<typeof rebuild>[3],
): Promise<RebuildStep[]> {
  const steps: RebuildStep[] = [];
  const source = (async function* () {
    yield* list;
  })();
  for await (const step of rebuild(store, source, VERSION, upTo)) steps.push(step);
  return steps;
}

/** The last step, which is a difference. */
async function differenceIn(...args: Parameters<typeof rebuildAll>) {
  const last = (await rebuildAll(...args)).at(-1);
  return last?.kind === 'difference' ? last.difference : undefined;
}

/** The state that a core contract has after a block. */
const settledState = (number: number) => {
  const { stateRoot: root, blockNumber, blockHash } = header(number);
  return { root, blockNumber, blockHash };
};

describe('a state rebuilt from what OS runs have put out', () => {
  it('has the chain’s root after every range', async () => {
    const store = newStore();
    expect(store.head).toEqual({
      blockNumber: 0,
      blockHash: undefined,
      l1BlockNumber: undefined,
      root: header(0).stateRoot,
      roots: sequencer.chain.store.block(0)!.roots,
    });
    const steps = await rebuildAll(store, ranges, settledState(12));
    expect(steps.map(({ kind }) => kind)).toEqual(RANGES.map(() => 'rebuilt'));
    for (const [i, step] of steps.entries()) {
      const number = RANGES[i]![1];
      expect(step).toMatchObject({
        state: {
          ...settledState(number),
          roots: sequencer.chain.store.block(number)!.roots,
        },
      });
    }
    const { state } = store;
    const { headState } = sequencer.chain;
    expect(state.storageAt(STRK_TOKEN, feeTokenBalanceKey(0x5e1fn))).toBe(6n);
    const alice = sequencer.chain.genesis.accounts[0]!.address;
    expect(state.nonceAt(alice)).toBe(headState.nonceAt(alice));
    expect(state.nonceAt(alice)).toBe(5n);
    const classHash = headState.classHashAt(deployed);
    expect(state.classHashAt(deployed)).toBe(classHash);
    expect(state.compiledClassHash(classHash)).toBe(headState.compiledClassHash(classHash));
    expect(classHash).not.toBe(0n);
    // The alias contract and that of block hashes are rebuilt as any other.
    expect(state.storageAt(2n, deployed)).toBeGreaterThanOrEqual(0x80n);
    expect(state.storageAt(1n, 1n)).toBe(header(1).blockHash);
  });

  it('takes replaced classes, and removed cells', () => {
    const chain = new TestChain(executionChain().state.diff());
    const run = (nonce: bigint, ...parts: script.Script[]) => {
      const operations = parts.flat();
      const call = {
        to: PROBE,
        selector: 'run_script',
        calldata: [BigInt(operations.length), ...operations],
      };
      return executable(signedInvoke([call], { nonce }));
    };
    chain.addBlock([run(0n, script.write(5n, 6n), script.write(7n, 8n))]);
    chain.addBlock([run(1n, script.write(5n, 0n), script.write(9n, 1n), script.replaceClass(CLASS.token))]);
    const store = new MemoryStateStore();
    const { roots, batch } = applyStateDiff(EMPTY_ROOTS, chain.blocks[0]!.stateDiff, store);
    store.write(batch);
    const root = stateRoot(roots.contractsRoot, roots.classesRoot, VERSION);
    let state: RebuiltState = { blockNumber: 0, blockHash: undefined, root, roots };
    for (const number of [1, 2]) {
      const range = settledRange(runOs(chain.osInput(number)).output);
      const result = rebuildRange(state, range, store, VERSION);
      if (result.difference) throw new Error(result.difference.what);
      store.write(result.batch);
      state = result.state;
      expect(state.root).toBe(chain.headers[number]!.stateRoot);
    }
    const rebuilt = new TrieState(state.roots, store);
    expect(rebuilt.classHashAt(PROBE)).toBe(CLASS.token);
    expect([5n, 7n, 9n].map((key) => rebuilt.storageAt(PROBE, key))).toEqual([0n, 8n, 1n]);
  });

  it('differs in the range in which any word of the data was changed', async () => {
    const [first, second] = ranges as [SettledRange, SettledRange];
    const store = newStore();
    await rebuildAll(store, [first]);
    const kinds = new Set<string>();
    for (const [i, word] of second.data.entries()) {
      const data = second.data.with(i, (word + 1n) % PRIME);
      const { difference } = rebuildRange(store.head, { ...second, data }, store.tries, VERSION);
      expect(difference).toMatchObject({ firstBlock: 3, lastBlock: 3 });
      kinds.add(difference!.what);
    }
    expect([...kinds].sort()).toEqual(['data', 'root']);
    // The range itself still fits: what was tried has left nothing behind.
    expect(await rebuildAll(store, [first, second])).toMatchObject([{ kind: 'known' }, { kind: 'rebuilt' }]);
  });

  it('calls words that are no data by their name', () => {
    const store = newStore();
    const [first] = ranges as [SettledRange];
    const whatOf = (data: readonly bigint[]) =>
      rebuildRange(store.head, { ...first, data }, store.tries, VERSION).difference?.what;
    expect(whatOf([])).toBe('data');
    expect(whatOf(first.data.slice(0, -1))).toBe('data');
    expect(whatOf([...first.data, 0n])).toBe('data');
    // Values that repeat others, of which there are none.
    expect(whatOf([1n << 160n, 1n])).toBe('data');
    // An address above the tries: one contract without changes, no classes.
    expect(whatOf(compress([1n, 1n << 251n, 2n, 0n]))).toBe('data');
    expect(whatOf(compress([1n, 5n, 3n, 1n << 251n, 0n]))).toBe('root');
  });
});

describe('ranges that are not what L1 has accepted', () => {
  it('are noticed when one is left out', async () => {
    const without = (i: number) => ranges.filter((_, j) => j !== i);
    expect(await differenceIn(newStore(), without(0))).toMatchObject({
      what: 'blocks',
      firstBlock: 3,
      lastBlock: 3,
      got: 'block 3',
      expected: 'block 1',
      fix: expect.stringMatching(/--l1-from-block/),
    });
    const store = newStore();
    const difference = await differenceIn(store, without(1));
    expect(differenceText(difference!)).toBe(
      'blocks 4 to 6: not what follows the blocks before: got block 4, expected block 3',
    );
    // What agreed before is kept, and goes on where the missing range is found.
    expect(store.head.blockNumber).toBe(2);
    expect(await differenceIn(store, ranges.slice(1))).toBeUndefined();
    expect(await differenceIn(newStore(), without(3), settledState(12))).toMatchObject({
      what: 'notShown',
      firstBlock: 7,
      lastBlock: 12,
    });
    expect(await differenceIn(newStore(), [], settledState(12))).toMatchObject({
      what: 'notShown',
      firstBlock: 1,
    });
    expect(await rebuildAll(newStore(), [], settledState(0))).toEqual([]);
  });

  it.each([
    ['initialRoot', { initialRoot: 5n }],
    ['previousBlockHash', { previousBlockHash: 5n }],
    ['root', { root: 5n }],
    ['blocks', { lastBlock: 2 }],
  ] as const)('differ in %s', async (what, change) => {
    const store = newStore();
    await rebuildAll(store, ranges.slice(0, 1));
    // Without the check of the range before, which such a range would not pass.
    const { difference } = rebuildRange(store.head, { ...ranges[1]!, ...change }, store.tries, VERSION);
    expect(difference).toMatchObject({ what, firstBlock: 3 });
  });

  it('differ when the genesis is another chain’s', async () => {
    const other = RebuiltStore.open(new MemoryEngine(), CORE, { ...GENESIS, seed: 1 });
    const difference = {
      what: 'initialRoot',
      got: formatFelt(header(0).stateRoot),
      expected: formatFelt(other.head.root),
      fix: expect.stringMatching(/seed/),
    };
    expect(await differenceIn(other, ranges)).toMatchObject({ ...difference, firstBlock: 1, lastBlock: 2 });
    expect(await differenceIn(other, [], settledState(0))).toMatchObject({ ...difference, lastBlock: 0 });
  });

  it('are another’s than those that an earlier run took', async () => {
    const store = newStore();
    await rebuildAll(store, ranges.slice(0, 2));
    const last = ranges[1]!;
    expect(await differenceIn(store, [{ ...last, root: 5n }])).toMatchObject({ what: 'root', firstBlock: 3 });
    expect(await differenceIn(store, [{ ...last, blockHash: 5n }])).toMatchObject({ what: 'blockHash' });
    // L1 was reorganised: it has one update for what were two, or none yet.
    expect(await differenceIn(store, [settledRange(settledOutput(sequencer, [3, 5]))])).toMatchObject({
      what: 'blocks',
      fix: expect.stringMatching(/empty folder/),
    });
    expect(await differenceIn(store, [], settledState(2))).toMatchObject({
      what: 'takenBack',
      lastBlock: 3,
      got: 'nothing from L1 block 101 on',
    });
    expect(store.head.blockNumber).toBe(3);
  });
});

describe('a rebuilt state in a folder', () => {
  it('stays, is gone on with and is read from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-rebuild-'));
    try {
      const open = async <T>(use: (engine: LmdbEngine) => T): Promise<Awaited<T>> => {
        const engine = new LmdbEngine(folder);
        try {
          return await use(engine);
        } finally {
          await engine.close();
        }
      };
      await open((engine) =>
        expect(() => RebuiltStore.openRebuilt(engine)).toThrow(
          expect.objectContaining({ code: 'NOTHING_REBUILT' }),
        ),
      );
      await open((engine) => rebuildAll(RebuiltStore.open(engine, CORE, GENESIS), ranges.slice(0, 2)));
      await open(async (engine) => {
        const store = RebuiltStore.open(engine, CORE.toUpperCase().replace('X', 'x'), GENESIS);
        expect(store.head).toMatchObject({ ...settledState(3), l1BlockNumber: 101n });
        // From the L1 block of the head on, as a caller asks for them.
        const steps = await rebuildAll(store, ranges.slice(1), settledState(12));
        expect(steps.map(({ kind }) => kind)).toEqual(['known', 'rebuilt', 'rebuilt']);
      });
      await open((engine) => {
        const { head, state } = RebuiltStore.openRebuilt(engine);
        expect(head).toMatchObject(settledState(12));
        expect(state.storageAt(STRK_TOKEN, feeTokenBalanceKey(0x5e1fn))).toBe(6n);
        const refused = (code: string, use: () => unknown) =>
          expect(use).toThrow(expect.objectContaining({ code }));
        refused('OTHER_REBUILD', () => RebuiltStore.open(engine, `0x${'c1'.repeat(20)}`, GENESIS));
        refused('OTHER_REBUILD', () => RebuiltStore.open(engine, CORE, { ...GENESIS, seed: 1 }));
        // It is no chain that a sequencer could go on with.
        refused('CHAIN_MISMATCH', () => testSequencer({}, engine));
      });
      const chain = new MemoryEngine();
      await testSequencer({}, chain).sequencer.stop();
      expect(() => RebuiltStore.open(chain, CORE, GENESIS)).toThrow(
        expect.objectContaining({ code: 'CHAIN_MISMATCH' }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
