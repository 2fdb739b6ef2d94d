// Keccak-256 without a builtin of its own. Permutations are taken at their word at first: keccak_ptr passes states
// before and after each, which finalize_keccak proves at the end of the program, three at a time.
//
// Messages are words of 64 bits with the first byte lowest. The hash is a number with the first byte lowest, or
// highest where the name says bigend. That words of the message are in range is proven by finalize_keccak too.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.cairo_keccak.packed_keccak import BLOCK_SIZE, packed_keccak_func
from starkware.cairo.common.keccak_utils.keccak_utils import keccak_add_felts, keccak_add_uint256s
from starkware.cairo.common.math import assert_nn_le, unsigned_div_rem
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_label_location
from starkware.cairo.common.uint256 import Uint256, uint256_reverse_endian

const KECCAK_STATE_SIZE_FELTS = 25;
const KECCAK_FULL_RATE_IN_BYTES = 136;
const KECCAK_FULL_RATE_IN_WORDS = 17;
const KECCAK_CAPACITY_IN_WORDS = 8;
const BYTES_IN_WORD = 8;
const MAX_WORD = 2 ** 64 - 1;

// The hash of n_elements numbers of 32 bytes, their lowest byte first.
func cairo_keccak_uint256s{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    n_elements: felt, elements: Uint256*
) -> (res: Uint256) {
    alloc_locals;
    let (local start: felt*) = alloc();
    let inputs = start;
    keccak_add_uint256s{inputs=inputs}(n_elements=n_elements, elements=elements, bigend=0);
    return cairo_keccak(inputs=start, n_bytes=n_elements * 32);
}

// The same of numbers with their highest byte first, as is the hash.
func cairo_keccak_uint256s_bigend{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    n_elements: felt, elements: Uint256*
) -> (res: Uint256) {
    alloc_locals;
    let (local start: felt*) = alloc();
    let inputs = start;
    keccak_add_uint256s{inputs=inputs}(n_elements=n_elements, elements=elements, bigend=1);
    return cairo_keccak_bigend(inputs=start, n_bytes=n_elements * 32);
}

func cairo_keccak_felts{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    n_elements: felt, elements: felt*
) -> (res: Uint256) {
    alloc_locals;
    let (local start: felt*) = alloc();
    let inputs = start;
    keccak_add_felts{inputs=inputs}(n_elements=n_elements, elements=elements, bigend=0);
    return cairo_keccak(inputs=start, n_bytes=n_elements * 32);
}

func cairo_keccak_felts_bigend{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    n_elements: felt, elements: felt*
) -> (res: Uint256) {
    alloc_locals;
    let (local start: felt*) = alloc();
    let inputs = start;
    keccak_add_felts{inputs=inputs}(n_elements=n_elements, elements=elements, bigend=1);
    return cairo_keccak_bigend(inputs=start, n_bytes=n_elements * 32);
}

func cairo_keccak{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt
) -> (res: Uint256) {
    let (words) = cairo_keccak_as_words(inputs=inputs, n_bytes=n_bytes);
    return (
        res=Uint256(low=words[0] + words[1] * 2 ** 64, high=words[2] + words[3] * 2 ** 64)
    );
}

func cairo_keccak_bigend{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt
) -> (res: Uint256) {
    let (hash) = cairo_keccak(inputs=inputs, n_bytes=n_bytes);
    let (reversed) = uint256_reverse_endian(hash);
    return (res=reversed);
}

// The hash as the first four of these words.
func cairo_keccak_as_words{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt
) -> (output: felt*) {
    let (empty) = get_label_location(zeros);
    return _keccak(inputs=inputs, n_bytes=n_bytes, state=empty);

    zeros:
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
    dw 0;
}

// The state after the state took the rest of a message. The hint only chooses how many blocks are full: the last one
// is proven not to be.
func _keccak{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt, state: felt*
) -> (output: felt*) {
    alloc_locals;
    %{ cairn.keccak.is_full_block %}
    jmp full_block if [ap] != 0, ap++;
    assert_nn_le(n_bytes, KECCAK_FULL_RATE_IN_BYTES - 1);
    _prepare_block(inputs=inputs, n_bytes=n_bytes, state=state);
    _block_permutation();
    return (output=keccak_ptr - KECCAK_STATE_SIZE_FELTS);

    full_block:
    _prepare_block(inputs=inputs, n_bytes=KECCAK_FULL_RATE_IN_BYTES, state=state);
    _block_permutation();
    return _keccak(
        inputs=inputs + KECCAK_FULL_RATE_IN_WORDS,
        n_bytes=n_bytes - KECCAK_FULL_RATE_IN_BYTES,
        state=keccak_ptr - KECCAK_STATE_SIZE_FELTS,
    );
}

// Writes the state mixed with a block: one of n_bytes = 136, or the last one, padded, of n_bytes in [0, 136).
func _prepare_block{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt, state: felt*
) {
    alloc_locals;
    local state_start: felt* = state;
    local start: felt* = keccak_ptr;
    _copy_inputs{inputs=inputs, n_bytes=n_bytes, state=state}();
    _padding(
        inputs=inputs,
        n_bytes=n_bytes,
        state=state,
        words_left=start + KECCAK_FULL_RATE_IN_WORDS - keccak_ptr,
    );
    memcpy(
        dst=keccak_ptr,
        src=state_start + KECCAK_FULL_RATE_IN_WORDS,
        len=KECCAK_CAPACITY_IN_WORDS,
    );
    let keccak_ptr = keccak_ptr + KECCAK_CAPACITY_IN_WORDS;
    return ();
}

// Mixes full words of the message into the state; what is left is less than a word.
func _copy_inputs{
    range_check_ptr,
    bitwise_ptr: BitwiseBuiltin*,
    keccak_ptr: felt*,
    inputs: felt*,
    n_bytes: felt,
    state: felt*,
}() {
    %{ cairn.keccak.is_full_word %}
    jmp full_word if [ap] != 0, ap++;
    assert_nn_le(n_bytes, BYTES_IN_WORD - 1);
    return ();

    full_word:
    mix_word(state=state, word=[inputs]);
    let inputs = inputs + 1;
    let state = state + 1;
    let n_bytes = n_bytes - BYTES_IN_WORD;
    return _copy_inputs();
}

func mix_word{bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(state: felt*, word: felt) {
    assert bitwise_ptr.x = [state];
    assert bitwise_ptr.y = word;
    assert [keccak_ptr] = bitwise_ptr.x_xor_y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    let keccak_ptr = keccak_ptr + 1;
    return ();
}

// Ends a block, of which words_left are left: the last n_bytes of the message, less than a word, a bit after them,
// and the block's last bit.
func _padding{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    inputs: felt*, n_bytes: felt, state: felt*, words_left: felt
) {
    alloc_locals;
    if (words_left == 0) {
        return ();
    }
    let (local padded) = pad_word(inputs=inputs, n_bytes=n_bytes);
    if (words_left == 1) {
        mix_word(state=state, word=padded + 2 ** 63);
        return ();
    }
    mix_word(state=state, word=padded);
    memcpy(dst=keccak_ptr, src=state + 1, len=words_left - 2);
    let keccak_ptr = keccak_ptr + words_left - 2;
    mix_word(state=state + words_left - 1, word=2 ** 63);
    return ();
}

// The last n_bytes in [0, 8) and a bit after them. The word must have no other bytes.
func pad_word{range_check_ptr}(inputs: felt*, n_bytes: felt) -> (padded: felt) {
    if (n_bytes == 0) {
        return (padded=1);
    }
    let (bounds) = get_label_location(powers);
    tempvar bound = [bounds + n_bytes];
    assert_nn_le([inputs], bound - 1);
    return (padded=[inputs] + bound);

    powers:
    dw 2 ** 0;
    dw 2 ** 8;
    dw 2 ** 16;
    dw 2 ** 24;
    dw 2 ** 32;
    dw 2 ** 40;
    dw 2 ** 48;
    dw 2 ** 56;
}

// A permutation that is to be proven.
func _block_permutation{keccak_ptr: felt*}() {
    %{ cairn.keccak.permutation %}
    let keccak_ptr = keccak_ptr + KECCAK_STATE_SIZE_FELTS;
    return ();
}

// Proves the permutations from start to end.
func finalize_keccak{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(
    keccak_ptr_start: felt*, keccak_ptr_end: felt*
) {
    alloc_locals;
    tempvar count = (keccak_ptr_end - keccak_ptr_start) / (2 * KECCAK_STATE_SIZE_FELTS);
    if (count == 0) {
        return ();
    }
    // More permutations follow, so that the last block is full.
    %{ cairn.keccak.fill_block %}
    let (block_count, _) = unsigned_div_rem(count + BLOCK_SIZE - 1, BLOCK_SIZE);
    return _finalize_keccak_inner(keccak_ptr=keccak_ptr_start, n=block_count);
}

// Proves n blocks of three permutations.
func _finalize_keccak_inner{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(
    keccak_ptr: felt*, n: felt
) {
    if (n == 0) {
        return ();
    }
    alloc_locals;
    let (local packed: felt*) = alloc();
    pack_states(first=keccak_ptr, packed=packed);
    let (permuted) = packed_keccak_func(packed);
    pack_states(first=keccak_ptr + KECCAK_STATE_SIZE_FELTS, packed=permuted);
    return _finalize_keccak_inner(
        keccak_ptr=keccak_ptr + BLOCK_SIZE * 2 * KECCAK_STATE_SIZE_FELTS, n=n - 1
    );
}

// The packed lanes are those of three states, the first at `first`, the others after it in the same place. All words
// of the states are in range.
func pack_states{range_check_ptr}(first: felt*, packed: felt*) {
    const NEXT = 2 * KECCAK_STATE_SIZE_FELTS;
    tempvar max_word = MAX_WORD;
    tempvar checks = range_check_ptr;
    tempvar state = first;
    tempvar lane = packed;
    tempvar left = KECCAK_STATE_SIZE_FELTS;

    next_lane:
    let max_word = [ap - 5];
    let checks = [ap - 4];
    let state = cast([ap - 3], felt*);
    let lane = cast([ap - 2], felt*);
    let left = [ap - 1];
    tempvar a = state[0];
    tempvar b = state[NEXT];
    tempvar c = state[2 * NEXT];
    assert [checks] = a;
    assert [checks + 1] = max_word - a;
    assert [checks + 2] = b;
    assert [checks + 3] = max_word - b;
    assert [checks + 4] = c;
    assert [checks + 5] = max_word - c;
    assert [lane] = a + b * 2 ** 64 + c * 2 ** 128;
    tempvar max_word = max_word;
    tempvar checks = checks + 6;
    tempvar state = state + 1;
    tempvar lane = lane + 1;
    tempvar left = left - 1;
    jmp next_lane if left != 0;

    let range_check_ptr = [ap - 4];
    return ();
}
