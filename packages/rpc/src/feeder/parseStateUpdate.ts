import type { Felt } from '@cairn/primitives';
import type { StateDiff } from '@cairn/protocol';
import { asArray, asFelt, asFelts, asObject } from './json.ts';

export interface FeederStateUpdate {
  newRoot: Felt;
  oldRoot: Felt;
  stateDiff: StateDiff;
}

/** Reads `get_state_update` output of the feeder gateway. @throws CairnError `MALFORMED_FEEDER_JSON` */
export function parseFeederStateUpdate(json: unknown): FeederStateUpdate {
  const update = asObject(json, 'state_update');
  const diff = asObject(update.state_diff, 'state_diff');
  const storage = new Map<Felt, Map<Felt, Felt>>();
  for (const [address, entries] of Object.entries(asObject(diff.storage_diffs, 'storage_diffs'))) {
    storage.set(asFelt(address, 'address'), pairs(entries, 'key', 'value'));
  }
  const nonces = new Map<Felt, Felt>();
  for (const [address, nonce] of Object.entries(asObject(diff.nonces, 'nonces'))) {
    nonces.set(asFelt(address, 'address'), asFelt(nonce, 'nonce'));
  }
  return {
    newRoot: asFelt(update.new_root, 'new_root'),
    oldRoot: asFelt(update.old_root, 'old_root'),
    stateDiff: {
      storage,
      nonces,
      deployedContracts: pairs(diff.deployed_contracts, 'address', 'class_hash'),
      replacedClasses: pairs(diff.replaced_classes ?? [], 'address', 'class_hash'),
      declaredClasses: pairs(diff.declared_classes ?? [], 'class_hash', 'compiled_class_hash'),
      migratedCompiledClasses: pairs(
        diff.migrated_compiled_classes ?? [],
        'class_hash',
        'compiled_class_hash',
      ),
      deprecatedDeclaredClasses: asFelts(diff.old_declared_contracts ?? [], 'old_declared_contracts'),
    },
  };
}

function pairs(json: unknown, keyName: string, valueName: string): Map<Felt, Felt> {
  return new Map(
    asArray(json, keyName).map((item) => {
      const entry = asObject(item, keyName);
      return [asFelt(entry[keyName], keyName), asFelt(entry[valueName], valueName)];
    }),
  );
}
