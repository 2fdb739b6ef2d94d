// Proves the state's tries: that the first values of a block's changes stand in the old ones, and that with the last
// values they are the new ones.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash, poseidon_hash_many
from starkware.cairo.common.cairo_builtins import HashBuiltin, PoseidonBuiltin
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.hash import hash2
from starkware.cairo.common.patricia import patricia_update_using_update_constants
from starkware.cairo.common.patricia_utils import (
    MAX_LENGTH,
    PatriciaUpdateConstants,
    patricia_update_constants_new,
)
from starkware.cairo.common.patricia_with_poseidon import (
    patricia_update_using_update_constants as patricia_update_over_poseidon,
)
from cairn.os.contract_change import ContractChange
from cairn.os.execution.state_entry import StateEntry
from cairn.os.state_changes import StateChanges

const STATE_PREFIX = 'STARKNET_STATE_V0';
const CLASS_LEAF_PREFIX = 'CONTRACT_CLASS_LEAF_V0';

// The roots of the state before and after the changes.
func update_state_root{pedersen_ptr: HashBuiltin*, range_check_ptr, poseidon_ptr: PoseidonBuiltin*}(
    changes: StateChanges*
) -> (prev_root: felt, next_root: felt) {
    alloc_locals;
    let (local constants) = patricia_update_constants_new();

    let (local leaves: DictAccess*) = alloc();
    let (leaves_end) = update_contracts(
        constants=constants,
        change=changes.contracts,
        end=changes.contracts_end,
        leaf=leaves,
    );
    local prev_contracts = nondet %{ cairn.os.contracts_root %};
    local next_contracts = nondet %{ cairn.os.next_contracts_root %};
    patricia_update_using_update_constants{hash_ptr=pedersen_ptr}(
        patricia_update_constants=constants,
        update_ptr=leaves,
        n_updates=(leaves_end - leaves) / DictAccess.SIZE,
        height=MAX_LENGTH,
        prev_root=prev_contracts,
        new_root=next_contracts,
    );

    let (local class_leaves: DictAccess*) = alloc();
    let (class_leaves_end) = make_class_leaves(
        change=changes.classes, end=changes.classes_end, leaf=class_leaves
    );
    local prev_classes = nondet %{ cairn.os.classes_root %};
    local next_classes = nondet %{ cairn.os.next_classes_root %};
    patricia_update_over_poseidon(
        patricia_update_constants=constants,
        update_ptr=class_leaves,
        n_updates=(class_leaves_end - class_leaves) / DictAccess.SIZE,
        height=MAX_LENGTH,
        prev_root=prev_classes,
        new_root=next_classes,
    );

    let (local prev_root) = state_root(contracts_root=prev_contracts, classes_root=prev_classes);
    let (next_root) = state_root(contracts_root=next_contracts, classes_root=next_classes);
    return (prev_root=prev_root, next_root=next_root);
}

// The empty state has root 0.
func state_root{poseidon_ptr: PoseidonBuiltin*}(contracts_root, classes_root) -> (root: felt) {
    if (contracts_root == 0) {
        if (classes_root == 0) {
            return (root=0);
        }
    }
    let (root) = poseidon_hash_many(
        n=3, elements=new (STATE_PREFIX, contracts_root, classes_root)
    );
    return (root=root);
}

// Proves each contract's storage trie and writes how its leaf changes. Roots are the prover's, bound by the leaf.
func update_contracts{pedersen_ptr: HashBuiltin*, range_check_ptr}(
    constants: PatriciaUpdateConstants*, change: ContractChange*, end: ContractChange*, leaf: DictAccess*
) -> (leaves_end: DictAccess*) {
    alloc_locals;
    if (change == end) {
        return (leaves_end=leaf);
    }
    local prev_root = nondet %{ cairn.os.storage_root %};
    local next_root = nondet %{ cairn.os.next_storage_root %};
    patricia_update_using_update_constants{hash_ptr=pedersen_ptr}(
        patricia_update_constants=constants,
        update_ptr=change.storage,
        n_updates=(change.storage_end - change.storage) / DictAccess.SIZE,
        height=MAX_LENGTH,
        prev_root=prev_root,
        new_root=next_root,
    );
    let (prev_leaf) = contract_leaf(contract=change.prev, storage_root=prev_root);
    assert leaf.key = change.address;
    assert leaf.prev_value = prev_leaf;
    let (next_leaf) = contract_leaf(contract=change.next, storage_root=next_root);
    assert leaf.new_value = next_leaf;
    return update_contracts(
        constants=constants,
        change=change + ContractChange.SIZE,
        end=end,
        leaf=leaf + DictAccess.SIZE,
    );
}

// A contract that holds nothing has no leaf.
func contract_leaf{pedersen_ptr: HashBuiltin*}(contract: StateEntry*, storage_root) -> (leaf: felt) {
    if (contract.class_hash == 0) {
        if (contract.nonce == 0) {
            if (storage_root == 0) {
                return (leaf=0);
            }
        }
    }
    let hash_ptr = pedersen_ptr;
    with hash_ptr {
        let (hash) = hash2(contract.class_hash, storage_root);
        let (hash) = hash2(hash, contract.nonce);
        let (leaf) = hash2(hash, 0);
    }
    let pedersen_ptr = hash_ptr;
    return (leaf=leaf);
}

func make_class_leaves{poseidon_ptr: PoseidonBuiltin*}(
    change: DictAccess*, end: DictAccess*, leaf: DictAccess*
) -> (leaves_end: DictAccess*) {
    if (change == end) {
        return (leaves_end=leaf);
    }
    let (prev_leaf) = class_leaf(compiled_class_hash=change.prev_value);
    assert leaf.key = change.key;
    assert leaf.prev_value = prev_leaf;
    let (next_leaf) = class_leaf(compiled_class_hash=change.new_value);
    assert leaf.new_value = next_leaf;
    return make_class_leaves(
        change=change + DictAccess.SIZE, end=end, leaf=leaf + DictAccess.SIZE
    );
}

// An undeclared class has no leaf.
func class_leaf{poseidon_ptr: PoseidonBuiltin*}(compiled_class_hash) -> (leaf: felt) {
    if (compiled_class_hash == 0) {
        return (leaf=0);
    }
    let (leaf) = poseidon_hash(CLASS_LEAF_PREFIX, compiled_class_hash);
    return (leaf=leaf);
}
