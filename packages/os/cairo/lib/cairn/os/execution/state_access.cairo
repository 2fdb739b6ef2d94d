// Contracts' state, as a log of accesses that is squashed and proven against the tries when the block is done. While a
// contract runs, one access of the log stays open: its section. The values stand at hand there, and the access's new
// value is written when the section is closed, before anything else looks at contracts.
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.state_entry import StateEntry

// Opens a section of the contract: section.prev_value points to its StateEntry.
func open_section{contract_state_changes: DictAccess*}(address) -> (section: DictAccess*) {
    let section = contract_state_changes;
    %{ cairn.execution.open_section %}
    assert section.key = address;
    let contract_state_changes = contract_state_changes + DictAccess.SIZE;
    return (section=section);
}

// Closes a section in which the storage log grew to storage_ptr.
func close_section(section: DictAccess*, storage_ptr: DictAccess*) {
    let entry = cast(section.prev_value, StateEntry*);
    if (entry.storage_ptr == storage_ptr) {
        assert section.new_value = section.prev_value;
        return ();
    }
    return close_section_with(
        section=section, class_hash=entry.class_hash, storage_ptr=storage_ptr, nonce=entry.nonce
    );
}

func close_section_with(section: DictAccess*, class_hash, storage_ptr: DictAccess*, nonce) {
    tempvar entry = new StateEntry(class_hash=class_hash, storage_ptr=storage_ptr, nonce=nonce);
    assert section.new_value = cast(entry, felt);
    return ();
}

// The class of a contract whose section is not open; 0 where none is deployed.
func read_class_hash{contract_state_changes: DictAccess*}(address) -> (class_hash: felt) {
    let (section) = open_section(address);
    assert section.new_value = section.prev_value;
    return (class_hash=cast(section.prev_value, StateEntry*).class_hash);
}

// A storage cell of a contract whose section is not open.
func read_storage{contract_state_changes: DictAccess*}(address, key) -> (value: felt) {
    alloc_locals;
    let (local section) = open_section(address);
    let access = cast(section.prev_value, StateEntry*).storage_ptr;
    local value = nondet %{ cairn.execution.storage_value %};
    assert [access] = DictAccess(key=key, prev_value=value, new_value=value);
    close_section(section=section, storage_ptr=access + DictAccess.SIZE);
    return (value=value);
}

// Writes a storage cell of a contract whose section is not open.
func write_storage{contract_state_changes: DictAccess*}(address, key, value) {
    alloc_locals;
    let (local section) = open_section(address);
    let storage_ptr = cast(section.prev_value, StateEntry*).storage_ptr;
    %{ cairn.execution.write_storage %}
    assert storage_ptr.key = key;
    assert storage_ptr.new_value = value;
    close_section(section=section, storage_ptr=storage_ptr + DictAccess.SIZE);
    return ();
}

// 0 where the class is not declared.
func read_compiled_class_hash{contract_class_changes: DictAccess*}(class_hash) -> (
    compiled_class_hash: felt
) {
    let access = contract_class_changes;
    tempvar compiled_class_hash = nondet %{ cairn.execution.compiled_class_hash %};
    assert [access] = DictAccess(
        key=class_hash, prev_value=compiled_class_hash, new_value=compiled_class_hash
    );
    let contract_class_changes = access + DictAccess.SIZE;
    return (compiled_class_hash=compiled_class_hash);
}

// Adds one to the account's nonce, which must be the given one.
func use_nonce{contract_state_changes: DictAccess*}(address, nonce) {
    alloc_locals;
    let (local section) = open_section(address);
    let entry = cast(section.prev_value, StateEntry*);
    assert entry.nonce = nonce;
    close_section_with(
        section=section,
        class_hash=entry.class_hash,
        storage_ptr=entry.storage_ptr,
        nonce=nonce + 1,
    );
    return ();
}
