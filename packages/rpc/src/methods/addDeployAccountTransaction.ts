import { formatFelt, invariant } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { submittedTransaction } from '../wire/broadcastTransaction.ts';

/** Takes in an account deployment. */
export const addDeployAccountTransaction = defineMethod({
  name: 'starknet_addDeployAccountTransaction',
  cost: 20,
  parameters: { deploy_account_transaction: required(submittedTransaction('DEPLOY_ACCOUNT')) },
  errors: [
    'INSUFFICIENT_ACCOUNT_BALANCE',
    'INSUFFICIENT_RESOURCES_FOR_VALIDATE',
    'INVALID_TRANSACTION_NONCE',
    'REPLACEMENT_TRANSACTION_UNDERPRICED',
    'FEE_BELOW_MINIMUM',
    'VALIDATION_FAILURE',
    'NON_ACCOUNT',
    'CLASS_HASH_NOT_FOUND',
    'DUPLICATE_TX',
    'UNSUPPORTED_TX_VERSION',
    'UNEXPECTED_ERROR',
  ],
  async handler({ deploy_account_transaction }, backend) {
    const { transactionHash, contractAddress } = await backend.submit(deploy_account_transaction);
    invariant(contractAddress !== undefined, 'an accepted account deployment has an address');
    return {
      transaction_hash: formatFelt(transactionHash),
      contract_address: formatFelt(contractAddress),
    };
  },
});
