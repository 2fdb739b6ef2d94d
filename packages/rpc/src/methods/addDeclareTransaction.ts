import { formatFelt, invariant } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { submittedTransaction } from '../wire/broadcastTransaction.ts';

/** Takes in a declare with its class. */
export const addDeclareTransaction = defineMethod({
  name: 'starknet_addDeclareTransaction',
  cost: 500,
  parameters: { declare_transaction: required(submittedTransaction('DECLARE')) },
  errors: [
    'CLASS_ALREADY_DECLARED',
    'COMPILATION_FAILED',
    'COMPILED_CLASS_HASH_MISMATCH',
    'INSUFFICIENT_ACCOUNT_BALANCE',
    'INSUFFICIENT_RESOURCES_FOR_VALIDATE',
    'INVALID_TRANSACTION_NONCE',
    'REPLACEMENT_TRANSACTION_UNDERPRICED',
    'FEE_BELOW_MINIMUM',
    'VALIDATION_FAILURE',
    'NON_ACCOUNT',
    'DUPLICATE_TX',
    'CONTRACT_CLASS_SIZE_IS_TOO_LARGE',
    'UNSUPPORTED_TX_VERSION',
    'UNSUPPORTED_CONTRACT_CLASS_VERSION',
    'UNEXPECTED_ERROR',
  ],
  async handler({ declare_transaction }, backend) {
    const { transactionHash, classHash } = await backend.submit(declare_transaction);
    invariant(classHash !== undefined, 'an accepted declare has a class hash');
    return { transaction_hash: formatFelt(transactionHash), class_hash: formatFelt(classHash) };
  },
});
