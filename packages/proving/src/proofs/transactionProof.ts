import { CairnError, formatFelt, parseFelt } from '@cairn/primitives';
import { type IndexedTrieStep, indexedTrieProof, transactionLeaf } from '@cairn/protocol';
import { readTransaction } from '@cairn/rpc';
import { rpcCall } from '@cairn/runtime';
import type { ProvingErrorCode } from '../errors.ts';
import type { JobStore } from '../jobs/jobStore.ts';
import type { RollupManifest } from '../rollup/rollupManifest.ts';
import { type BatchProofJson, batchProof } from './batchProof.ts';

/** A node of the trie of transactions, as RPC tells it. */
export type TriePathJson = readonly ({ readonly edge: number } | { readonly sibling: string })[];

/** Everything that leads from a transaction to L1, as RPC tells it (`cairn_getTransactionProof`). */
export interface TransactionProofJson {
  /** As `starknet_getTransactionByHash` has it. */
  readonly transaction: Readonly<Record<string, unknown>>;
  /** Its place in the block. */
  readonly index: number;
  /** From the transaction up to the block's transaction commitment. */
  readonly path: TriePathJson;
  /** Headers of the transaction's block and of those behind it, to the last that was proven with it. */
  readonly headers: readonly Readonly<Record<string, unknown>>[];
  readonly batch: BatchProofJson;
  readonly rollup: RollupManifest;
}

interface BlockJson extends Readonly<Record<string, unknown>> {
  readonly transactions: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Gathers the proof of a transaction.
 * @throws CairnError `NOT_PROVEN_YET` before its block is in a batch, `NODE_ERROR` for an unknown transaction.
 */
export async function transactionProof(
  nodeUrl: string,
  jobs: JobStore,
  rollup: RollupManifest,
  transactionHash: string,
): Promise<TransactionProofJson> {
  const { block_number: blockNumber } = await rpcCall<{ block_number?: number }>(
    nodeUrl,
    'starknet_getTransactionReceipt',
    { transaction_hash: transactionHash },
  );
  const listed = blockNumber === undefined ? [] : await jobs.jobs({ block: blockNumber });
  if (blockNumber === undefined || listed.length === 0)
    throw new CairnError<ProvingErrorCode>(
      'NOT_PROVEN_YET',
      `transaction ${transactionHash}: its block is not in a batch yet`,
      { fix: 'try again in a moment' },
    );
  const blockAt = (number: number) =>
    rpcCall<BlockJson>(nodeUrl, 'starknet_getBlockWithTxs', { block_id: { block_number: number } });
  const { transactions, ...header } = await blockAt(blockNumber);
  const index = transactions.findIndex(
    ({ transaction_hash: hash }) => parseFelt(String(hash)) === parseFelt(transactionHash),
  );
  const headers: Readonly<Record<string, unknown>>[] = [header];
  for (let number = blockNumber + 1; number <= listed[0]!.lastBlock; number++) {
    const { transactions: _, ...next } = await blockAt(number);
    headers.push(next);
  }
  const leaves = transactions.map((json) => {
    const { hash, transaction } = readTransaction(json);
    const signature = 'signature' in transaction ? transaction.signature : [];
    return transactionLeaf(hash, signature, String(header.starknet_version));
  });
  return {
    transaction: transactions[index]!,
    index,
    path: indexedTrieProof(leaves, index).map((step) =>
      'edge' in step ? step : { sibling: formatFelt(step.sibling) },
    ),
    headers,
    batch: await batchProof(jobs, listed),
    rollup,
  };
}

/** The path as `rootOfIndexedTrieProof` takes it. */
export function readPath(path: TriePathJson): IndexedTrieStep[] {
  return path.map((step) => ('edge' in step ? step : { sibling: parseFelt(step.sibling) }));
}
