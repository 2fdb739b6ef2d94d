import { chunksOf, type OsOutput, parseOsOutput } from '@cairn/os';
import { CairnError, type Felt } from '@cairn/primitives';
import { type Address, bytesToHex, encodeFunctionData, type TransactionReceipt } from 'viem';
import { blobOf } from '../data/blob.ts';
import { commitmentBytes, pageHash } from '../data/chunkCommitments.ts';
import { blobCommitment, blobProof, cellProofs, pointProof, versionedHash } from '../data/kzg.ts';
import type { SettlementErrorCode } from '../errors.ts';
import { CORE_ABI, coreState, updateState } from './core.ts';
import { registerDataPages } from './dataPages.ts';
import type { L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';
import { refused } from './refusal.ts';
import { type BlobSidecar, transact } from './transact.ts';

/** How a chain's nodes have blobs proven: with one proof of each (EIP-4844), or since Osaka one of each cell (EIP-7594). */
export type BlobProofs = 'blob' | 'cells';

/** What settling a range of blocks took. */
export interface Settlement {
  /** Absent when the contract had this state already. */
  readonly update?: TransactionReceipt;
  /** What was sent to show the data before. */
  readonly pages: readonly TransactionReceipt[];
}

/** A blob with all that a transaction and its call say of it. */
export interface ProvenBlob extends BlobSidecar {
  /** Of the value at the output's point. */
  readonly pointProof: `0x${string}`;
}

/**
 * Moves the state of a core contract by an OS output, whose fact is registered, and its data, wherever the output says that it
 * goes. Safe to call again: pages that are on chain are left out, and a contract that has the output's state is left alone.
 * @param data the words that the OS run has put out or committed to.
 * @param options what the L1 asks for with blobs, if there are any (that of Osaka and later when absent); or the blobs, when they
 * are made already (see {@link proveBlobs}).
 * @throws CairnError `WRONG_DATA` when the output commits to other data, `STATE_UPDATE_REFUSED` (the update was not sent),
 * `CALL_REFUSED`, `TRANSACTION_FAILED`, `INVALID_OS_OUTPUT`, and those of `l1Error`.
 */
export async function settleState(
  clients: L1Clients,
  core: Address,
  output: readonly Felt[],
  data: readonly Felt[],
  {
    blobProofs = 'cells',
    blobs: made,
  }: { readonly blobProofs?: BlobProofs; readonly blobs?: readonly ProvenBlob[] } = {},
): Promise<Settlement> {
  const parsed = parseOsOutput(output);
  if (await hasState(clients, core, parsed)) return { pages: [] };
  const pages: TransactionReceipt[] = [];
  try {
    if (parsed.dataPlace === 'blobs') {
      const blobs = made ?? (await proveBlobs(parsed, data, blobProofs));
      return { update: await updateStateWithBlobs(clients, core, output, blobs), pages };
    }
    if (parsed.dataPlace === 'pages') pages.push(...(await showPages(clients, core, parsed, data)));
    else requireSame(parsed.data.length === data.length && parsed.data.every((word, i) => word === data[i]));
    return { update: await updateState(clients, core, output), pages };
  } catch (error) {
    // One that was sent before and that nobody had waited for.
    if (await hasState(clients, core, parsed)) return { pages };
    throw error;
  }
}

/**
 * Makes blobs of data, with the proofs for the point of an OS output. PERF: one and a half seconds for each, and seven with
 * proofs of cells. @throws CairnError `WRONG_DATA` when the output commits to other data.
 */
export async function proveBlobs(
  { evaluations }: OsOutput,
  data: readonly Felt[],
  blobProofs: BlobProofs = 'cells',
): Promise<ProvenBlob[]> {
  const chunks = chunksOf(data, 'blobs');
  requireSame(evaluations?.chunks.length === chunks.length);
  const blobs: ProvenBlob[] = [];
  for (const [i, words] of chunks.entries()) {
    const blob = blobOf(words);
    const commitment = await blobCommitment(blob);
    const expected = evaluations!.chunks[i]!;
    requireSame(isEqual(commitmentBytes(expected.commitment, 'blobs'), commitment));
    const opening = await pointProof(blob, evaluations!.point);
    requireSame(opening.value === expected.value);
    blobs.push({
      blob: bytesToHex(blob),
      commitment: bytesToHex(commitment),
      proofs: (blobProofs === 'cells' ? await cellProofs(blob) : [await blobProof(blob, commitment)]).map(
        (proof) => bytesToHex(proof),
      ),
      versionedHash: bytesToHex(versionedHash(commitment)),
      pointProof: bytesToHex(opening.proof),
    });
  }
  return blobs;
}

/**
 * Moves the state by an OS output, whose fact is registered, with its data in the transaction's blobs.
 * @throws CairnError `STATE_UPDATE_REFUSED` (nothing was sent; details: the contract's reason), `TRANSACTION_FAILED`, and those
 * of `l1Error`.
 */
export function updateStateWithBlobs(
  clients: L1Clients,
  core: Address,
  output: readonly Felt[],
  blobs: readonly ProvenBlob[],
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({
    abi: CORE_ABI,
    functionName: 'updateStateKzgDA',
    args: [output, blobs.map((blob) => blob.pointProof)],
  });
  const what = `core contract ${core}`;
  return transact(clients, what, { to: core, data, blobs }, refused(what, 'STATE_UPDATE_REFUSED'));
}

async function showPages(
  clients: L1Clients,
  core: Address,
  { evaluations }: OsOutput,
  data: readonly Felt[],
): Promise<TransactionReceipt[]> {
  const chunks = chunksOf(data, 'pages');
  requireSame(evaluations?.chunks.length === chunks.length);
  chunks.forEach((words, i) => {
    const expected = commitmentBytes(evaluations!.chunks[i]!.commitment, 'pages');
    requireSame(isEqual(expected, pageHash(words)));
  });
  const read = <N extends 'isDataOnChain' | 'dataPages'>(functionName: N) =>
    answered(
      `core contract ${core}`,
      clients.reader.readContract({ address: core, abi: CORE_ABI, functionName }),
    );
  if (!(await read('isDataOnChain'))) return [];
  return registerDataPages(clients, await read('dataPages'), data, evaluations!.point);
}

async function hasState(clients: L1Clients, core: Address, output: OsOutput): Promise<boolean> {
  const state = await coreState(clients, core);
  return (
    BigInt(state.blockNumber) === output.newBlockNumber &&
    state.root === output.finalRoot &&
    state.blockHash === output.newBlockHash
  );
}

function requireSame(isSame: boolean): void {
  if (isSame) return;
  throw new CairnError<SettlementErrorCode>(
    'WRONG_DATA',
    'data of a state update: got other words than the output commits to',
  );
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
