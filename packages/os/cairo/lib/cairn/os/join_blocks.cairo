// The changes of several blocks as those of one: the changes of each block are replayed as accesses.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.memcpy import memcpy
from cairn.os.contract_change import ContractChange
from cairn.os.execution.state_entry import StateEntry
from cairn.os.state_changes import StateChanges, squash_logs

// No contract has this address.
const NO_CONTRACT = -1;

func join_blocks{range_check_ptr}(n_blocks, blocks: StateChanges*) -> (changes: StateChanges*) {
    alloc_locals;
    if (n_blocks == 1) {
        return (changes=blocks);
    }
    let (local contract_log: DictAccess*) = alloc();
    let (local class_log: DictAccess*) = alloc();
    let contract_log_end = contract_log;
    let class_log_end = class_log;
    with contract_log_end, class_log_end {
        replay_blocks(left=n_blocks, block=blocks);
    }
    let (changes, _, _) = squash_logs(
        contract_log=contract_log,
        contract_log_end=contract_log_end,
        class_log=class_log,
        class_log_end=class_log_end,
        left_out=NO_CONTRACT,
    );
    return (changes=changes);
}

func replay_blocks{contract_log_end: DictAccess*, class_log_end: DictAccess*}(
    left, block: StateChanges*
) {
    alloc_locals;
    if (left == 0) {
        return ();
    }
    replay_contracts(change=block.contracts, end=block.contracts_end);
    local class_cells = block.classes_end - block.classes;
    memcpy(dst=class_log_end, src=block.classes, len=class_cells);
    let class_log_end = class_log_end + class_cells;
    return replay_blocks(left=left - 1, block=block + StateChanges.SIZE);
}

// The entries are made anew, since those of different blocks lie in different places. The first of an address is the
// prover's: its values are those that the block proved, and its log, which this function alone writes, may begin
// anywhere.
func replay_contracts{contract_log_end: DictAccess*}(change: ContractChange*, end: ContractChange*) {
    alloc_locals;
    if (change == end) {
        return ();
    }
    let access = contract_log_end;
    let contract_log_end = contract_log_end + DictAccess.SIZE;
    %{ cairn.os.joined_entry %}
    tempvar prev = cast(access.prev_value, StateEntry*);
    assert prev.class_hash = change.prev.class_hash;
    assert prev.nonce = change.prev.nonce;
    local storage: DictAccess* = prev.storage_ptr;
    local cell_count = change.storage_end - change.storage;
    memcpy(dst=storage, src=change.storage, len=cell_count);
    assert access.key = change.address;
    assert access.new_value = cast(
        new StateEntry(
            class_hash=change.next.class_hash,
            storage_ptr=storage + cell_count,
            nonce=change.next.nonce,
        ),
        felt,
    );
    return replay_contracts(change=change + ContractChange.SIZE, end=end);
}
