import type { GasVector } from '@cairn/protocol';
import { NO_GAS } from './gasVector.ts';

/** Prices of the EVM that the protocol's L1 gas estimates are made of. @see Ethereum yellow paper, appendix G */
const CALLDATA_ZERO_BYTE = 4;
const CALLDATA_BYTE = 16;
const CALLDATA_WORD = 32 * CALLDATA_BYTE;
const STORAGE_SET = 20_000;
const COUNTER_DECREASE = 5_000;
const LOG = 375;
const LOG_TOPIC = 375;
const LOG_DATA_WORD = 32 * 8;

/** A word of proof output as the prover charges it, and the same with the discount for state diffs. */
const PROVEN_WORD = CALLDATA_WORD + 100;
const PROVEN_DATA_WORD = PROVEN_WORD - Math.floor(PROVEN_WORD / 10);

/** One field element of a blob. */
const DATA_GAS_PER_WORD = 32;

/** What a transaction adds to the state diff that is published. */
export interface StateChangeCount {
  modifiedContracts: number;
  storageUpdates: number;
  classHashUpdates: number;
  compiledClassHashUpdates: number;
}

/** Words of the published state diff. */
export function stateDiffWords(count: StateChangeCount): number {
  return (
    2 * count.modifiedContracts +
    count.classHashUpdates +
    2 * count.storageUpdates +
    2 * count.compiledClassHashUpdates
  );
}

/** Gas for publishing a transaction's state changes, as blob or as calldata. */
export function dataAvailabilityGas(count: StateChangeCount, blob: boolean): GasVector {
  const words = stateDiffWords(count);
  if (blob) return { ...NO_GAS, l1DataGas: BigInt(words * DATA_GAS_PER_WORD) };
  // Header words of contracts and the balance of the payer are mostly zero bytes.
  const headerDiscount = count.modifiedContracts * (CALLDATA_WORD - wordCost(6));
  const balanceDiscount = CALLDATA_WORD - wordCost(12);
  const gas = words * PROVEN_DATA_WORD - headerDiscount - balanceDiscount;
  return { ...NO_GAS, l1Gas: BigInt(Math.max(gas, 0)) };
}

function wordCost(nonZeroBytes: number): number {
  return nonZeroBytes * CALLDATA_BYTE + (32 - nonZeroBytes) * CALLDATA_ZERO_BYTE;
}

/** Words of the message segment of the OS output: header and payload of each message. */
export function messageSegmentLength(
  payloadLengthsToL1: readonly number[],
  payloadLengthToL2?: number,
): number {
  const toL1 = payloadLengthsToL1.reduce((sum, length) => sum + 3 + length, 0);
  return toL1 + (payloadLengthToL2 === undefined ? 0 : 5 + payloadLengthToL2);
}

/** L1 gas for messages: proof output, counters in the core contract, and its events. */
export function messageGas(payloadLengthsToL1: readonly number[], payloadLengthToL2?: number): GasVector {
  const words = messageSegmentLength(payloadLengthsToL1, payloadLengthToL2);
  let gas = words * (PROVEN_WORD + CALLDATA_WORD) + payloadLengthsToL1.length * STORAGE_SET;
  // LogMessageToL1: 2 indexed fields; array offset, length and payload as data.
  for (const length of payloadLengthsToL1) gas += eventCost(2, 2 + length);
  // ConsumedMessageToL2: 3 indexed fields; array offset, nonce, length and payload as data.
  if (payloadLengthToL2 !== undefined) gas += COUNTER_DECREASE + eventCost(3, 3 + payloadLengthToL2);
  return { ...NO_GAS, l1Gas: BigInt(gas) };
}

function eventCost(indexedFields: number, dataWords: number): number {
  return LOG + (indexedFields + 1) * LOG_TOPIC + dataWords * LOG_DATA_WORD;
}
