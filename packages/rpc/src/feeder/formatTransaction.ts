import { formatFelt } from '@cairn/primitives';
import {
  type DataAvailabilityMode,
  deployedAddress,
  type ExecutedTransaction,
  type ResourceBound,
  type ResourceBounds,
} from '@cairn/protocol';
import { formatFelts } from '../wire/read.ts';
import { formatV3Fields } from '../wire/v3Fields.ts';

/**
 * A transaction of a feeder-gateway block. Nodes refuse keys they do not know, so it has exactly those of its type.
 * @see reference "protocol", section 6.2
 */
export function formatFeederTransaction({ transaction: tx, receipt }: ExecutedTransaction) {
  const transaction_hash = formatFelt(receipt.transactionHash);
  switch (tx.type) {
    case 'INVOKE':
      return {
        type: 'INVOKE_FUNCTION',
        transaction_hash,
        sender_address: formatFelt(tx.senderAddress),
        calldata: formatFelts(tx.calldata),
        account_deployment_data: formatFelts(tx.accountDeploymentData),
        ...formatV3Fields(tx, formatBounds, formatMode),
        ...(tx.proofFacts === undefined ? {} : { proof_facts: formatFelts(tx.proofFacts) }),
      };
    case 'DECLARE':
      return {
        type: 'DECLARE',
        transaction_hash,
        sender_address: formatFelt(tx.senderAddress),
        class_hash: formatFelt(tx.classHash),
        compiled_class_hash: formatFelt(tx.compiledClassHash),
        account_deployment_data: formatFelts(tx.accountDeploymentData),
        ...formatV3Fields(tx, formatBounds, formatMode),
      };
    case 'DEPLOY_ACCOUNT':
      return {
        type: 'DEPLOY_ACCOUNT',
        transaction_hash,
        sender_address: formatFelt(deployedAddress(tx)),
        class_hash: formatFelt(tx.classHash),
        contract_address_salt: formatFelt(tx.contractAddressSalt),
        constructor_calldata: formatFelts(tx.constructorCalldata),
        ...formatV3Fields(tx, formatBounds, formatMode),
      };
    case 'L1_HANDLER':
      return {
        type: 'L1_HANDLER',
        transaction_hash,
        version: '0x0',
        contract_address: formatFelt(tx.contractAddress),
        entry_point_selector: formatFelt(tx.entryPointSelector),
        nonce: formatFelt(tx.nonce ?? 0n),
        calldata: formatFelts(tx.calldata),
      };
  }
}

function formatBounds({ l1Gas, l2Gas, l1DataGas }: ResourceBounds) {
  const bound = ({ maxAmount, maxPricePerUnit }: ResourceBound) => ({
    max_amount: formatFelt(maxAmount),
    max_price_per_unit: formatFelt(maxPricePerUnit),
  });
  return {
    L1_GAS: bound(l1Gas),
    L2_GAS: bound(l2Gas),
    ...(l1DataGas === undefined ? {} : { L1_DATA_GAS: bound(l1DataGas) }),
  };
}

function formatMode(mode: DataAvailabilityMode): 0 | 1 {
  return mode === 'L1' ? 0 : 1;
}
