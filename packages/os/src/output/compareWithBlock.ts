import { type Felt, formatFelt } from '@cairn/primitives';
import type { BlockHeader, StateDiff } from '@cairn/protocol';
import type { ProvenBlock } from './provenBlock.ts';
import type { OutputStateDiff } from './stateDiffWords.ts';

/** The first thing in which an OS run and a block of the sequencer differ. */
export interface BlockDifference {
  blockNumber: number;
  what: string;
  /** What the OS run proved. */
  proven: string;
  /** What the block says. */
  claimed: string;
}

/** In the order in which one difference follows from another: the cause first. */
const COMPARED = [
  'blockNumber',
  'parentHash',
  'transactionCount',
  'transactionCommitment',
  'stateDiffLength',
  'stateDiffCommitment',
  'stateRoot',
  'eventCount',
  'eventCommitment',
  'receiptCommitment',
  'blockHash',
] as const satisfies readonly (keyof ProvenBlock & keyof BlockHeader)[];

/** The first difference between what an OS run proved of a block and its header, undefined when there is none. */
export function compareWithBlock(proven: ProvenBlock, header: BlockHeader): BlockDifference | undefined {
  const what = COMPARED.find((name) => proven[name] !== header[name]);
  return what && difference(header, what, proven[what], header[what]);
}

/**
 * The first change, by address and key, that an OS run of this block alone put out and the block's state diff does not
 * tell, or the other way round.
 */
export function compareStateDiff(
  output: OutputStateDiff,
  header: BlockHeader,
  claimed: StateDiff,
): BlockDifference | undefined {
  const [ours, theirs] = [outputChanges(output), claimedChanges(claimed)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  const what = names.find((name) => ours.get(name) !== theirs.get(name));
  return what === undefined ? undefined : difference(header, what, ours.get(what), theirs.get(what));
}

function difference(
  { blockNumber }: BlockHeader,
  what: string,
  proven: Felt | number | undefined,
  claimed: Felt | number | undefined,
): BlockDifference {
  return { blockNumber, what, proven: show(proven), claimed: show(claimed) };
}

function show(value: Felt | number | undefined): string {
  return value === undefined ? 'unchanged' : typeof value === 'bigint' ? formatFelt(value) : `${value}`;
}

/** Each change under a name that sorts by address and key. */
function outputChanges({ contracts, classes }: OutputStateDiff): Map<string, Felt> {
  const changes = new Map<string, Felt>();
  for (const { address, nonce, classHash, storage } of contracts) {
    if (nonce) changes.set(named(address, 'nonce'), nonce.value);
    if (classHash) changes.set(named(address, 'class'), classHash.value);
    for (const { key, value } of storage) changes.set(named(address, cell(key)), value);
  }
  for (const { classHash, compiledClassHash } of classes) changes.set(declared(classHash), compiledClassHash);
  return changes;
}

function claimedChanges(diff: StateDiff): Map<string, Felt> {
  const changes = new Map<string, Felt>();
  for (const [address, value] of diff.nonces) changes.set(named(address, 'nonce'), value);
  for (const [address, value] of [...diff.deployedContracts, ...diff.replacedClasses])
    changes.set(named(address, 'class'), value);
  for (const [address, cells] of diff.storage)
    for (const [key, value] of cells) changes.set(named(address, cell(key)), value);
  for (const [hash, compiled] of diff.declaredClasses) changes.set(declared(hash), compiled);
  return changes;
}

const wide = (felt: Felt): string => `0x${felt.toString(16).padStart(64, '0')}`;
const named = (address: Felt, what: string): string => `contract ${wide(address)}, ${what}`;
const cell = (key: Felt): string => `key ${wide(key)}`;
const declared = (classHash: Felt): string => `class ${wide(classHash)}`;
