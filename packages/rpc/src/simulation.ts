import { CairnError } from '@cairn/primitives';
import type {
  BlockId,
  BroadcastTransaction,
  RpcBackend,
  SimulationFlags,
  SimulationView,
} from './backend.ts';
import { contractExecutionError, isBug, SpecificationError } from './rpcErrors.ts';

/**
 * Simulates on the state of `id`.
 * @throws error 41 of the specification that names the transaction that cannot run; errors that concern no
 * single transaction as they come.
 */
export async function simulate(
  backend: RpcBackend,
  id: BlockId,
  transactions: readonly BroadcastTransaction[],
  flags: SimulationFlags,
): Promise<SimulationView[]> {
  try {
    return await backend.simulate(id, transactions, flags);
  } catch (error) {
    if (!(error instanceof CairnError) || isBug(error) || error.code === 'BLOCK_NOT_FOUND') throw error;
    const { transactionIndex } = error.details;
    const index = typeof transactionIndex === 'number' ? transactionIndex : onlyIndex(transactions);
    if (index === undefined) throw error;
    throw transactionExecutionError(index, contractExecutionError(error));
  }
}

/** Error 41: `executionError` is text or a CONTRACT_EXECUTION_ERROR. */
export function transactionExecutionError(index: number, executionError: unknown): SpecificationError {
  return new SpecificationError('TRANSACTION_EXECUTION_ERROR', {
    transaction_index: index,
    execution_error: executionError,
  });
}

function onlyIndex(transactions: readonly BroadcastTransaction[]): number | undefined {
  return transactions.length === 1 ? 0 : undefined;
}
