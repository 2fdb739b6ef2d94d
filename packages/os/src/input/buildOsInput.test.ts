import { hasCode } from '@cairn/primitives';
import { emptyStateDiff } from '@cairn/protocol';
import {
  addTrieProof,
  MemoryStateStore,
  type ProofNodes,
  type StateRoots,
  type StateStore,
  TrieState,
} from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { runOs } from '../runOs.ts';
import { CLASSES, executable, executionChain, STRK, signedInvoke } from '../testing/executionChain.ts';
import { TestChain } from '../testing/testChain.ts';
import { buildOsInput, type ProvableBlock } from './buildOsInput.ts';

const transfer = executable(signedInvoke([{ to: STRK, selector: 'transfer', calldata: [0x77n, 5n, 0n] }]));

function chainWithTransfer(): TestChain {
  const chain = new TestChain(executionChain().state.diff());
  chain.addBlock();
  chain.addBlock([transfer]);
  return chain;
}

const codeOf = (hash: bigint) => CLASSES.find(({ compiledHash }) => compiledHash === hash)?.casm;

function build(chain: TestChain, changes: Partial<Parameters<typeof buildOsInput>[0]>) {
  return buildOsInput({
    chain: chain.chain,
    ancestors: [chain.headers[1]!, chain.headers[0]!],
    blocks: [chain.blocks[2]!],
    store: chain.store,
    classes: codeOf,
    ...changes,
  });
}

const error = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe('the input of an OS run', () => {
  const chain = chainWithTransfer();
  const block = chain.blocks[2]!;

  it('names what does not fit', () => {
    const header = (changes: object): ProvableBlock => ({
      ...block,
      header: { ...block.header, ...changes },
    });
    const elsewhere = { blockNumber: 2 };
    expect(() => build(chain, { blocks: [] })).toThrow(error('EMPTY_BLOCK_RANGE'));
    expect(() => build(chain, { ancestors: [chain.headers[1]!] })).toThrow(error('MISSING_ANCESTOR'));
    expect(() => build(chain, { blocks: [header({ parentHash: 1n })] })).toThrow(
      error('BLOCK_NOT_ON_PARENT', elsewhere),
    );
    const ancestors = [{ ...chain.headers[1]!, blockNumber: 7 }, chain.headers[0]!];
    expect(() => build(chain, { ancestors })).toThrow(error('BLOCK_NOT_ON_PARENT', { blockNumber: 7 }));
    const parentRoots = { ...block.parentRoots, classesRoot: 5n };
    expect(() => build(chain, { blocks: [{ ...block, parentRoots }] })).toThrow(
      error('BLOCK_NOT_ON_PARENT', elsewhere),
    );
    expect(() => build(chain, { classes: () => undefined })).toThrow(error('UNDECLARED_CLASS', elsewhere));
    expect(() => build(chain, { store: new MemoryStateStore() })).toThrow(
      error('MISSING_PROOF', { blockNumber: 2, trie: 'contracts' }),
    );
  });

  it('can be made from storage proofs', () => {
    const store = new ProofStore(chain.store);
    const [input, proofCount] = fetchProofs(store, block.parentRoots, () => build(chain, { store }));
    expect(input).toEqual(build(chain, {}));
    expect(proofCount).toBeGreaterThan(3);
    const { output } = runOs(input);
    expect(output.newBlockHash).toBe(block.header.blockHash);
  });
});

/** Only what storage proofs have shown. */
class ProofStore implements StateStore {
  readonly #all: StateStore;
  readonly #nodes: ProofNodes = new Map();

  constructor(all: StateStore) {
    this.#all = all;
  }

  prove(root: bigint, key: bigint): void {
    addTrieProof(this.#nodes, root, key, this.#all);
  }

  node(hash: bigint) {
    return this.#nodes.get(hash);
  }

  contract(leaf: bigint) {
    return this.#all.contract(leaf);
  }

  classLeaf(leaf: bigint) {
    return this.#all.classLeaf(leaf);
  }
}

/** Asks for the proof that is missing until none is. */
function fetchProofs<T>(store: ProofStore, roots: StateRoots, make: () => T): [made: T, proofCount: number] {
  for (let proofCount = 0; ; proofCount++) {
    try {
      return [make(), proofCount];
    } catch (failure) {
      if (!hasCode(failure, 'MISSING_PROOF') || proofCount > 200) throw failure;
      const { trie, key } = failure.details as { trie: 'contracts' | 'classes' | bigint; key: bigint };
      if (trie === 'contracts') store.prove(roots.contractsRoot, key);
      else if (trie === 'classes') store.prove(roots.classesRoot, key);
      else store.prove(new TrieState(roots, store).contractAt(trie)!.storageRoot, key);
    }
  }
}

it('asks for what stands beside a removed key', () => {
  const genesis = emptyStateDiff();
  genesis.storage.set(0x500n, new Map([1n, 2n, 3n, 1n << 200n].map((key) => [key, 7n])));
  const chain = new TestChain(genesis);
  const header = chain.addBlock();
  const store = new ProofStore(chain.store);
  const stateDiff = { ...emptyStateDiff(), storage: new Map([[0x500n, new Map([[1n << 200n, 0n]])]]) };
  const touched = { storage: new Map([[0x500n, new Set([1n << 200n])]]), classes: new Set<bigint>() };
  const block = { ...chain.blocks[1]!, header, stateDiff, touched };
  const make = (from: StateStore) =>
    build(chain, { ancestors: [chain.headers[0]!], blocks: [block], store: from });
  const [input] = fetchProofs(store, block.parentRoots, () => make(store));
  expect(input).toEqual(make(chain.store));
});
