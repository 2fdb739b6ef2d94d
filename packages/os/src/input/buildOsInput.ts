import type { CasmClass } from '@cairn/cairo';
import { CairnError, type Felt, formatFelt } from '@cairn/primitives';
import { type BlockHeader, type Receipt, type StateDiff, stateRoot } from '@cairn/protocol';
import type { StateRoots, StateStore } from '@cairn/state';
import type { OsErrorCode } from '../errors.ts';
import type { RecordedTransaction } from '../execution/recordedExecution.ts';
import type { OsClass, OsInput } from './osInput.ts';
import { readBlockState } from './readBlockState.ts';
import type { TouchedState } from './touchedState.ts';

/** A block to be proven. */
export interface ProvableBlock {
  header: BlockHeader;
  transactions: RecordedTransaction[];
  receipts: readonly Receipt[];
  stateDiff: StateDiff;
  touched: TouchedState;
  /** Compiled class hashes of the classes that calls and deployments look up. */
  lookedUpClasses: ReadonlySet<Felt>;
  /** Roots of the state before the block. */
  parentRoots: StateRoots;
}

const ANCESTOR_COUNT = 9;

/**
 * The input of an OS run over consecutive blocks. The store holds at least the trie nodes that storage proofs of all
 * touched keys show, and what stands behind the leaves, of the states before each block.
 * @param ancestors headers before the first block, the parent first.
 * @throws CairnError `EMPTY_BLOCK_RANGE`, `BLOCK_NOT_ON_PARENT`, `MISSING_ANCESTOR`, `MISSING_PROOF`, `UNDECLARED_CLASS`; each names the block and the item
 */
export function buildOsInput(request: {
  chain: OsInput['chain'];
  ancestors: readonly BlockHeader[];
  blocks: readonly ProvableBlock[];
  store: StateStore;
  /** Code by compiled class hash in the Blake2s form. */
  classes: (compiledClassHash: Felt) => CasmClass | undefined;
  fullOutput?: boolean;
}): OsInput {
  const { chain, blocks, store } = request;
  const ancestors = request.ancestors.slice(0, ANCESTOR_COUNT);
  checkChain(ancestors, blocks);
  return {
    chain,
    ancestors,
    blocks: blocks.map((block) => readBlockState(block, store)),
    classes: lookedUpClasses(blocks, request.classes),
    fullOutput: request.fullOutput ?? false,
    data: { kind: 'output', commitments: [] },
  };
}

function checkChain(ancestors: readonly BlockHeader[], blocks: readonly ProvableBlock[]): void {
  if (blocks[0] === undefined)
    throw new CairnError<OsErrorCode>(
      'EMPTY_BLOCK_RANGE',
      'blocks to prove: got none, expected at least one',
    );
  const first = blocks[0].header.blockNumber;
  const expected = Math.min(first, ANCESTOR_COUNT);
  if (ancestors.length !== expected)
    throw new CairnError<OsErrorCode>(
      'MISSING_ANCESTOR',
      `headers before block ${first}: got ${ancestors.length}, expected ${expected}`,
    );
  const headers = [...ancestors].reverse();
  for (const { header, parentRoots } of blocks) {
    const { contractsRoot, classesRoot } = parentRoots;
    const root = stateRoot(contractsRoot, classesRoot, header.starknetVersion);
    const parent = headers.at(-1);
    if (root !== (parent?.stateRoot ?? 0n))
      throw notOnParent(header, 'state root', root, parent?.stateRoot ?? 0n);
    headers.push(header);
  }
  for (const [i, header] of headers.entries()) {
    const parent = headers[i - 1];
    if (parent === undefined) continue;
    if (header.parentHash !== parent.blockHash)
      throw notOnParent(header, 'parent hash', header.parentHash, parent.blockHash);
    if (header.blockNumber !== parent.blockNumber + 1)
      throw notOnParent(header, 'number', BigInt(header.blockNumber), BigInt(parent.blockNumber + 1));
  }
}

function notOnParent(header: BlockHeader, what: string, got: Felt, expected: Felt): CairnError<OsErrorCode> {
  return new CairnError(
    'BLOCK_NOT_ON_PARENT',
    `block ${header.blockNumber} is not on this parent, ${what}: got ${formatFelt(got)}, expected ${formatFelt(expected)}`,
    { details: { blockNumber: header.blockNumber } },
  );
}

/** Code of every class that a call or a deployment looks up. */
function lookedUpClasses(
  blocks: readonly ProvableBlock[],
  classes: (compiledClassHash: Felt) => CasmClass | undefined,
): OsClass[] {
  const found = new Map<Felt, CasmClass>();
  for (const { header, lookedUpClasses: hashes } of blocks) {
    for (const compiledClassHash of hashes) {
      const casm = found.get(compiledClassHash) ?? classes(compiledClassHash);
      if (casm === undefined)
        throw new CairnError<OsErrorCode>(
          'UNDECLARED_CLASS',
          `block ${header.blockNumber} runs a class without known code, compiled class hash ${formatFelt(compiledClassHash)}`,
          { details: { blockNumber: header.blockNumber, compiledClassHash } },
        );
      found.set(compiledClassHash, casm);
    }
  }
  return [...found].map(([compiledClassHash, casm]) => ({ compiledClassHash, casm }));
}
