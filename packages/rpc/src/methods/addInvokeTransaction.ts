import { formatFelt } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { submittedTransaction } from '../wire/broadcastTransaction.ts';

/** Takes in an invoke. */
export const addInvokeTransaction = defineMethod({
  name: 'starknet_addInvokeTransaction',
  cost: 20,
  parameters: { invoke_transaction: required(submittedTransaction('INVOKE')) },
  errors: [
    'INSUFFICIENT_ACCOUNT_BALANCE',
    'INSUFFICIENT_RESOURCES_FOR_VALIDATE',
    'INVALID_TRANSACTION_NONCE',
    'REPLACEMENT_TRANSACTION_UNDERPRICED',
    'FEE_BELOW_MINIMUM',
    'VALIDATION_FAILURE',
    'NON_ACCOUNT',
    'DUPLICATE_TX',
    'UNSUPPORTED_TX_VERSION',
    'INVALID_PROOF',
    'UNEXPECTED_ERROR',
  ],
  async handler({ invoke_transaction }, backend) {
    const { transactionHash } = await backend.submit(invoke_transaction);
    return { transaction_hash: formatFelt(transactionHash) };
  },
});
