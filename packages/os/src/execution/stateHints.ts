import { type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import type { ContractAddress } from '@cairn/primitives';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { executionRun } from './osHintState.ts';

/** Places of the values in a DictAccess. */
const PREVIOUS_VALUE = 1;
const NEW_VALUE = 2;
/** Places in a StateEntry. */
const CLASS_HASH = 0;
const NONCE = 2;

/** Hints of `state_access.cairo` and of the other places that look at contracts' state. */
export const STATE_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.execution.open_section': (h) => {
    const address = h.felt('address');
    const section = h.pointer('contract_state_changes');
    h.memory.write(offsetBy(section, PREVIOUS_VALUE), entryBefore(h, address, section));
    executionRun(h).sections.set(address, section);
  },
  'cairn.execution.storage_value': (h) => executionRun(h).states.storageAt(h.felt('address'), h.felt('key')),
  'cairn.execution.write_storage': (h) => {
    const { states } = executionRun(h);
    const [address, key] = [h.felt('address'), h.felt('key')];
    const previous = offsetBy(h.pointer('storage_ptr'), PREVIOUS_VALUE);
    h.memory.write(previous, states.storageAt(address, key));
    states.setStorage(address, key, h.felt('value'));
  },
  'cairn.execution.compiled_class_hash': (h) =>
    executionRun(h).states.compiledClassHash(h.felt('class_hash')),
};

/** What the last section of the contract left. At its first access in a block, a new entry with an empty storage log. */
function entryBefore(h: HintContext, address: ContractAddress, section: Relocatable): Relocatable {
  const { sections, states } = executionRun(h);
  const last = sections.get(address);
  const entry = last && h.memory.readPointer(offsetBy(last, NEW_VALUE));
  if (entry && last.segment === section.segment) return entry;
  const classHash = entry
    ? h.memory.readFelt(offsetBy(entry, CLASS_HASH))
    : states.initial.classHashAt(address);
  const nonce = entry ? h.memory.readFelt(offsetBy(entry, NONCE)) : states.initial.nonceAt(address);
  return h.memory.allocate([classHash, h.memory.addSegment(), nonce]);
}
