import { formatFelt } from '@cairn/primitives';
import { defineMethod, optional, required } from '../method.ts';
import { readClosedBlockId } from '../wire/blockId.ts';
import { formatInitialReads } from '../wire/initialReads.ts';
import { flagsOf } from '../wire/read.ts';
import { formatTrace } from '../wire/transactionTrace.ts';

/** Shows everything that happened in the transactions of a block. */
export const traceBlockTransactions = defineMethod({
  name: 'starknet_traceBlockTransactions',
  cost: 200,
  parameters: {
    block_id: required(readClosedBlockId),
    trace_flags: optional(flagsOf('RETURN_INITIAL_READS'), new Set<never>()),
  },
  errors: ['BLOCK_NOT_FOUND'],
  handler({ block_id, trace_flags }, backend) {
    const block = backend.block(block_id);
    const traced = backend.traceBlock(block_id);
    const traces = traced.map(({ transactionHash, execution }) => ({
      transaction_hash: formatFelt(transactionHash),
      trace_root: formatTrace(execution, block),
    }));
    return trace_flags.has('RETURN_INITIAL_READS')
      ? { traces, initial_reads: formatInitialReads(traced.map(({ execution }) => execution)) }
      : traces;
  },
});
