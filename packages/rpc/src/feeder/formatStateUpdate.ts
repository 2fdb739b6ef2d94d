import { type Felt, formatFelt } from '@cairn/primitives';
import type { StateDiff } from '@cairn/protocol';
import type { ClosedBlockView } from '../backend.ts';
import { formatFelts } from '../wire/read.ts';

/** `get_state_update` of the feeder gateway. */
export function formatFeederStateUpdate({ header, oldRoot, stateDiff }: ClosedBlockView) {
  return {
    block_hash: formatFelt(header.blockHash),
    new_root: formatFelt(header.stateRoot),
    old_root: formatFelt(oldRoot),
    state_diff: formatFeederStateDiff(stateDiff),
  };
}

/** `state_diff` of the feeder gateway: contracts are keys where JSON-RPC has lists. */
export function formatFeederStateDiff(diff: StateDiff) {
  return {
    storage_diffs: Object.fromEntries(
      [...diff.storage].map(([address, cells]) => [formatFelt(address), pairs(cells, 'key', 'value')]),
    ),
    nonces: Object.fromEntries(
      [...diff.nonces].map(([address, nonce]) => [formatFelt(address), formatFelt(nonce)]),
    ),
    deployed_contracts: pairs(diff.deployedContracts, 'address', 'class_hash'),
    old_declared_contracts: formatFelts(diff.deprecatedDeclaredClasses),
    declared_classes: pairs(diff.declaredClasses, 'class_hash', 'compiled_class_hash'),
    migrated_compiled_classes: pairs(diff.migratedCompiledClasses, 'class_hash', 'compiled_class_hash'),
    replaced_classes: pairs(diff.replacedClasses, 'address', 'class_hash'),
  };
}

function pairs(map: ReadonlyMap<Felt, Felt>, keyName: string, valueName: string) {
  return [...map].map(([key, value]) => ({ [keyName]: formatFelt(key), [valueName]: formatFelt(value) }));
}
