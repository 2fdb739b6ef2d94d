import type { CasmClass, CasmEntryPoint } from '@cairn/cairo';
import { selectorFromName } from '@cairn/primitives';
import { compiledClassHash } from '@cairn/protocol';
import type { OsInput } from '../input/osInput.ts';
import { type ChunkCommitment, chunksOf } from '../output/evaluate.ts';
import { runOs } from '../runOs.ts';
import { ACCOUNT, CLASS, CLASSES, executable, executionChain, STRK, signedInvoke } from './executionChain.ts';
import { crowdedState, TestChain } from './testChain.ts';

/** Entry points of the account that an invocation enters. */
const USED_SELECTORS = ['__validate__', '__execute__'].map(selectorFromName);

const made = new Map<string, TestChain>();

/** Makes a chain once. */
function once(name: string, make: () => TestChain): TestChain {
  let chain = made.get(name);
  if (!chain) {
    chain = make();
    made.set(name, chain);
  }
  return chain;
}

export function crowdedChain(contractCount: number): TestChain {
  return once(`crowded ${contractCount}`, () =>
    withEmptyBlocks(new TestChain(crowdedState(contractCount)), 24),
  );
}

/** Blocks 1 to 24 are empty. */
export function emptyChain(): TestChain {
  return crowdedChain(5);
}

/** So many empty blocks that their stored hashes do not fit a small count. */
export function countedChain(): TestChain {
  return once('counted', () => withEmptyBlocks(new TestChain(crowdedState(1)), 270));
}

function withEmptyBlocks(chain: TestChain, count: number): TestChain {
  for (let i = 0; i < count; i++) chain.addBlock();
  return chain;
}

/** Block 1 has a transfer. */
export function transferChain(): TestChain {
  return once('transfer', () => chainWithAccount({}));
}

/** Block 1 has a transfer of more than there is. */
export function revertedTransfer(): TestChain {
  return once('reverted', () => {
    const chain = new TestChain(executionChain().state.diff());
    const call = { to: STRK, selector: 'transfer', calldata: [0x77n, 0n, 1n] };
    chain.addBlock([executable(signedInvoke([call]))]);
    return chain;
  });
}

/** Block 1 has that many transfers, block 2 one more. */
export function doubleTransfer(count: number): TestChain {
  return once(`transfers ${count}`, () => {
    const chain = new TestChain(executionChain().state.diff());
    chain.addBlock(Array.from({ length: count }, (_, i) => transfer(BigInt(i))));
    chain.addBlock([transfer(BigInt(count))]);
    return chain;
  });
}

/** Block 1 has a transfer of an account with that nonce, and perhaps a class that no compiler makes. */
export function chainWithAccount({ nonce = 0n, hasUnsortedEntryPoints = false }): TestChain {
  const state = executionChain().state;
  if (nonce !== 0n) state.setNonce(ACCOUNT, nonce);
  const classes = CLASSES.map((cls) => {
    if (!hasUnsortedEntryPoints || cls.hash !== CLASS.account) return cls;
    const casm = structuredClone(cls.casm);
    swapUnused(casm.entryPointsByType.EXTERNAL);
    return { ...cls, casm, compiledHash: compiledClassHash(casm, 'blake2s') };
  });
  for (const { name, hash, compiledHash } of classes)
    if (name === 'account') state.setCompiledClassHash(hash, compiledHash);
  const chain = new TestChain(state.diff(), classes);
  chain.addBlock([transfer(nonce)]);
  return chain;
}

/** Swaps two neighbours that no transfer looks for. */
function swapUnused(entryPoints: CasmEntryPoint[]): void {
  const isUnused = (entry?: CasmEntryPoint) => entry && !USED_SELECTORS.includes(entry.selector);
  const i = entryPoints.findIndex((entry, j) => isUnused(entry) && isUnused(entryPoints[j + 1]));
  entryPoints.splice(i, 2, entryPoints[i + 1]!, entryPoints[i]!);
}

function transfer(nonce: bigint) {
  return executable(signedInvoke([{ to: STRK, selector: 'transfer', calldata: [0x77n, 5n, 0n] }], { nonce }));
}

const [ACCOUNT_CLASS, DEPLOYER_CLASS] = [CLASS.account, CLASS.deployer].map(
  (hash) => CLASSES.find((cls) => cls.hash === hash)!,
) as [(typeof CLASSES)[0], (typeof CLASSES)[0]];

export const ACCOUNT_CASM = ACCOUNT_CLASS.casm;

/** A class that the transfer does not use. */
export const UNUSED_CLASS = DEPLOYER_CLASS;

/** The transfer with {@link UNUSED_CLASS} among the classes. */
export function withUnusedClass(): OsInput {
  const input = transferChain().osInput(1);
  const { compiledHash, casm } = UNUSED_CLASS;
  return { ...input, classes: [...input.classes, { compiledClassHash: compiledHash, casm }] };
}

/** An entry point of the account that no invocation enters, with the same builtins as the one before it. */
export function sharingEntryPoint({ entryPointsByType }: CasmClass): CasmEntryPoint {
  const places = ACCOUNT_CASM.entryPointsByType.EXTERNAL.map(({ builtins }) => builtins.join());
  return entryPointsByType.EXTERNAL.find(
    ({ selector }, i) => i > 0 && places[i] === places[i - 1] && !USED_SELECTORS.includes(selector),
  )!;
}

/** The transfer with a changed account class under the old hash. */
export function classAttackInput(change: (casm: CasmClass) => void): OsInput {
  const input = transferChain().osInput(1);
  return {
    ...input,
    classes: input.classes.map((cls) => {
      if (cls.compiledClassHash !== ACCOUNT_CLASS.compiledHash) return cls;
      const casm = structuredClone(cls.casm);
      change(casm);
      return { ...cls, casm };
    }),
  };
}

/** The input with its data elsewhere, committed to by anything. */
export function inputElsewhere(input: OsInput, kind: 'blobs' | 'pages'): OsInput {
  const { data } = runOs(input).output;
  const commitments = chunksOf(data, kind).map((_, i): ChunkCommitment => [7n + BigInt(i), 2n ** 190n]);
  return { ...input, data: { kind, commitments } };
}
