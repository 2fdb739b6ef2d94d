import type { Hex } from 'viem';

/** A block that was read, by which a later reorganisation is noticed. */
export interface BlockMark {
  readonly number: bigint;
  readonly hash: Hex;
}

/** How far a watcher has read. Plain data. */
export interface WatchState {
  /** The first block that is not read. */
  readonly next: bigint;
  /** Blocks that were the last of what was read at once, in their order. */
  readonly marks: readonly BlockMark[];
}

/** Marks that are remembered: a reorganisation below all of them starts the watch anew. */
const MAX_MARKS = 64;

/** The blocks to be read next, or none while there are no new ones as deep as wanted. */
export function nextRange(
  { next }: WatchState,
  head: bigint,
  { confirmations, maxRange }: { readonly confirmations: number; readonly maxRange: number },
): { readonly from: bigint; readonly to: bigint } | undefined {
  const deepest = head - BigInt(confirmations);
  if (next > deepest) return undefined;
  const last = next + BigInt(maxRange) - 1n;
  return { from: next, to: last < deepest ? last : deepest };
}

/** The state when everything up to a block has been read. */
export function afterRead({ marks }: WatchState, read: BlockMark): WatchState {
  return { next: read.number + 1n, marks: [...marks, read].slice(-MAX_MARKS) };
}

/**
 * What a reorganisation has left of what was read: everything up to the last mark that is still on the chain.
 * @param onChain the hash of each mark's block that the chain has now; none for blocks that it no longer has.
 * @param start where the watch began.
 */
export function afterReorganisation(
  { marks }: WatchState,
  onChain: ReadonlyMap<bigint, Hex>,
  start: bigint,
): WatchState {
  const kept = marks.slice(0, marks.findLastIndex(({ number, hash }) => onChain.get(number) === hash) + 1);
  const last = kept.at(-1);
  return { next: last === undefined ? start : last.number + 1n, marks: kept };
}
