import { type Felt, formatFelt } from '@cairn/primitives';
import type { ExecutionView } from '../backend.ts';

/**
 * INITIAL_READS of transactions that ran one after the other: what they read of the state below the first. A
 * cell that one of them wrote was read at that moment, so the first value met is the one from below.
 */
export function formatInitialReads(executions: readonly ExecutionView[]) {
  const storage = new Map<Felt, Map<Felt, Felt>>();
  const nonces = new Map<Felt, Felt>();
  const classHashes = new Map<Felt, Felt>();
  const compiledClassHashes = new Map<Felt, Felt>();
  for (const { initialReads } of executions) {
    for (const [address, cells] of initialReads.storage) {
      const known = storage.get(address) ?? new Map<Felt, Felt>();
      storage.set(address, known);
      addUnknown(known, cells);
    }
    addUnknown(nonces, initialReads.nonces);
    addUnknown(classHashes, initialReads.classHashes);
    addUnknown(compiledClassHashes, initialReads.compiledClassHashes);
  }
  return {
    storage: [...storage].flatMap(([address, cells]) =>
      [...cells].map(([key, value]) => ({
        contract_address: formatFelt(address),
        key: formatFelt(key),
        value: formatFelt(value),
      })),
    ),
    nonces: [...nonces].map(([address, nonce]) => ({
      contract_address: formatFelt(address),
      nonce: formatFelt(nonce),
    })),
    class_hashes: [...classHashes].map(([address, classHash]) => ({
      contract_address: formatFelt(address),
      class_hash: formatFelt(classHash),
    })),
    declared_contracts: [...compiledClassHashes].map(([classHash, compiled]) => ({
      class_hash: formatFelt(classHash),
      is_declared: compiled !== 0n,
    })),
  };
}

function addUnknown(known: Map<Felt, Felt>, cells: ReadonlyMap<Felt, Felt>): void {
  for (const [key, value] of cells) if (!known.has(key)) known.set(key, value);
}
