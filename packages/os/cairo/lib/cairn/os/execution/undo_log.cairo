// What must be written back when a call is undone. Each write notes the value before it; undoing a call writes the
// values noted since its beginning back, last first. The notes of a call that has been undone stay in the log: undoing
// them again, in an outer call, changes nothing, for the notes before them are undone after them.
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.state_access import close_section, close_section_with, open_section
from cairn.os.execution.state_entry import StateEntry

// Stands for the class of a contract where storage keys stand; no storage key is that large.
const CLASS_KEY = -1;

struct UndoEntry {
    address: felt,
    key: felt,
    previous_value: felt,
}

func undo{contract_state_changes: DictAccess*}(first: UndoEntry*, end: UndoEntry*) {
    alloc_locals;
    if (first == end) {
        return ();
    }
    local entry: UndoEntry* = end - UndoEntry.SIZE;
    let (local section) = open_section(entry.address);
    let contract = cast(section.prev_value, StateEntry*);
    if (entry.key == CLASS_KEY) {
        close_section_with(
            section=section,
            class_hash=entry.previous_value,
            storage_ptr=contract.storage_ptr,
            nonce=contract.nonce,
        );
        return undo(first=first, end=entry);
    }
    let address = entry.address;
    let key = entry.key;
    let value = entry.previous_value;
    let storage_ptr = contract.storage_ptr;
    %{ cairn.execution.write_storage %}
    assert storage_ptr.key = key;
    assert storage_ptr.new_value = value;
    close_section(section=section, storage_ptr=storage_ptr + DictAccess.SIZE);
    return undo(first=first, end=entry);
}
