import { type Felt, invariant } from '@cairn/primitives';
import type { BlockId, RpcBackend } from '../backend.ts';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readFelt } from '../wire/read.ts';
import { formatTrace } from '../wire/transactionTrace.ts';

/** Shows everything that happened in a transaction. */
export const traceTransaction = defineMethod({
  name: 'starknet_traceTransaction',
  cost: 50,
  parameters: { transaction_hash: required(readFelt) },
  errors: ['TXN_HASH_NOT_FOUND', 'NO_TRACE_AVAILABLE'],
  handler({ transaction_hash }, backend) {
    const execution = backend.trace(transaction_hash);
    if (!execution) throw missingTrace(backend, transaction_hash);
    const tx = backend.transaction(transaction_hash);
    invariant(tx, 'a transaction that has a trace is in a block');
    const id: BlockId =
      tx.blockHash === undefined ? { kind: 'pre_confirmed' } : { kind: 'number', number: tx.blockNumber };
    return formatTrace(execution, backend.block(id));
  },
});

function missingTrace(backend: RpcBackend, hash: Felt): SpecificationError {
  return backend.transactionStatus(hash)
    ? new SpecificationError('NO_TRACE_AVAILABLE', { status: 'RECEIVED' })
    : new SpecificationError('TXN_HASH_NOT_FOUND');
}
