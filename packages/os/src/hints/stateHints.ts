import { type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import { ALIAS_CONTRACT } from '@cairn/execution';
import type { Felt } from '@cairn/primitives';
import { ALIAS_COUNTER_KEY, FIRST_ALIAS, LAST_SYSTEM_CONTRACT } from '../input/aliasRules.ts';
import type { LibraryHint } from './libraryHint.ts';
import type { OsRun } from './osRun.ts';

const ACCESS_NEW_VALUE = 2;

/** Hints of `aliases.cairo`, `state_root.cairo` and `join_blocks.cairo`. */
export function stateHints(run: OsRun): Readonly<Record<string, LibraryHint>> {
  const aliases = new Map<Felt, Felt>();
  /** The last replayed access to each contract. */
  const replayed = new Map<Felt, Relocatable>();
  return {
    'cairn.os.alias_log': (h) => {
      aliases.clear();
      const log = h.memory.addSegment();
      h.memory.write(offsetBy(log, 1), run.storedValue(ALIAS_CONTRACT, ALIAS_COUNTER_KEY));
      return log;
    },
    'cairn.os.is_user_contract': (h) => h.felt('change.address') > LAST_SYSTEM_CONTRACT,
    'cairn.os.has_long_address': (h) => h.felt('change.address') >= FIRST_ALIAS,
    'cairn.os.is_long_key': (h) => h.felt('access.key') >= FIRST_ALIAS,
    'cairn.os.stored_alias': (h) => {
      const number = h.felt('number');
      const stored = aliases.get(number) ?? run.storedValue(ALIAS_CONTRACT, number);
      aliases.set(number, stored === 0n ? h.felt('next_alias') : stored);
      h.set('alias_log.prev_value', stored);
    },
    'cairn.os.storage_root': (h) => run.contract(h.felt('change.address')).storageRoot,
    'cairn.os.next_storage_root': (h) =>
      run.nextRoot(h, h.felt('prev_root'), between(h, 'change.storage', 'change.storage_end'), 'pedersen'),
    'cairn.os.contracts_root': () => run.block.contractsRoot,
    'cairn.os.next_contracts_root': (h) =>
      run.nextRoot(h, h.felt('prev_contracts'), between(h, 'leaves', 'leaves_end'), 'pedersen'),
    'cairn.os.classes_root': () => run.block.classesRoot,
    'cairn.os.next_classes_root': (h) =>
      run.nextRoot(h, h.felt('prev_classes'), between(h, 'class_leaves', 'class_leaves_end'), 'poseidon'),
    'cairn.os.joined_entry': (h) => {
      const address = h.felt('change.address');
      const last = replayed.get(address);
      const entry =
        last === undefined
          ? h.memory.allocate([
              h.get('change.prev.class_hash'),
              h.memory.addSegment(),
              h.get('change.prev.nonce'),
            ])
          : h.memory.readPointer(offsetBy(last, ACCESS_NEW_VALUE));
      replayed.set(address, h.pointer('access'));
      h.set('access.prev_value', entry);
    },
  };
}

function between(h: HintContext, start: string, end: string): { start: Relocatable; end: Relocatable } {
  return { start: h.pointer(start), end: h.pointer(end) };
}
