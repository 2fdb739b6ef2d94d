// What a block did to the state: of each contract and class it touched, the first and the last value.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.squash_dict import squash_dict
from cairn.os.aliases import ALIAS_CONTRACT, allocate_aliases
from cairn.os.contract_change import ContractChange
from cairn.os.execution.state_entry import StateEntry

// Contracts sorted by address, classes by hash. An entry may have changed nothing: then it was read.
struct StateChanges {
    contracts: ContractChange*,
    contracts_end: ContractChange*,
    // From class hash to compiled class hash.
    classes: DictAccess*,
    classes_end: DictAccess*,
}

// The changes that the logs of a block amount to, with the aliases that they call for. The log of contracts holds
// the alias contract, with an empty log of storage.
func close_block_changes{range_check_ptr}(
    contract_log: DictAccess*,
    contract_log_end: DictAccess*,
    class_log: DictAccess*,
    class_log_end: DictAccess*,
) -> (changes: StateChanges*) {
    alloc_locals;
    let (local changes, storage_end, alias_change) = squash_logs(
        contract_log=contract_log,
        contract_log_end=contract_log_end,
        class_log=class_log,
        class_log_end=class_log_end,
        left_out=ALIAS_CONTRACT,
    );
    local storage_end: DictAccess* = storage_end;
    local alias_change: ContractChange* = alias_change;

    let (alias_log, alias_log_end) = allocate_aliases(changes.contracts, changes.contracts_end);
    assert alias_change.storage = storage_end;
    assert alias_change.prev.storage_ptr = alias_change.next.storage_ptr;
    let (alias_storage_end) = squash_dict(
        dict_accesses=alias_log, dict_accesses_end=alias_log_end, squashed_dict=storage_end
    );
    assert alias_change.storage_end = alias_storage_end;
    return (changes=changes);
}

// Squashes the logs; the storage of the contract `left_out` is left to the caller, if the contract was touched.
func squash_logs{range_check_ptr}(
    contract_log: DictAccess*,
    contract_log_end: DictAccess*,
    class_log: DictAccess*,
    class_log_end: DictAccess*,
    left_out: felt,
) -> (changes: StateChanges*, storage_end: DictAccess*, left_out_change: ContractChange*) {
    alloc_locals;
    let (local touched: DictAccess*) = alloc();
    let (local touched_end) = squash_dict(
        dict_accesses=contract_log, dict_accesses_end=contract_log_end, squashed_dict=touched
    );
    let (local contracts: ContractChange*) = alloc();
    let (storage: DictAccess*) = alloc();
    let (contracts_end, storage_end, left_out_change) = squash_storages(
        touched=touched,
        touched_end=touched_end,
        storage=storage,
        change=contracts,
        left_out=left_out,
        left_out_change=contracts,
    );
    local contracts_end: ContractChange* = contracts_end;
    local storage_end: DictAccess* = storage_end;
    local left_out_change: ContractChange* = left_out_change;

    let (local classes: DictAccess*) = alloc();
    let (classes_end) = squash_dict(
        dict_accesses=class_log, dict_accesses_end=class_log_end, squashed_dict=classes
    );
    return (
        changes=new StateChanges(
            contracts=contracts,
            contracts_end=contracts_end,
            classes=classes,
            classes_end=classes_end,
        ),
        storage_end=storage_end,
        left_out_change=left_out_change,
    );
}

// Squashes the storage logs of the touched contracts, one behind the other.
func squash_storages{range_check_ptr}(
    touched: DictAccess*,
    touched_end: DictAccess*,
    storage: DictAccess*,
    change: ContractChange*,
    left_out: felt,
    left_out_change: ContractChange*,
) -> (contracts_end: ContractChange*, storage_end: DictAccess*, left_out_change: ContractChange*) {
    if (touched == touched_end) {
        return (
            contracts_end=change, storage_end=storage, left_out_change=left_out_change
        );
    }
    let prev = cast(touched.prev_value, StateEntry*);
    let next = cast(touched.new_value, StateEntry*);
    assert change.address = touched.key;
    assert change.prev = prev;
    assert change.next = next;
    if (touched.key == left_out) {
        return squash_storages(
            touched=touched + DictAccess.SIZE,
            touched_end=touched_end,
            storage=storage,
            change=change + ContractChange.SIZE,
            left_out=left_out,
            left_out_change=change,
        );
    }
    assert change.storage = storage;
    let (storage_end) = squash_dict(
        dict_accesses=prev.storage_ptr, dict_accesses_end=next.storage_ptr, squashed_dict=storage
    );
    assert change.storage_end = storage_end;
    return squash_storages(
        touched=touched + DictAccess.SIZE,
        touched_end=touched_end,
        storage=change.storage_end,
        change=change + ContractChange.SIZE,
        left_out=left_out,
        left_out_change=left_out_change,
    );
}
