import type { ContractAddress } from '@cairn/primitives';
import {
  addResources,
  type GasVector,
  noResources,
  type StateDiff,
  scaleResources,
  type Transaction,
  type VersionedConstants,
  type VmResources,
} from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import { type CallInfo, callTree } from '../callInfo.ts';
import { feeTokenBalanceKey } from './balance.ts';
import { addGas, multiplyGas, NO_GAS } from './gasVector.ts';
import {
  dataAvailabilityGas,
  messageGas,
  messageSegmentLength,
  type StateChangeCount,
  stateDiffWords,
} from './l1Gas.ts';
import { stepGas } from './vmGas.ts';

/** What a transaction did, as far as its price depends on it. The fee transfer is not among the calls. */
export interface TransactionWork {
  type: Transaction['type'];
  /** Felts of calldata and proof facts together; for L1 handlers the payload without the sender. */
  calldataLength: number;
  signatureLength: number;
  hasProofFacts: boolean;
  /** Size in bytes that a declare is charged for. */
  codeSize: number;
  /** Set for L1 handlers. */
  l1PayloadLength?: number;
  calls: readonly CallInfo[];
  stateDiff: StateDiff;
  /** Storage keys that went from zero to non-zero. */
  allocatedKeyCount: number;
  /** The payer; absent for L1 handlers. */
  payer?: ContractAddress;
  feeToken: ContractAddress;
  revertedStepCount: number;
  revertedSierraGas: bigint;
}

/** The price of a transaction in gas, and the parts of it that receipts and blocks count. */
export interface TransactionGas {
  total: GasVector;
  dataAvailability: GasVector;
  /** VM work charged by steps, OS overhead included. */
  vmResources: VmResources;
  sierraGas: bigint;
  stateDiffWords: number;
  messageSegmentLength: number;
  eventCount: number;
}

/** Gas vector of a transaction. @see reference "protocol", section 4.3 */
export function transactionGas(
  work: TransactionWork,
  constants: VersionedConstants,
  blob: boolean,
): TransactionGas {
  const calls = work.calls.flatMap((call) => [...callTree(call)]);
  const payloadLengths = calls.flatMap((call) => call.messages.map((m) => m.value.payload.length));
  const changes = countStateChanges(work);
  const dataAvailability = dataAvailabilityGas(changes, blob);
  const allocation = multiplyGas(
    constants.allocationGas[blob ? 'BLOB' : 'CALLDATA'],
    BigInt(work.allocatedKeyCount),
  );

  const overhead = addResources(
    scaleResources(constants.transactions[work.type], work.calldataLength),
    blob ? kzgResources(stateDiffWords(changes), constants) : noResources(),
  );
  const executed = work.calls.reduce((sum, call) => addResources(sum, call.stepResources), noResources());
  const vmResources = addResources(executed, overhead);
  const sierraGas = work.calls.reduce((sum, call) => sum + call.gasConsumed, work.revertedSierraGas);

  const l2Gas =
    archivalGas(work, calls, constants) + stepGas(vmResources, constants, work.revertedStepCount) + sierraGas;
  return {
    total: addGas(
      { ...NO_GAS, l2Gas },
      dataAvailability,
      allocation,
      messageGas(payloadLengths, work.l1PayloadLength),
    ),
    dataAvailability,
    vmResources,
    sierraGas,
    stateDiffWords: stateDiffWords(changes),
    messageSegmentLength: messageSegmentLength(payloadLengths, work.l1PayloadLength),
    eventCount: calls.reduce((count, call) => count + call.events.length, 0),
  };
}

/** L2 gas for what nodes must keep for ever. */
function archivalGas(
  work: TransactionWork,
  calls: readonly CallInfo[],
  constants: VersionedConstants,
): bigint {
  const { perDataFelt, eventKeyFactor, perCodeByte, perProof } = constants.archivalGas;
  let eventFelts = 0n;
  for (const call of calls) {
    for (const { value } of call.events) {
      eventFelts += eventKeyFactor * BigInt(value.keys.length) + BigInt(value.data.length);
    }
  }
  return (
    perDataFelt * (BigInt(work.calldataLength + work.signatureLength) + eventFelts) +
    perCodeByte * BigInt(work.codeSize) +
    (work.hasProofFacts ? perProof : 0n)
  );
}

/**
 * State changes a transaction pays for: its own, plus the payer's balance that the fee transfer will write;
 * the fee token itself changes in every block anyway and is free.
 */
function countStateChanges(work: TransactionWork): StateChangeCount {
  const { stateDiff: diff, payer, feeToken } = work;
  const modified = new Set([
    ...diff.storage.keys(),
    ...diff.nonces.keys(),
    ...diff.deployedContracts.keys(),
    ...diff.replacedClasses.keys(),
  ]);
  modified.delete(feeToken);
  let storageUpdates = 0;
  for (const entries of diff.storage.values()) storageUpdates += entries.size;
  if (payer !== undefined && !diff.storage.get(feeToken)?.has(feeTokenBalanceKey(payer))) storageUpdates++;
  return {
    modifiedContracts: modified.size,
    storageUpdates,
    classHashUpdates: diff.deployedContracts.size + diff.replacedClasses.size,
    compiledClassHashUpdates: diff.declaredClasses.size,
  };
}

/** OS work to commit to a blob of `words` field elements: a Poseidon hash of them and the evaluation. */
export function kzgResources(words: number, constants: VersionedConstants): VmResources {
  const hash: VmResources = {
    stepCount: Math.floor(words / 10) * 55 + Math.floor((words % 10) / 2) * 18 + (words % 2) * 3 + 21,
    memoryHoleCount: 0,
    builtins: { poseidon: Math.floor(words / 2) + 1 },
  };
  return addResources(hash, constants.kzgCommitment, words);
}

/** Storage keys of a diff that were zero before it. `state` must know their first values. */
export function allocatedKeyCount(diff: StateDiff, state: StateOverlay): number {
  let count = 0;
  for (const [address, entries] of diff.storage) {
    for (const [key, value] of entries) {
      if (value !== 0n && state.initialStorageAt(address, key) === 0n) count++;
    }
  }
  return count;
}
