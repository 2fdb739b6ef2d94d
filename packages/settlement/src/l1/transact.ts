import { CairnError } from '@cairn/primitives';
import { type Address, concatHex, fromRlp, type Hex, type TransactionReceipt, toRlp } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';
import type { L1Clients } from './deploy.ts';
import { answered, l1Error, revertDataOf } from './l1Error.ts';
import type { Refused } from './refusal.ts';

/** A blob as a transaction carries it, and by what. */
export interface BlobSidecar {
  readonly blob: Hex;
  readonly commitment: Hex;
  /** One of the blob (EIP-4844), or one of each of its 128 cells (EIP-7594); all blobs of a transaction have the same. */
  readonly proofs: readonly Hex[];
  readonly versionedHash: Hex;
}

/** What a transaction does. */
export interface L1Transaction {
  readonly to: Address;
  readonly data: Hex;
  readonly value?: bigint;
  /** None for one without blobs. */
  readonly blobs?: readonly BlobSidecar[];
}

/** The type of transactions with blobs (EIP-4844). */
const BLOB_TRANSACTION = '0x03';

/**
 * Sends a transaction and waits until it is mined. Its gas is estimated first, so one that reverts is not sent; the error for
 * that is made of the revert's data. `what` names the contract in errors.
 * @throws CairnError what `refused` makes, `TRANSACTION_FAILED`, and those of {@link l1Error}.
 */
export async function transact(
  clients: L1Clients,
  what: string,
  transaction: L1Transaction,
  refused: Refused,
): Promise<TransactionReceipt> {
  const { wallet, reader } = clients;
  const { blobs = [], ...call } = transaction;
  const gas = await estimatedGas(clients, what, transaction, refused);
  const hash = await answered(
    what,
    blobs.length === 0
      ? wallet.sendTransaction({ ...call, gas, chain: wallet.chain })
      : sendWithBlobs(clients, { ...call, gas }, blobs),
  );
  const receipt = await answered(what, reader.waitForTransactionReceipt({ hash }));
  if (receipt.status === 'success') return receipt;
  throw failed(what, hash);
}

/** The gas that a transaction takes now, and a fifth: it may take more in the block that it comes to. */
export async function estimatedGas(
  { wallet, reader }: L1Clients,
  what: string,
  { blobs = [], ...call }: L1Transaction,
  refused: Refused,
): Promise<bigint> {
  const blobVersionedHashes = blobs.map(({ versionedHash }) => versionedHash);
  const carrying = blobs.length === 0 ? {} : { type: 'eip4844', blobVersionedHashes };
  const request = { ...call, ...carrying, account: wallet.account };
  try {
    return ((await reader.estimateGas(request as Parameters<typeof reader.estimateGas>[0])) * 6n) / 5n;
  } catch (cause) {
    const data = revertDataOf(cause);
    throw data === undefined ? l1Error(cause, what) : refused(data, cause);
  }
}

/** Transactions on their way at once. Large ones are meant, of which pools hold few of one account. */
export const MAX_IN_FLIGHT = 8;

/**
 * Sends at most {@link MAX_IN_FLIGHT} transactions one behind the other and waits for all of them; they may have reverted.
 * @throws CairnError those of {@link l1Error}.
 */
export async function sendAll(
  { wallet, reader }: L1Clients,
  what: string,
  transactions: readonly (Omit<L1Transaction, 'blobs'> & { readonly gas: bigint })[],
): Promise<TransactionReceipt[]> {
  const [nonce, fees] = await answered(
    what,
    Promise.all([
      reader.getTransactionCount({ address: wallet.account.address, blockTag: 'pending' }),
      reader.estimateFeesPerGas(),
    ]),
  );
  const hashes: Hex[] = [];
  for (const [i, transaction] of transactions.entries()) {
    const request = { ...transaction, ...fees, nonce: nonce + i, chain: wallet.chain };
    hashes.push(await answered(what, wallet.sendTransaction(request)));
  }
  return answered(what, Promise.all(hashes.map((hash) => reader.waitForTransactionReceipt({ hash }))));
}

/** The error for a transaction that was sent and reverted. */
export function failed(what: string, hash: Hex): CairnError<SettlementErrorCode> {
  return new CairnError('TRANSACTION_FAILED', `${what}: ${hash} reverted`);
}

/** Signs a transaction and sends it with its blobs, in the form that their proofs ask for; viem knows the older form only. */
async function sendWithBlobs(
  { wallet, reader }: L1Clients,
  call: Omit<L1Transaction, 'blobs'> & { readonly gas: bigint },
  blobs: readonly BlobSidecar[],
): Promise<Hex> {
  const [nonce, fees, blobBaseFee] = await Promise.all([
    reader.getTransactionCount({ address: wallet.account.address, blockTag: 'pending' }),
    reader.estimateFeesPerGas(),
    reader.getBlobBaseFee(),
  ]);
  const signed = await wallet.signTransaction({
    ...call,
    ...fees,
    type: 'eip4844',
    nonce,
    chain: wallet.chain,
    // It grows by an eighth in a block at the most.
    maxFeePerBlobGas: 2n * blobBaseFee,
    blobVersionedHashes: blobs.map(({ versionedHash }) => versionedHash),
    sidecars: false,
  } as unknown as Parameters<typeof wallet.signTransaction>[0]);
  const fields = fromRlp(`0x${signed.slice(BLOB_TRANSACTION.length)}`, 'hex');
  const version = blobs.some(({ proofs }) => proofs.length !== 1) ? (['0x01'] as const) : [];
  const envelope = toRlp([
    fields,
    ...version,
    blobs.map(({ blob }) => blob),
    blobs.map(({ commitment }) => commitment),
    blobs.flatMap(({ proofs }) => proofs),
  ]);
  return reader.sendRawTransaction({ serializedTransaction: concatHex([BLOB_TRANSACTION, envelope]) });
}
