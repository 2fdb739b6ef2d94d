import { type OutputStateDiff, stateDiffOfData } from '@cairn/os';
import { type Felt, formatFelt } from '@cairn/primitives';
import { type StarknetVersion, stateDiffLength, stateRoot } from '@cairn/protocol';
import type { SettledRange } from '@cairn/settlement';
import {
  applyStateDiff,
  type StateRoots,
  type StateStore,
  type StateStoreBatch,
  TrieState,
} from '@cairn/state';
import { settledStateDiff, wordBeyondTries } from './settledStateDiff.ts';

/** The state of a chain after a block, as L1 alone tells it. */
export interface RebuiltState {
  readonly blockNumber: number;
  /** Undefined at genesis, whose hash L1 does not tell. */
  readonly blockHash: Felt | undefined;
  readonly root: Felt;
  readonly roots: StateRoots;
}

/** What a settled range says of the state: before it, after it, and what lies between. */
export type SettledChanges = Pick<
  SettledRange,
  'firstBlock' | 'lastBlock' | 'initialRoot' | 'root' | 'previousBlockHash' | 'blockHash' | 'data'
>;

/** Where a settled range and the rebuilt state part. */
export interface RebuildDifference {
  readonly what: keyof typeof DIFFERENCES;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly got: string;
  readonly expected: string;
  readonly fix?: string;
}

const DIFFERENCES = {
  blocks: 'not what follows the blocks before',
  initialRoot: 'starts from another state',
  previousBlockHash: 'stands on another block',
  data: 'the data is no change of the state',
  root: 'the data leads to another state than L1 has accepted',
  blockHash: 'ends with another block hash',
  notShown: 'accepted by L1, which does not show how',
  takenBack: 'no longer accepted by L1',
} as const;

/** What to do about differences. */
export const FIND_UPDATES =
  'read L1 from the block of the core contract’s deployment on (--l1-from-block), or ask another L1 node';
export const ANEW = 'L1 has taken back what was rebuilt: rebuild into an empty folder';
export const SAME_GENESIS =
  'give the settings that the chain was started with: its seed, number of accounts and protocol version';

/** A range of blocks as people read it. */
export function blocksText({
  firstBlock,
  lastBlock,
}: Pick<SettledRange, 'firstBlock' | 'lastBlock'>): string {
  return firstBlock === lastBlock ? `block ${lastBlock}` : `blocks ${firstBlock} to ${lastBlock}`;
}

/** A difference as people read it. */
export function differenceText(difference: RebuildDifference): string {
  const { what, got, expected } = difference;
  return `${blocksText(difference)}: ${DIFFERENCES[what]}: got ${got}, expected ${expected}`;
}

/** What a range did to the state before it, or where the two part. */
export type RangeResult =
  | { readonly difference: RebuildDifference }
  | {
      readonly difference?: undefined;
      readonly state: RebuiltState;
      /** What the store must gain to hold the state. */
      readonly batch: StateStoreBatch;
      /** Cells, nonces, classes of contracts and declared classes. */
      readonly changeCount: number;
    };

/** Brings a state forward by a settled range; the state before stays readable. Pure. PERF: as `applyStateDiff`. */
export function rebuildRange(
  before: RebuiltState,
  range: SettledChanges,
  store: StateStore,
  version: StarknetVersion,
): RangeResult {
  const { firstBlock, lastBlock } = range;
  const differs = (
    what: RebuildDifference['what'],
    got: string | Felt,
    expected: string | Felt,
    fix?: string,
  ) => ({
    difference: {
      what,
      firstBlock,
      lastBlock,
      got: text(got),
      expected: text(expected),
      ...(fix && { fix }),
    },
  });
  const next = before.blockNumber + 1;
  if (firstBlock !== next || lastBlock < next)
    return differs('blocks', `block ${firstBlock}`, `block ${next}`, firstBlock > next ? FIND_UPDATES : ANEW);
  if (range.initialRoot !== before.root)
    return differs(
      'initialRoot',
      range.initialRoot,
      before.root,
      before.blockHash === undefined ? SAME_GENESIS : undefined,
    );
  if (before.blockHash !== undefined && range.previousBlockHash !== before.blockHash)
    return differs('previousBlockHash', range.previousBlockHash, before.blockHash);
  let changes: OutputStateDiff;
  try {
    changes = stateDiffOfData(range.data, false);
  } catch (error) {
    // Reading depends on nothing but the words: whatever it throws, it is about them.
    return differs('data', (error as Error).message, 'changes as the OS writes them');
  }
  const beyond = wordBeyondTries(changes);
  if (beyond !== undefined) return differs('data', beyond, 'an address, key or class hash below 2^251');
  const diff = settledStateDiff(changes, new TrieState(before.roots, store));
  const { roots, batch } = applyStateDiff(before.roots, diff, store);
  const root = stateRoot(roots.contractsRoot, roots.classesRoot, version);
  if (root !== range.root) return differs('root', root, range.root);
  const state = { blockNumber: lastBlock, blockHash: range.blockHash, root, roots };
  return { state, batch, changeCount: stateDiffLength(diff) };
}

function text(value: string | Felt): string {
  return typeof value === 'string' ? value : formatFelt(value);
}
