// The commitment of a block to what it changed in the state.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.contract_change import ContractChange
from cairn.os.state_changes import StateChanges

const STATE_DIFF_PREFIX = 'STARKNET_STATE_DIFF0';

// Returns the commitment and the number of changed values.
func commit_to_state_diff{poseidon_ptr: PoseidonBuiltin*}(changes: StateChanges*) -> (
    commitment: felt, length: felt
) {
    alloc_locals;
    let (local words) = alloc();
    assert words[0] = STATE_DIFF_PREFIX;

    // Contracts with a new class.
    let (end) = write_classes_of_contracts(
        change=changes.contracts, end=changes.contracts_end, word=words + 2
    );
    local class_words = end - (words + 2);
    local n_classes = class_words / 2;
    assert words[1] = n_classes;

    // Declared classes; after them no class of Cairo 0, and one mode of data availability, L1.
    local declared: felt* = end;
    let (end) = write_declared_classes(
        change=changes.classes, end=changes.classes_end, word=declared + 1
    );
    local declared_words = end - (declared + 1);
    local n_declared = declared_words / 2;
    assert declared[0] = n_declared;
    assert end[0] = 0;
    assert end[1] = 1;
    assert end[2] = 0;

    local storage: felt* = end + 3;
    let (end, n_contracts, n_cells) = write_storage(
        change=changes.contracts,
        end=changes.contracts_end,
        word=storage + 1,
        n_contracts=0,
        n_cells=0,
    );
    assert storage[0] = n_contracts;
    local n_cells = n_cells;

    local nonces: felt* = end;
    let (end) = write_nonces(
        change=changes.contracts, end=changes.contracts_end, word=nonces + 1
    );
    local nonce_words = end - (nonces + 1);
    local n_nonces = nonce_words / 2;
    assert nonces[0] = n_nonces;

    let (commitment) = poseidon_hash_many(n=end - words, elements=words);
    return (commitment=commitment, length=n_classes + n_declared + n_cells + n_nonces);
}

func write_classes_of_contracts(change: ContractChange*, end: ContractChange*, word: felt*) -> (
    end: felt*
) {
    if (change == end) {
        return (end=word);
    }
    if (change.prev.class_hash == change.next.class_hash) {
        return write_classes_of_contracts(change + ContractChange.SIZE, end, word);
    }
    assert word[0] = change.address;
    assert word[1] = change.next.class_hash;
    return write_classes_of_contracts(change + ContractChange.SIZE, end, word + 2);
}

func write_declared_classes(change: DictAccess*, end: DictAccess*, word: felt*) -> (end: felt*) {
    if (change == end) {
        return (end=word);
    }
    if (change.prev_value == change.new_value) {
        return write_declared_classes(change + DictAccess.SIZE, end, word);
    }
    assert word[0] = change.key;
    assert word[1] = change.new_value;
    return write_declared_classes(change + DictAccess.SIZE, end, word + 2);
}

func write_storage(
    change: ContractChange*, end: ContractChange*, word: felt*, n_contracts, n_cells
) -> (end: felt*, n_contracts: felt, n_cells: felt) {
    if (change == end) {
        return (end=word, n_contracts=n_contracts, n_cells=n_cells);
    }
    let (cells_end) = write_cells(access=change.storage, end=change.storage_end, word=word + 2);
    tempvar cell_words = cells_end - (word + 2);
    if (cell_words == 0) {
        return write_storage(change + ContractChange.SIZE, end, word, n_contracts, n_cells);
    }
    tempvar count = cell_words / 2;
    assert word[0] = change.address;
    assert word[1] = count;
    return write_storage(
        change + ContractChange.SIZE, end, word + 2 + cell_words, n_contracts + 1, n_cells + count
    );
}

// Keys and new values of the cells that changed.
func write_cells(access: DictAccess*, end: DictAccess*, word: felt*) -> (cells_end: felt*) {
    if (access == end) {
        return (cells_end=word);
    }
    if (access.prev_value == access.new_value) {
        return write_cells(access + DictAccess.SIZE, end, word);
    }
    assert word[0] = access.key;
    assert word[1] = access.new_value;
    return write_cells(access + DictAccess.SIZE, end, word + 2);
}

func write_nonces(change: ContractChange*, end: ContractChange*, word: felt*) -> (end: felt*) {
    if (change == end) {
        return (end=word);
    }
    if (change.prev.nonce == change.next.nonce) {
        return write_nonces(change + ContractChange.SIZE, end, word);
    }
    assert word[0] = change.address;
    assert word[1] = change.next.nonce;
    return write_nonces(change + ContractChange.SIZE, end, word + 2);
}
