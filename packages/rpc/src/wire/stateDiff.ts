import { type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import type { StateDiff } from '@cairn/protocol';
import { formatFelts } from './read.ts';

/**
 * STATE_DIFF. With `addresses`, only changes of those contracts; declared classes are shown in any case.
 */
export function formatStateDiff(diff: StateDiff, addresses?: readonly ContractAddress[]) {
  const wanted = addresses && new Set(addresses);
  const pairs = (map: ReadonlyMap<Felt, Felt>, key: string, value: string, filtered: boolean) =>
    [...map]
      .filter(([k]) => !filtered || !wanted || wanted.has(k))
      .map(([k, v]) => ({ [key]: formatFelt(k), [value]: formatFelt(v) }));
  return {
    storage_diffs: [...diff.storage]
      .filter(([address]) => !wanted || wanted.has(address))
      .map(([address, entries]) => ({
        address: formatFelt(address),
        storage_entries: pairs(entries, 'key', 'value', false),
      })),
    deprecated_declared_classes: formatFelts(diff.deprecatedDeclaredClasses),
    declared_classes: pairs(diff.declaredClasses, 'class_hash', 'compiled_class_hash', false),
    migrated_compiled_classes: pairs(
      diff.migratedCompiledClasses,
      'class_hash',
      'compiled_class_hash',
      false,
    ),
    deployed_contracts: pairs(diff.deployedContracts, 'address', 'class_hash', true),
    replaced_classes: pairs(diff.replacedClasses, 'contract_address', 'class_hash', true),
    nonces: pairs(diff.nonces, 'contract_address', 'nonce', true),
  };
}
