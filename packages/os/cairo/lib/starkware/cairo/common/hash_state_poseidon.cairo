// Poseidon hash of a list that is gathered first and hashed at the end.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin
from starkware.cairo.common.memcpy import memcpy

// The gathered words lie in [start, end).
struct HashState {
    start: felt*,
    end: felt*,
}

func hash_init() -> HashState {
    let (start) = alloc();
    let empty = HashState(start=start, end=start);
    return empty;
}

func hash_update_single{hash_state: HashState}(item: felt) {
    assert [hash_state.end] = item;
    let hash_state = HashState(start=hash_state.start, end=hash_state.end + 1);
    return ();
}

func hash_update{hash_state: HashState}(data_ptr: felt*, data_length: felt) {
    let gathered = HashState(start=hash_state.start, end=hash_state.end + data_length);
    memcpy(dst=hash_state.end, src=data_ptr, len=data_length);
    let hash_state = gathered;
    return ();
}

// Adds one word: the hash of the given list.
func hash_update_with_nested_hash{poseidon_ptr: PoseidonBuiltin*, hash_state: HashState}(
    data_ptr: felt*, data_length: felt
) {
    let (item) = poseidon_hash_many(n=data_length, elements=data_ptr);
    hash_update_single(item=item);
    return ();
}

func hash_finalize{poseidon_ptr: PoseidonBuiltin*}(hash_state: HashState) -> felt {
    let (hash) = poseidon_hash_many(
        n=hash_state.end - hash_state.start, elements=hash_state.start
    );
    return hash;
}
