import { type Felt, poseidonMany, starknetKeccak } from '@cairn/primitives';
import type { Event, MessageToL1, Receipt } from '../transaction/receipt.ts';
import type { AnyTransaction } from '../transaction/transaction.ts';
import { indexedTrieRoot } from './indexedTrieRoot.ts';
import { isAtLeast, type StarknetVersion } from './starknetVersion.ts';

/** Commitment to hashes and signatures; before 0.13.4 an empty signature counted as `[0]`. */
export function transactionCommitment(
  transactions: readonly { hash: Felt; transaction: AnyTransaction }[],
  version: StarknetVersion,
): Felt {
  return indexedTrieRoot(
    transactions.map(({ hash, transaction }) =>
      transactionLeaf(hash, 'signature' in transaction ? transaction.signature : [], version),
    ),
  );
}

/** Leaf of a transaction in the trie that {@link transactionCommitment} is the root of. */
export function transactionLeaf(hash: Felt, signature: readonly Felt[], version: StarknetVersion): Felt {
  const padEmpty = !isAtLeast(version, '0.13.4');
  return poseidonMany(signature.length === 0 && padEmpty ? [hash, 0n] : [hash, ...signature]);
}

/** Commitment to the events of a block in order. */
export function eventCommitment(receipts: readonly Receipt[]): Felt {
  return indexedTrieRoot(
    receipts.flatMap((r) => r.events.map((event) => eventHash(event, r.transactionHash))),
  );
}

function eventHash(event: Event, transactionHash: Felt): Felt {
  return poseidonMany([
    event.fromAddress,
    transactionHash,
    BigInt(event.keys.length),
    ...event.keys,
    BigInt(event.data.length),
    ...event.data,
  ]);
}

/** Commitment to the receipts of a block. */
export function receiptCommitment(receipts: readonly Receipt[]): Felt {
  return indexedTrieRoot(receipts.map(receiptHash));
}

function receiptHash(receipt: Receipt): Felt {
  const gas = receipt.resources.totalGasConsumed;
  return poseidonMany([
    receipt.transactionHash,
    receipt.actualFee,
    messagesHash(receipt.messagesToL1),
    receipt.revertReason === undefined ? 0n : starknetKeccak(new TextEncoder().encode(receipt.revertReason)),
    // The L2 gas slot has stayed the constant 0 in every version.
    0n,
    gas.l1Gas,
    gas.l1DataGas,
  ]);
}

function messagesHash(messages: readonly MessageToL1[]): Felt {
  const out: Felt[] = [BigInt(messages.length)];
  for (const m of messages) out.push(m.fromAddress, m.toAddress, BigInt(m.payload.length), ...m.payload);
  return poseidonMany(out);
}
