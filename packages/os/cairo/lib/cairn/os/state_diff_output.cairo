// The changes of the state as words for L1: the short form, from which a node rebuilds the state, and the full form,
// from which a later program can join the outputs of several runs.
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.contract_change import ContractChange
from cairn.os.state_changes import StateChanges
from cairn.os.state_diff_commitment import write_cells, write_declared_classes

const SMALL_COUNT_BOUND = 2 ** 8;
const COUNT_BOUND = 2 ** 64;
const NONCE_BOUND = 2 ** 64;

// Before a contract's cells in the full form.
struct FullContract {
    address: felt,
    prev_nonce: felt,
    next_nonce: felt,
    prev_class_hash: felt,
    next_class_hash: felt,
    n_cells: felt,
}

func write_state_diff{range_check_ptr}(changes: StateChanges*, words: felt*) -> (end: felt*) {
    alloc_locals;
    let (end, n_contracts) = write_contracts(
        change=changes.contracts, end=changes.contracts_end, word=words + 1, n_contracts=0
    );
    assert words[0] = n_contracts;
    local classes: felt* = end;
    let (end) = write_declared_classes(
        change=changes.classes, end=changes.classes_end, word=classes + 1
    );
    tempvar class_words = end - (classes + 1);
    assert classes[0] = class_words / 2;
    return (end=end);
}

// For each changed contract its address, a word of counts, its class if that is new, keys and new values.
func write_contracts{range_check_ptr}(
    change: ContractChange*, end: ContractChange*, word: felt*, n_contracts
) -> (end: felt*, n_contracts: felt) {
    alloc_locals;
    if (change == end) {
        return (end=word, n_contracts=n_contracts);
    }
    let prev = change.prev;
    let next = change.next;
    if (prev.class_hash == next.class_hash) {
        let (cells_end) = write_cells(access=change.storage, end=change.storage_end, word=word + 2);
        tempvar cell_words = cells_end - (word + 2);
        if (cell_words == 0) {
            if (prev.nonce == next.nonce) {
                return write_contracts(change + ContractChange.SIZE, end, word, n_contracts);
            }
        }
        let (counts) = pack_counts(
            prev_nonce=prev.nonce, next_nonce=next.nonce, n_cells=cell_words / 2
        );
        assert word[0] = change.address;
        assert word[1] = counts * 2;
        return write_contracts(change + ContractChange.SIZE, end, cells_end, n_contracts + 1);
    }
    let (cells_end) = write_cells(access=change.storage, end=change.storage_end, word=word + 3);
    tempvar cell_words = cells_end - (word + 3);
    let (counts) = pack_counts(
        prev_nonce=prev.nonce, next_nonce=next.nonce, n_cells=cell_words / 2
    );
    assert word[0] = change.address;
    assert word[1] = counts * 2 + 1;
    assert word[2] = next.class_hash;
    return write_contracts(change + ContractChange.SIZE, end, cells_end, n_contracts + 1);
}

// From the lowest bit: whether the count of cells takes 8 bits and not 64, the count, the nonce if it is new.
func pack_counts{range_check_ptr}(prev_nonce, next_nonce, n_cells) -> (counts: felt) {
    alloc_locals;
    let (local nonce) = changed_nonce(prev_nonce, next_nonce);
    %{ cairn.os.has_many_cells %}
    jmp many if [ap] != 0, ap++;
    assert [range_check_ptr] = SMALL_COUNT_BOUND - 1 - n_cells;
    let range_check_ptr = range_check_ptr + 1;
    return (counts=(nonce * SMALL_COUNT_BOUND + n_cells) * 2 + 1);

    many:
    assert [range_check_ptr] = n_cells - SMALL_COUNT_BOUND;
    let range_check_ptr = range_check_ptr + 1;
    return (counts=(nonce * COUNT_BOUND + n_cells) * 2);
}

func changed_nonce{range_check_ptr}(prev_nonce, next_nonce) -> (nonce: felt) {
    if (prev_nonce == next_nonce) {
        return (nonce=0);
    }
    assert [range_check_ptr] = next_nonce;
    assert [range_check_ptr + 1] = NONCE_BOUND - 1 - next_nonce;
    let range_check_ptr = range_check_ptr + 2;
    return (nonce=next_nonce);
}

func write_full_state_diff(changes: StateChanges*, words: felt*) -> (end: felt*) {
    alloc_locals;
    let (end, n_contracts) = write_full_contracts(
        change=changes.contracts, end=changes.contracts_end, word=words + 1, n_contracts=0
    );
    assert words[0] = n_contracts;
    local classes: felt* = end;
    let (end) = write_full_accesses(
        access=changes.classes, end=changes.classes_end, word=classes + 1
    );
    tempvar class_words = end - (classes + 1);
    assert classes[0] = class_words / DictAccess.SIZE;
    return (end=end);
}

func write_full_contracts(
    change: ContractChange*, end: ContractChange*, word: felt*, n_contracts
) -> (end: felt*, n_contracts: felt) {
    alloc_locals;
    if (change == end) {
        return (end=word, n_contracts=n_contracts);
    }
    let prev = change.prev;
    let next = change.next;
    local cells: felt* = word + FullContract.SIZE;
    let (cells_end) = write_full_accesses(
        access=change.storage, end=change.storage_end, word=cells
    );
    tempvar cell_words = cells_end - cells;
    if (cell_words == 0) {
        if (prev.nonce == next.nonce) {
            if (prev.class_hash == next.class_hash) {
                return write_full_contracts(
                    change + ContractChange.SIZE, end, word, n_contracts
                );
            }
        }
    }
    assert [cast(word, FullContract*)] = FullContract(
        address=change.address,
        prev_nonce=prev.nonce,
        next_nonce=next.nonce,
        prev_class_hash=prev.class_hash,
        next_class_hash=next.class_hash,
        n_cells=cell_words / DictAccess.SIZE,
    );
    return write_full_contracts(change + ContractChange.SIZE, end, cells_end, n_contracts + 1);
}

// The accesses that changed a value, whole.
func write_full_accesses(access: DictAccess*, end: DictAccess*, word: felt*) -> (end: felt*) {
    if (access == end) {
        return (end=word);
    }
    if (access.prev_value == access.new_value) {
        return write_full_accesses(access + DictAccess.SIZE, end, word);
    }
    assert [cast(word, DictAccess*)] = [access];
    return write_full_accesses(access + DictAccess.SIZE, end, word + DictAccess.SIZE);
}
