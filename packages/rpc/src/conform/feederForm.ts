import { asArray, asObject, type JsonObject } from '../feeder/json.ts';
import { type FeederTransaction, parseFeederTransaction } from '../feeder/parseTransaction.ts';

/**
 * The result of `starknet_getBlockWithReceipts` as the feeder gateway would tell it.
 * @throws CairnError `MALFORMED_FEEDER_JSON`
 */
export function feederBlock(json: unknown): JsonObject {
  const { parent_hash, new_root, transactions, ...block } = asObject(json, 'block');
  const items = asArray(transactions, 'transactions').map((item) => {
    const { transaction, receipt } = asObject(item, 'transaction');
    return { transaction: asObject(transaction, 'transaction'), receipt: asObject(receipt, 'receipt') };
  });
  return {
    ...block,
    parent_block_hash: parent_hash,
    state_root: new_root,
    transactions: items.map(({ transaction, receipt }) => ({
      ...feederTransaction(transaction),
      transaction_hash: receipt.transaction_hash,
    })),
    transaction_receipts: items.map(({ receipt }) => feederReceipt(receipt)),
  };
}

/** A transaction of the RPC as the feeder gateway would tell it. */
function feederTransaction(transaction: JsonObject): JsonObject {
  return { ...transaction, type: transaction.type === 'INVOKE' ? 'INVOKE_FUNCTION' : transaction.type };
}

/**
 * Reads the result of `starknet_getTransactionByHash`; its hash is what it claims.
 * @throws CairnError `MALFORMED_FEEDER_JSON`
 */
export function readTransaction(json: unknown): FeederTransaction {
  return parseFeederTransaction(feederTransaction(asObject(json, 'transaction')));
}

function feederReceipt(receipt: JsonObject): JsonObject {
  return {
    transaction_hash: receipt.transaction_hash,
    actual_fee: asObject(receipt.actual_fee, 'actual_fee').amount,
    events: receipt.events,
    l2_to_l1_messages: receipt.messages_sent,
    execution_status: receipt.execution_status,
    revert_error: receipt.revert_reason,
    execution_resources: { total_gas_consumed: receipt.execution_resources },
  };
}

/**
 * The result of `starknet_getStateUpdate` as the feeder gateway would tell it.
 * @throws CairnError `MALFORMED_FEEDER_JSON`
 */
export function feederStateUpdate(json: unknown): JsonObject {
  const { state_diff, ...update } = asObject(json, 'state_update');
  const diff = asObject(state_diff, 'state_diff');
  const byKey = (name: string, key: string, value: string) =>
    Object.fromEntries(
      asArray(diff[name], name).map((item) => {
        const entry = asObject(item, name);
        return [String(entry[key]), entry[value]];
      }),
    );
  return {
    ...update,
    state_diff: {
      storage_diffs: byKey('storage_diffs', 'address', 'storage_entries'),
      nonces: byKey('nonces', 'contract_address', 'nonce'),
      deployed_contracts: diff.deployed_contracts,
      declared_classes: diff.declared_classes,
      migrated_compiled_classes: diff.migrated_compiled_classes,
      old_declared_contracts: diff.deprecated_declared_classes,
      replaced_classes: asArray(diff.replaced_classes, 'replaced_classes').map((item) => {
        const { contract_address, class_hash } = asObject(item, 'replaced_classes');
        return { address: contract_address, class_hash };
      }),
    },
  };
}
