// What a transaction changed, counted from the log of accesses: the part of its price that is for publishing.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.squash_dict import squash_dict
from cairn.os.execution.state_entry import StateEntry

struct StateChangesCount {
    // Without the fee token, which changes in every block anyway.
    modified_contracts: felt,
    // Cells with another value than before.
    storage_updates: felt,
    class_updates: felt,
    // Of the cells, those that were 0.
    allocated_keys: felt,
    // Whether the payer's balance, which the fee will change, is among the cells.
    has_payer_balance: felt,
}

// The fee token and the cell of the payer's balance in it.
struct FeeCell {
    token: felt,
    key: felt,
}

func count_state_changes{range_check_ptr}(
    start: DictAccess*, end: DictAccess*, fee_cell: FeeCell*
) -> (count: StateChangesCount) {
    alloc_locals;
    let (local contracts: DictAccess*) = alloc();
    let (contracts_end) = squash_dict(
        dict_accesses=start, dict_accesses_end=end, squashed_dict=contracts
    );
    return count_contracts(contracts, contracts_end, fee_cell, StateChangesCount(0, 0, 0, 0, 0));
}

func count_contracts{range_check_ptr}(
    contract: DictAccess*, end: DictAccess*, fee_cell: FeeCell*, count: StateChangesCount
) -> (count: StateChangesCount) {
    alloc_locals;
    if (contract == end) {
        return (count=count);
    }
    local before: StateEntry* = cast(contract.prev_value, StateEntry*);
    local after: StateEntry* = cast(contract.new_value, StateEntry*);
    let (local is_fee_token) = is_equal(contract.key, fee_cell.token);
    let (local cells: CellsCount) = count_storage(
        cast(before.storage_ptr, DictAccess*), cast(after.storage_ptr, DictAccess*), fee_cell.key
    );
    let (local has_same_class) = is_equal(before.class_hash, after.class_hash);
    let (has_same_nonce) = is_equal(before.nonce, after.nonce);
    let (is_unchanged) = is_equal(has_same_class + has_same_nonce - cells.updates, 2);
    return count_contracts(
        contract=contract + DictAccess.SIZE,
        end=end,
        fee_cell=fee_cell,
        count=StateChangesCount(
            modified_contracts=count.modified_contracts + (1 - is_unchanged) * (1 - is_fee_token),
            storage_updates=count.storage_updates + cells.updates,
            class_updates=count.class_updates + 1 - has_same_class,
            allocated_keys=count.allocated_keys + cells.allocated,
            has_payer_balance=count.has_payer_balance + is_fee_token * cells.has_key,
        ),
    );
}

struct CellsCount {
    updates: felt,
    allocated: felt,
    has_key: felt,
}

func count_storage{range_check_ptr}(start: DictAccess*, end: DictAccess*, key) -> (
    count: CellsCount
) {
    alloc_locals;
    if (start == end) {
        return (count=CellsCount(0, 0, 0));
    }
    let (local cells: DictAccess*) = alloc();
    let (cells_end) = squash_dict(dict_accesses=start, dict_accesses_end=end, squashed_dict=cells);
    let (count) = count_cells(cells, cells_end, key, CellsCount(0, 0, 0));
    return (count=count);
}

func count_cells(cell: DictAccess*, end: DictAccess*, key, count: CellsCount) -> (
    count: CellsCount
) {
    alloc_locals;
    if (cell == end) {
        return (count=count);
    }
    if (cell.prev_value == cell.new_value) {
        return count_cells(cell + DictAccess.SIZE, end, key, count);
    }
    let (local was_zero) = is_equal(cell.prev_value, 0);
    let (has_key) = is_equal(cell.key, key);
    return count_cells(
        cell=cell + DictAccess.SIZE,
        end=end,
        key=key,
        count=CellsCount(
            updates=count.updates + 1,
            allocated=count.allocated + was_zero,
            has_key=count.has_key + has_key,
        ),
    );
}

func is_equal(a, b) -> (is_equal: felt) {
    if (a == b) {
        return (is_equal=1);
    }
    return (is_equal=0);
}
