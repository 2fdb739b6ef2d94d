import { type Felt, formatFelt } from '@cairn/primitives';
import type { StarknetVersion } from '@cairn/protocol';
import type { CoreState, SettledRange } from '@cairn/settlement';
import {
  ANEW,
  FIND_UPDATES,
  type RebuildDifference,
  type RebuiltState,
  rebuildRange,
  SAME_GENESIS,
} from './rebuiltState.ts';
import type { RebuiltHead, RebuiltStore } from './rebuiltStore.ts';

/** What L1 does not hold, so that no rebuilding brings it back. */
export const NOT_REBUILT = [
  'blocks inside a settled range (only the last one of each range has a number and a hash)',
  'transactions, receipts and events',
  'the code of classes (only their hashes and compiled class hashes)',
] as const;

/** One step of a rebuild. A difference is the last one. */
export type RebuildStep =
  /** An earlier run came as far as this, and L1 still says so. */
  | { readonly kind: 'known'; readonly range: SettledRange }
  | {
      readonly kind: 'rebuilt';
      readonly range: SettledRange;
      readonly state: RebuiltState;
      readonly changeCount: number;
    }
  | { readonly kind: 'difference'; readonly difference: RebuildDifference; readonly range?: SettledRange };

/**
 * Brings a rebuilt state forward by the ranges of blocks that L1 has accepted, comparing the root after each, until they end or
 * differ. The store keeps every state that agrees.
 * @param ranges in their order; behind genesis from the L1 block of the store's head on.
 * @param upTo a state of the core contract that the ranges must reach, read before them.
 */
export async function* rebuild(
  store: RebuiltStore,
  ranges: AsyncIterable<SettledRange>,
  version: StarknetVersion,
  upTo?: CoreState,
): AsyncGenerator<RebuildStep, void, undefined> {
  const start = store.head;
  let isShown = start.blockHash === undefined;
  for await (const range of ranges) {
    const before = store.head;
    if (range.lastBlock < before.blockNumber) continue;
    if (range.lastBlock === before.blockNumber) {
      const difference = differenceOf(before, range.firstBlock, range);
      if (difference !== undefined) {
        yield { kind: 'difference', difference, range };
        return;
      }
      isShown = true;
      yield { kind: 'known', range };
      continue;
    }
    const result = rebuildRange(before, range, store.tries, version);
    if (result.difference !== undefined) {
      yield { kind: 'difference', difference: result.difference, range };
      return;
    }
    const { state, batch, changeCount } = result;
    store.append(batch, state, range.place.blockNumber);
    isShown = true;
    yield { kind: 'rebuilt', range, state, changeCount };
  }
  const difference = isShown ? missingOf(store.head, upTo) : takenBack(start);
  if (difference !== undefined) yield { kind: 'difference', difference };
}

/** Where a state and what L1 says of the same block part. */
function differenceOf(
  { blockNumber, root, blockHash }: RebuiltState,
  firstBlock: number,
  settled: Pick<SettledRange, 'root' | 'blockHash'>,
): RebuildDifference | undefined {
  const differs = (what: RebuildDifference['what'], got: Felt, expected: Felt) => ({
    what,
    firstBlock,
    lastBlock: blockNumber,
    got: formatFelt(got),
    expected: formatFelt(expected),
  });
  if (blockHash === undefined)
    return root === settled.root
      ? undefined
      : { ...differs('initialRoot', settled.root, root), fix: SAME_GENESIS };
  if (root !== settled.root) return differs('root', root, settled.root);
  return blockHash === settled.blockHash ? undefined : differs('blockHash', blockHash, settled.blockHash);
}

/** What the core contract has accepted and no range has told. */
function missingOf(head: RebuiltState, upTo: CoreState | undefined): RebuildDifference | undefined {
  if (upTo === undefined || head.blockNumber > upTo.blockNumber) return undefined;
  if (head.blockNumber === upTo.blockNumber) return differenceOf(head, head.blockNumber, upTo);
  return {
    what: 'notShown',
    firstBlock: head.blockNumber + 1,
    lastBlock: upTo.blockNumber,
    got: 'no update',
    expected: 'updates up to where the core contract is',
    fix: FIND_UPDATES,
  };
}

function takenBack({ blockNumber, l1BlockNumber }: RebuiltHead): RebuildDifference {
  return {
    what: 'takenBack',
    firstBlock: blockNumber,
    lastBlock: blockNumber,
    got: `nothing from L1 block ${l1BlockNumber} on`,
    expected: 'the update that ended with this block',
    fix: ANEW,
  };
}
