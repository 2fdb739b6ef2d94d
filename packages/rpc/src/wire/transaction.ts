import { type Felt, formatFelt } from '@cairn/primitives';
import type { ExecutedTransaction, Transaction, V3Fields } from '@cairn/protocol';
import { flagsOf, formatFelts } from './read.ts';
import { formatResourceBounds } from './resourceBounds.ts';
import { formatV3Fields } from './v3Fields.ts';

/** Flags of methods that return transactions. */
export const readTransactionFlags = flagsOf('INCLUDE_PROOF_FACTS');
/** What {@link readTransactionFlags} reads. */
export type TransactionFlags = ReadonlySet<'INCLUDE_PROOF_FACTS'>;

/** TXN: a transaction without its hash. */
export function formatTransaction(tx: Transaction, flags: TransactionFlags): Record<string, unknown> {
  switch (tx.type) {
    case 'INVOKE':
      return {
        type: 'INVOKE',
        sender_address: formatFelt(tx.senderAddress),
        calldata: formatFelts(tx.calldata),
        ...v3Fields(tx),
        account_deployment_data: formatFelts(tx.accountDeploymentData),
        ...(flags.has('INCLUDE_PROOF_FACTS') ? { proof_facts: formatFelts(tx.proofFacts ?? []) } : {}),
      };
    case 'DECLARE':
      return {
        type: 'DECLARE',
        sender_address: formatFelt(tx.senderAddress),
        compiled_class_hash: formatFelt(tx.compiledClassHash),
        class_hash: formatFelt(tx.classHash),
        ...v3Fields(tx),
        account_deployment_data: formatFelts(tx.accountDeploymentData),
      };
    case 'DEPLOY_ACCOUNT':
      return {
        type: 'DEPLOY_ACCOUNT',
        contract_address_salt: formatFelt(tx.contractAddressSalt),
        constructor_calldata: formatFelts(tx.constructorCalldata),
        class_hash: formatFelt(tx.classHash),
        ...v3Fields(tx),
      };
    case 'L1_HANDLER':
      return {
        type: 'L1_HANDLER',
        version: '0x0',
        nonce: formatFelt(tx.nonce ?? 0n),
        contract_address: formatFelt(tx.contractAddress),
        entry_point_selector: formatFelt(tx.entryPointSelector),
        calldata: formatFelts(tx.calldata),
      };
  }
}

/** Modes stand as they are. */
const v3Fields = (tx: V3Fields) => formatV3Fields(tx, formatResourceBounds, (mode) => mode);

/** TXN_WITH_HASH. */
export function formatTransactionWithHash(
  { transaction, receipt }: ExecutedTransaction,
  flags: TransactionFlags,
) {
  const transactionHash: Felt = receipt.transactionHash;
  return { ...formatTransaction(transaction, flags), transaction_hash: formatFelt(transactionHash) };
}
