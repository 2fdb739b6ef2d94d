// Pedersen hash of a list of words: H(...H(H(0, w0), w1)..., number of words).
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.hash import hash2

struct HashState {
    current_hash: felt,
    n_words: felt,
}

func hash_init() -> (hash_state_ptr: HashState*) {
    return (hash_state_ptr=new HashState(current_hash=0, n_words=0));
}

func hash_update{hash_ptr: HashBuiltin*}(
    hash_state_ptr: HashState*, data_ptr: felt*, data_length
) -> (new_hash_state_ptr: HashState*) {
    let (hash) = hash_felts_no_padding(
        data_ptr=data_ptr, data_length=data_length, initial_hash=hash_state_ptr.current_hash
    );
    return (
        new_hash_state_ptr=new HashState(
            current_hash=hash, n_words=hash_state_ptr.n_words + data_length
        ),
    );
}

func hash_update_single{hash_ptr: HashBuiltin*}(hash_state_ptr: HashState*, item) -> (
    new_hash_state_ptr: HashState*
) {
    let (hash) = hash2(x=hash_state_ptr.current_hash, y=item);
    return (
        new_hash_state_ptr=new HashState(current_hash=hash, n_words=hash_state_ptr.n_words + 1),
    );
}

// Adds one word: the hash of the given list.
func hash_update_with_hashchain{hash_ptr: HashBuiltin*}(
    hash_state_ptr: HashState*, data_ptr: felt*, data_length: felt
) -> (new_hash_state_ptr: HashState*) {
    let (item) = hash_felts(data=data_ptr, length=data_length);
    return hash_update_single(hash_state_ptr=hash_state_ptr, item=item);
}

func hash_finalize{hash_ptr: HashBuiltin*}(hash_state_ptr: HashState*) -> (hash: felt) {
    let (hash) = hash2(x=hash_state_ptr.current_hash, y=hash_state_ptr.n_words);
    return (hash=hash);
}

// H(...H(initial_hash, data[0])..., data[data_length - 1])
func hash_felts_no_padding{hash_ptr: HashBuiltin*}(
    data_ptr: felt*, data_length: felt, initial_hash: felt
) -> (hash: felt) {
    if (data_length == 0) {
        return (hash=initial_hash);
    }
    tempvar hashes = hash_ptr;
    tempvar word = data_ptr;
    tempvar left = data_length;
    tempvar hash = initial_hash;

    next:
    let hashes = cast([ap - 4], HashBuiltin*);
    let word = cast([ap - 3], felt*);
    let left = [ap - 2];
    assert hashes.x = [ap - 1];
    assert hashes.y = [word];
    tempvar next_hashes = hashes + HashBuiltin.SIZE;
    tempvar next_word = word + 1;
    tempvar next_left = left - 1;
    tempvar hash = hashes.result;
    jmp next if next_left != 0;

    let hash_ptr = next_hashes;
    return (hash=hash);
}

func hash_felts{hash_ptr: HashBuiltin*}(data: felt*, length: felt) -> (hash: felt) {
    let (hash) = hash_felts_no_padding(data_ptr=data, data_length=length, initial_hash=0);
    let (hash) = hash2(x=hash, y=length);
    return (hash=hash);
}
