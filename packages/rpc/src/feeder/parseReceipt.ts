import type { BuiltinName, GasVector, Receipt } from '@cairn/protocol';
import { asArray, asBigInt, asFelt, asFelts, asObject, asString, type JsonObject } from './json.ts';

const NO_GAS: GasVector = { l1Gas: 0n, l1DataGas: 0n, l2Gas: 0n };

/** Reads one receipt of a feeder-gateway block. @throws CairnError `MALFORMED_FEEDER_JSON` */
export function parseFeederReceipt(json: unknown): Receipt {
  const receipt = asObject(json, 'receipt');
  const reverted = receipt.execution_status === 'REVERTED';
  return {
    transactionHash: asFelt(receipt.transaction_hash, 'transaction_hash'),
    actualFee: asBigInt(receipt.actual_fee, 'actual_fee'),
    events: asArray(receipt.events, 'events').map((item) => {
      const event = asObject(item, 'event');
      return {
        fromAddress: asFelt(event.from_address, 'event.from_address'),
        keys: asFelts(event.keys, 'event.keys'),
        data: asFelts(event.data, 'event.data'),
      };
    }),
    messagesToL1: asArray(receipt.l2_to_l1_messages, 'l2_to_l1_messages').map((item) => {
      const message = asObject(item, 'message');
      return {
        fromAddress: asFelt(message.from_address, 'message.from_address'),
        toAddress: asFelt(message.to_address, 'message.to_address'),
        payload: asFelts(message.payload, 'message.payload'),
      };
    }),
    ...(reverted ? { revertReason: asString(receipt.revert_error, 'revert_error') } : {}),
    resources: parseResources(asObject(receipt.execution_resources ?? {}, 'execution_resources')),
  };
}

function parseResources(json: JsonObject): Receipt['resources'] {
  const builtins: Partial<Record<BuiltinName, number>> = {};
  for (const [name, count] of Object.entries(
    asObject(json.builtin_instance_counter ?? {}, 'builtin_instance_counter'),
  )) {
    builtins[name.replace(/_builtin$/, '') as BuiltinName] = Number(asBigInt(count, name));
  }
  return {
    stepCount: Number(asBigInt(json.n_steps ?? 0, 'n_steps')),
    memoryHoleCount: Number(asBigInt(json.n_memory_holes ?? 0, 'n_memory_holes')),
    builtins,
    dataAvailability: parseGas(json.data_availability),
    totalGasConsumed: parseGas(json.total_gas_consumed),
  };
}

function parseGas(json: unknown): GasVector {
  if (json === undefined) return NO_GAS;
  const gas = asObject(json, 'gas');
  return {
    l1Gas: asBigInt(gas.l1_gas, 'l1_gas'),
    l1DataGas: asBigInt(gas.l1_data_gas, 'l1_data_gas'),
    l2Gas: asBigInt(gas.l2_gas ?? 0, 'l2_gas'),
  };
}
