import type { ContractAddress, Felt } from '@cairn/primitives';
import type { L1HandlerTransaction } from '@cairn/protocol';
import { readEthereumAddress, readFelt, readFelts, readObject } from './read.ts';

/** Reads FUNCTION_CALL. @throws CairnError `INVALID_PARAMS` */
export function readFunctionCall(
  value: unknown,
  path: string,
): { contractAddress: ContractAddress; selector: Felt; calldata: readonly Felt[] } {
  const call = readObject(value, path);
  return {
    contractAddress: readFelt(call.contract_address, `${path}.contract_address`),
    selector: readFelt(call.entry_point_selector, `${path}.entry_point_selector`),
    calldata: readFelts(call.calldata, `${path}.calldata`),
  };
}

/** Reads MSG_FROM_L1 as the transaction that would deliver it. @throws CairnError `INVALID_PARAMS` */
export function readMessageFromL1(value: unknown, path: string): L1HandlerTransaction {
  const message = readObject(value, path);
  const sender = readEthereumAddress(message.from_address, `${path}.from_address`);
  return {
    type: 'L1_HANDLER',
    version: 0,
    contractAddress: readFelt(message.to_address, `${path}.to_address`),
    entryPointSelector: readFelt(message.entry_point_selector, `${path}.entry_point_selector`),
    calldata: [sender, ...readFelts(message.payload, `${path}.payload`)],
    nonce: 0n,
  };
}
