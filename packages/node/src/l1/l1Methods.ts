import { formatFelt } from '@cairn/primitives';
import { defineMethod, type Method, readClosedBlockId, readWord, required } from '@cairn/rpc';
import type { Chain } from '../chain/chain.ts';
import type { L1Inbox } from './l1Inbox.ts';

/** What a node knows of its life on L1 beyond the specification. */
export function l1Methods(chain: Chain, l1: L1Inbox): Method[] {
  return [
    defineMethod({
      name: 'cairn_getL1Acceptance',
      parameters: { block_id: required(readClosedBlockId) },
      errors: ['BLOCK_NOT_FOUND'],
      /** The transaction that made L1 accept a block, with the last block it did so for; null when there is none. */
      handler({ block_id }, backend) {
        const block = backend.block(block_id);
        const update = block.kind === 'closed' ? chain.store.l1UpdateOf(block.header.blockNumber) : undefined;
        return update === undefined
          ? null
          : {
              l1_transaction_hash: formatWord(update.l1TransactionHash),
              l1_block_number: Number(update.l1BlockNumber),
              last_block_number: update.blockNumber,
            };
      },
    }),
    defineMethod({
      name: 'cairn_getL1Messages',
      parameters: { l1_transaction_hash: required(readWord) },
      /** The messages that an L1 transaction sent, and how far each is; empty when it sent none. */
      handler: ({ l1_transaction_hash }) =>
        (l1.handlersOf(l1_transaction_hash) ?? []).map((hash) => ({
          transaction_hash: formatFelt(hash),
          state: l1.messageState(hash),
        })),
    }),
    defineMethod({
      name: 'cairn_getL1Status',
      parameters: {},
      handler: () => ({
        l1_head: chain.store.l1HeadNumber() ?? null,
        read_l1_block: l1.readBlock === undefined ? null : Number(l1.readBlock),
        pending_messages: l1.pendingMessageCount,
        lost_messages: l1.lostMessageCount,
        mismatched_updates: l1.mismatchCount,
      }),
    }),
  ];
}

function formatWord(word: bigint): string {
  return `0x${word.toString(16).padStart(64, '0')}`;
}
