import { type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import { emptyStateDiff, type StateDiff } from '@cairn/protocol';
import { formatFelts, listOf, readFelt, readObject } from './read.ts';

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

/**
 * Reads STATE_DIFF; lists that are left out are empty. Cairo 0 classes are not read.
 * @throws CairnError `INVALID_PARAMS`
 */
export function readStateDiff(value: unknown, path: string): StateDiff {
  const json = readObject(value, path);
  const pairs = (list: unknown, at: string, key: string, item: string): Map<Felt, Felt> =>
    new Map(
      listOf((entry, entryPath): [Felt, Felt] => {
        const fields = readObject(entry, entryPath);
        return [readFelt(fields[key], `${entryPath}.${key}`), readFelt(fields[item], `${entryPath}.${item}`)];
      })(list ?? [], at),
    );
  const part = (name: string, key: string, item: string) => pairs(json[name], `${path}.${name}`, key, item);
  return {
    ...emptyStateDiff(),
    storage: new Map(
      listOf((entry, entryPath): [ContractAddress, Map<Felt, Felt>] => {
        const { address, storage_entries: entries } = readObject(entry, entryPath);
        return [
          readFelt(address, `${entryPath}.address`),
          pairs(entries, `${entryPath}.storage_entries`, 'key', 'value'),
        ];
      })(json.storage_diffs ?? [], `${path}.storage_diffs`),
    ),
    declaredClasses: part('declared_classes', 'class_hash', 'compiled_class_hash'),
    deployedContracts: part('deployed_contracts', 'address', 'class_hash'),
    replacedClasses: part('replaced_classes', 'contract_address', 'class_hash'),
    nonces: part('nonces', 'contract_address', 'nonce'),
  };
}
