import { shortString } from '@cairn/primitives';
import { emptyStateDiff, stateRoot } from '@cairn/protocol';
import { applyStateDiff, EMPTY_ROOTS, MemoryStateStore } from '@cairn/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { osConfigHash } from '../configHash.ts';
import { compress, decompress } from './compression.ts';
import { parseOsOutput, stateDiffOfData } from './osOutput.ts';
import { stateDiffWords } from './stateDiffWords.ts';

// Empty block 20 run by the official OS v0.14.0.1 on a state whose alias counter is 133.
// @see os-and-settlement.md section 8
const INITIAL_ROOT = 0x4afde2f5939e31cbea58979739231426452f76962f4073026e5282d74a02a54n;
const FINAL_ROOT = 0x772a22dfe3facd56b15c12d213266f701a829e350a0a10fc59fa208f7fd09ean;
const FIRST_BLOCK_ROOT = 0x68bcf9e9257ab6bffd9425833a208aaab6b85649fd21c787a546cb7cb9abfn;
const CONFIG_HASH = 0x23ab94ba11e05879a6ba1cf4d5c5fb9913efa770e0d8c0ea27538d797133918n;
const HEADER = [INITIAL_ROOT, FINAL_ROOT, 0x13n, 0x14n, 0x14n, 0x15n, 0n, CONFIG_HASH, 0n];
const COMPRESSED = [0x10000400001000000000000000000000000600000n, 0xabc014n, 0x280030001n, 0x1n, 0x1759en];
const FIRST_BLOCK_DATA = [0x10000500000000000000000000000000000600000n, 0x80000000180010001n, 0x3n, 0x1c09fn];

describe('the output of the official OS', () => {
  it('is read, compressed and full', () => {
    const compressed = parseOsOutput([...HEADER, 0n, 0n, 0n, ...COMPRESSED]);
    expect(compressed).toMatchObject({
      initialRoot: INITIAL_ROOT,
      finalRoot: FINAL_ROOT,
      previousBlockNumber: 19n,
      newBlockNumber: 20n,
      previousBlockHash: 20n,
      newBlockHash: 21n,
      configHash: CONFIG_HASH,
      dataPlace: 'output',
      data: COMPRESSED,
    });
    expect(stateDiffOfData(COMPRESSED, false)).toEqual({
      contracts: [{ address: 1n, storage: [{ key: 10n, value: 0xabc014n }] }],
      classes: [],
    });
    const full = parseOsOutput([
      ...[...HEADER, 1n, 0n, 0n],
      ...[1n, 1n, 0n, 0n, 0n, 0n, 1n, 10n, 0n, 0xabc014n, 0n],
    ]);
    expect(stateDiffOfData(full.data, full.fullOutput)).toEqual({
      contracts: [{ address: 1n, storage: [{ key: 10n, previous: 0n, value: 0xabc014n }] }],
      classes: [],
    });
  });

  it('has the state diff that our encoder and compression write', () => {
    const block20 = { contracts: [{ address: 1n, storage: [{ key: 10n, value: 0xabc014n }] }], classes: [] };
    expect(compress(stateDiffWords(block20))).toEqual(COMPRESSED);
    const first = { contracts: [{ address: 2n, storage: [{ key: 0n, value: 128n }] }], classes: [] };
    expect(compress(stateDiffWords(first))).toEqual(FIRST_BLOCK_DATA);
  });

  it('has our config hash and state roots', () => {
    expect(osConfigHash({ chainId: shortString('SN'), strkTokenAddress: 0x4718n })).toBe(CONFIG_HASH);
    const store = new MemoryStateStore();
    let roots = EMPTY_ROOTS;
    const rootAfter = (address: bigint, key: bigint, value: bigint): bigint => {
      const changes = { ...emptyStateDiff(), storage: new Map([[address, new Map([[key, value]])]]) };
      const applied = applyStateDiff(roots, changes, store);
      store.write(applied.batch);
      roots = applied.roots;
      return stateRoot(roots.contractsRoot, roots.classesRoot, '0.14.0');
    };
    expect(rootAfter(2n, 0n, 128n)).toBe(FIRST_BLOCK_ROOT);
    expect(rootAfter(2n, 0n, 133n)).toBe(INITIAL_ROOT);
    expect(rootAfter(1n, 10n, 0xabc014n)).toBe(FINAL_ROOT);
  });
});

describe('what is no output', () => {
  it.each([
    ['too short', HEADER],
    ['a flag of 2', [...HEADER, 2n, 0n, 0n, ...COMPRESSED]],
    ['a segment longer than the output', [...HEADER, 0n, 1000n]],
    ['words behind the data', [...HEADER, 0n, 0n, 0n, ...COMPRESSED, 0n]],
    ['data cut off', [...HEADER, 0n, 0n, 0n, ...COMPRESSED.slice(0, -1)]],
  ])('is refused: %s', (_what, words) => {
    const read = () => stateDiffOfData(parseOsOutput(words).data, false);
    expect(read).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^INVALID_(OS_OUTPUT|COMPRESSED_DATA)$/) }),
    );
  });
});

const anyWord = fc.oneof(
  ...[3n, 15n, 31n, 62n, 83n, 125n, 251n].map((bits) => fc.bigInt(0n, (1n << bits) - 1n)),
);

it('compression gives the data back', () => {
  fc.assert(
    fc.property(fc.array(anyWord, { minLength: 1, maxLength: 200 }), (data) => {
      const compressed = compress(data);
      expect(decompress([...compressed, 5n])).toEqual({ words: data, length: compressed.length });
    }),
  );
});
