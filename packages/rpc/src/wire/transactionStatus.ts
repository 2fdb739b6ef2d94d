import type { TransactionStatusView } from '../backend.ts';

/** TXN_STATUS_RESULT. */
export function formatTransactionStatus(status: TransactionStatusView) {
  if (status.finality === 'RECEIVED' || status.finality === 'CANDIDATE') {
    return { finality_status: status.finality };
  }
  const { revertReason } = status as Exclude<TransactionStatusView, { finality: 'RECEIVED' | 'CANDIDATE' }>;
  return {
    finality_status: status.finality,
    ...(revertReason === undefined
      ? { execution_status: 'SUCCEEDED' }
      : { execution_status: 'REVERTED', failure_reason: revertReason }),
  };
}
