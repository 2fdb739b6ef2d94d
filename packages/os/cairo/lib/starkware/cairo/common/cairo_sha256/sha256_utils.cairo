// Compressions of SHA-256, proven seven at a time: words of 32 bits are side by side in a felt, 35 bits apart, which
// leaves room for sums of eight. A list of compressions has a block of 16 words, the state before and the state
// after, 8 words each. 1,490 steps for each of seven.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.math import unsigned_div_rem
from starkware.cairo.common.registers import get_ap, get_label_location

const BATCH_SIZE = 7;
// One in each of seven words.
const SHIFTS = 1 + 2 ** 35 + 2 ** 70 + 2 ** 105 + 2 ** 140 + 2 ** 175 + 2 ** 210;
const WORD_MASK = 2 ** 32 - 1;

const SHA256_INPUT_CHUNK_SIZE_FELTS = 16;
const SHA256_INPUT_CHUNK_SIZE_BYTES = 64;
const SHA256_STATE_SIZE_FELTS = 8;
const SHA256_INSTANCE_SIZE = SHA256_INPUT_CHUNK_SIZE_FELTS + 2 * SHA256_STATE_SIZE_FELTS;
const ROUNDS = 64;

// Proves the compressions from start to end.
func finalize_sha256{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(
    sha256_ptr_start: felt*, sha256_ptr_end: felt*
) {
    alloc_locals;
    tempvar count = (sha256_ptr_end - sha256_ptr_start) / SHA256_INSTANCE_SIZE;
    if (count == 0) {
        return ();
    }
    // More compressions follow, so that the last batch is full.
    %{ cairn.sha256.fill_batch %}
    let (batch_count, _) = unsigned_div_rem(count + BATCH_SIZE - 1, BATCH_SIZE);
    let round_constants = get_round_constants();
    return _finalize_sha256_inner(
        sha256_ptr=sha256_ptr_start, n=batch_count, round_constants=round_constants
    );
}

// Proves n batches.
func _finalize_sha256_inner{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(
    sha256_ptr: felt*, n: felt, round_constants: felt*
) {
    if (n == 0) {
        return ();
    }
    alloc_locals;
    let (local message: felt*) = alloc();
    pack_words(first=sha256_ptr, packed=message, count=SHA256_INPUT_CHUNK_SIZE_FELTS);
    let state_before = sha256_ptr + SHA256_INPUT_CHUNK_SIZE_FELTS;
    let (local state: felt*) = alloc();
    pack_words(first=state_before, packed=state, count=SHA256_STATE_SIZE_FELTS);
    compute_message_schedule(message);
    let (new_state) = sha2_compress(
        state=state, message=message, round_constants=round_constants
    );
    pack_words(
        first=state_before + SHA256_STATE_SIZE_FELTS,
        packed=new_state,
        count=SHA256_STATE_SIZE_FELTS,
    );
    return _finalize_sha256_inner(
        sha256_ptr=sha256_ptr + BATCH_SIZE * SHA256_INSTANCE_SIZE,
        n=n - 1,
        round_constants=round_constants,
    );
}

// The packed words are those of seven compressions, of the first at `first`. They are in range.
func pack_words{range_check_ptr}(first: felt*, packed: felt*, count: felt) {
    tempvar max_word = WORD_MASK;
    tempvar checks = range_check_ptr;
    tempvar word = first;
    tempvar target = packed;
    tempvar left = count;

    next_word:
    let max_word = [ap - 5];
    let checks = [ap - 4];
    let word = cast([ap - 3], felt*);
    let target = cast([ap - 2], felt*);
    let left = [ap - 1];
    tempvar w0 = word[0];
    assert [checks] = w0;
    assert [checks + 1] = max_word - w0;
    tempvar w1 = word[1 * SHA256_INSTANCE_SIZE];
    assert [checks + 2] = w1;
    assert [checks + 3] = max_word - w1;
    tempvar w2 = word[2 * SHA256_INSTANCE_SIZE];
    assert [checks + 4] = w2;
    assert [checks + 5] = max_word - w2;
    tempvar w3 = word[3 * SHA256_INSTANCE_SIZE];
    assert [checks + 6] = w3;
    assert [checks + 7] = max_word - w3;
    tempvar w4 = word[4 * SHA256_INSTANCE_SIZE];
    assert [checks + 8] = w4;
    assert [checks + 9] = max_word - w4;
    tempvar w5 = word[5 * SHA256_INSTANCE_SIZE];
    assert [checks + 10] = w5;
    assert [checks + 11] = max_word - w5;
    tempvar w6 = word[6 * SHA256_INSTANCE_SIZE];
    assert [checks + 12] = w6;
    assert [checks + 13] = max_word - w6;
    assert [target] = w0 + w1 * 2 ** 35 + w2 * 2 ** 70 + w3 * 2 ** 105 + w4 * 2 ** 140 + w5 *
        2 ** 175 + w6 * 2 ** 210;
    tempvar max_word = max_word;
    tempvar checks = checks + 14;
    tempvar word = word + 1;
    tempvar target = target + 1;
    tempvar left = left - 1;
    jmp next_word if left != 0;

    let range_check_ptr = [ap - 4];
    return ();
}

// Writes the words 16 to 63 that follow from a block: each the sum, modulo 2^32, of the words 16 and 7 before it,
// and of those 15 and 2 before it, each as two rotations and a shift, xored.
func compute_message_schedule{bitwise_ptr: BitwiseBuiltin*}(message: felt*) {
    alloc_locals;
    local word_mask = WORD_MASK * SHIFTS;
    local mask_7 = (2 ** 7 - 1) * SHIFTS;
    local mask_18 = (2 ** 18 - 1) * SHIFTS;
    local mask_3 = (2 ** 3 - 1) * SHIFTS;
    local mask_17 = (2 ** 17 - 1) * SHIFTS;
    local mask_19 = (2 ** 19 - 1) * SHIFTS;
    local mask_10 = (2 ** 10 - 1) * SHIFTS;
    tempvar bits = bitwise_ptr;
    tempvar word = message + SHA256_INPUT_CHUNK_SIZE_FELTS;
    tempvar left = ROUNDS - SHA256_INPUT_CHUNK_SIZE_FELTS;

    next_word:
    let bits = cast([ap - 3], BitwiseBuiltin*);
    let word = cast([ap - 2], felt*);
    let left = [ap - 1];
    // low + high * 2^n, rotated to the right by n, is low * 2^(32 - n) + high.
    tempvar older = word[-15];
    assert bits[0].x = older;
    assert bits[0].y = mask_7;
    tempvar low = bits[0].x_and_y;
    assert bits[3].x = older * (1 / 2 ** 7) + low * (2 ** 25 - 1 / 2 ** 7);
    assert bits[1].x = older;
    assert bits[1].y = mask_18;
    tempvar low = bits[1].x_and_y;
    assert bits[3].y = older * (1 / 2 ** 18) + low * (2 ** 14 - 1 / 2 ** 18);
    assert bits[2].x = older;
    assert bits[2].y = mask_3;
    tempvar low = bits[2].x_and_y;
    assert bits[4].x = (older - low) / 2 ** 3;
    assert bits[4].y = bits[3].x_xor_y;
    tempvar older_part = bits[4].x_xor_y;
    tempvar newer = word[-2];
    assert bits[5].x = newer;
    assert bits[5].y = mask_17;
    tempvar low = bits[5].x_and_y;
    assert bits[8].x = newer * (1 / 2 ** 17) + low * (2 ** 15 - 1 / 2 ** 17);
    assert bits[6].x = newer;
    assert bits[6].y = mask_19;
    tempvar low = bits[6].x_and_y;
    assert bits[8].y = newer * (1 / 2 ** 19) + low * (2 ** 13 - 1 / 2 ** 19);
    assert bits[7].x = newer;
    assert bits[7].y = mask_10;
    tempvar low = bits[7].x_and_y;
    assert bits[9].x = (newer - low) / 2 ** 10;
    assert bits[9].y = bits[8].x_xor_y;
    tempvar newer_part = bits[9].x_xor_y;
    assert bits[10].x = word[-16] + older_part + word[-7] + newer_part;
    assert bits[10].y = word_mask;
    assert [word] = bits[10].x_and_y;
    tempvar bits = bits + 11 * BitwiseBuiltin.SIZE;
    tempvar word = word + 1;
    tempvar left = left - 1;
    jmp next_word if left != 0;

    let bitwise_ptr = cast([ap - 3], BitwiseBuiltin*);
    return ();
}

// The state after 64 rounds, added to the state before.
func sha2_compress{bitwise_ptr: BitwiseBuiltin*}(
    state: felt*, message: felt*, round_constants: felt*
) -> (new_state: felt*) {
    alloc_locals;
    local word_mask = WORD_MASK * SHIFTS;
    local mask_6 = (2 ** 6 - 1) * SHIFTS;
    local mask_11 = (2 ** 11 - 1) * SHIFTS;
    local mask_25 = (2 ** 25 - 1) * SHIFTS;
    local mask_2 = (2 ** 2 - 1) * SHIFTS;
    local mask_13 = (2 ** 13 - 1) * SHIFTS;
    local mask_22 = (2 ** 22 - 1) * SHIFTS;
    tempvar bits = bitwise_ptr;
    tempvar word = message;
    tempvar constant = round_constants;
    tempvar left = ROUNDS;
    tempvar a = state[0];
    tempvar b = state[1];
    tempvar c = state[2];
    tempvar d = state[3];
    tempvar e = state[4];
    tempvar f = state[5];
    tempvar g = state[6];
    tempvar h = state[7];

    next_round:
    let bits = cast([ap - 12], BitwiseBuiltin*);
    let word = cast([ap - 11], felt*);
    let constant = cast([ap - 10], felt*);
    let left = [ap - 9];
    let a = [ap - 8];
    let b = [ap - 7];
    let c = [ap - 6];
    let d = [ap - 5];
    let e = [ap - 4];
    let f = [ap - 3];
    let g = [ap - 2];
    let h = [ap - 1];

    assert bits[0].x = e;
    assert bits[0].y = mask_6;
    tempvar low = bits[0].x_and_y;
    assert bits[3].x = e * (1 / 2 ** 6) + low * (2 ** 26 - 1 / 2 ** 6);
    assert bits[1].x = e;
    assert bits[1].y = mask_11;
    tempvar low = bits[1].x_and_y;
    assert bits[3].y = e * (1 / 2 ** 11) + low * (2 ** 21 - 1 / 2 ** 11);
    assert bits[2].x = e;
    assert bits[2].y = mask_25;
    tempvar low = bits[2].x_and_y;
    assert bits[4].x = e * (1 / 2 ** 25) + low * (2 ** 7 - 1 / 2 ** 25);
    assert bits[4].y = bits[3].x_xor_y;
    tempvar of_e = bits[4].x_xor_y;
    // Where e has a bit that of f, elsewhere that of g.
    assert bits[5].x = e;
    assert bits[5].y = f;
    assert bits[6].x = e;
    assert bits[6].y = g;
    tempvar first = h + of_e + bits[5].x_and_y + g - bits[6].x_and_y + [constant] + [word];
    assert bits[7].x = a;
    assert bits[7].y = mask_2;
    tempvar low = bits[7].x_and_y;
    assert bits[10].x = a * (1 / 2 ** 2) + low * (2 ** 30 - 1 / 2 ** 2);
    assert bits[8].x = a;
    assert bits[8].y = mask_13;
    tempvar low = bits[8].x_and_y;
    assert bits[10].y = a * (1 / 2 ** 13) + low * (2 ** 19 - 1 / 2 ** 13);
    assert bits[9].x = a;
    assert bits[9].y = mask_22;
    tempvar low = bits[9].x_and_y;
    assert bits[11].x = a * (1 / 2 ** 22) + low * (2 ** 10 - 1 / 2 ** 22);
    assert bits[11].y = bits[10].x_xor_y;
    tempvar of_a = bits[11].x_xor_y;
    // Bits that most of a, b and c have.
    assert bits[12].x = a;
    assert bits[12].y = b;
    assert bits[13].x = bits[12].x_xor_y;
    assert bits[13].y = c;
    assert bits[14].x = first + of_a + bits[12].x_and_y + bits[13].x_and_y;
    assert bits[14].y = word_mask;
    assert bits[15].x = d + first;
    assert bits[15].y = word_mask;


    tempvar next_bits = bits + 16 * BitwiseBuiltin.SIZE;
    tempvar next_word = word + 1;
    tempvar next_constant = constant + 1;
    tempvar next_left = left - 1;
    tempvar next_a = bits[14].x_and_y;
    tempvar next_b = a;
    tempvar next_c = b;
    tempvar next_d = c;
    tempvar next_e = bits[15].x_and_y;
    tempvar next_f = e;
    tempvar next_g = f;
    tempvar next_h = g;
    jmp next_round if next_left != 0;

    let bits = cast([ap - 12], BitwiseBuiltin*);
    let a = [ap - 8];
    let b = [ap - 7];
    let c = [ap - 6];
    let d = [ap - 5];
    let e = [ap - 4];
    let f = [ap - 3];
    let g = [ap - 2];
    let h = [ap - 1];
    assert bits[0].x = state[0] + a;
    assert bits[0].y = word_mask;
    assert bits[1].x = state[1] + b;
    assert bits[1].y = word_mask;
    assert bits[2].x = state[2] + c;
    assert bits[2].y = word_mask;
    assert bits[3].x = state[3] + d;
    assert bits[3].y = word_mask;
    assert bits[4].x = state[4] + e;
    assert bits[4].y = word_mask;
    assert bits[5].x = state[5] + f;
    assert bits[5].y = word_mask;
    assert bits[6].x = state[6] + g;
    assert bits[6].y = word_mask;
    assert bits[7].x = state[7] + h;
    assert bits[7].y = word_mask;
    tempvar new_a = bits[0].x_and_y;
    tempvar new_b = bits[1].x_and_y;
    tempvar new_c = bits[2].x_and_y;
    tempvar new_d = bits[3].x_and_y;
    tempvar new_e = bits[4].x_and_y;
    tempvar new_f = bits[5].x_and_y;
    tempvar new_g = bits[6].x_and_y;
    tempvar new_h = bits[7].x_and_y;
    let (end) = get_ap();
    let bitwise_ptr = bits + SHA256_STATE_SIZE_FELTS * BitwiseBuiltin.SIZE;
    return (new_state=cast(end - SHA256_STATE_SIZE_FELTS, felt*));
}

// Fractions of the cube roots of primes, the same for all seven.
func get_round_constants() -> felt* {
    let (constants) = get_label_location(table);
    return constants;

    table:
    dw 0x428a2f98 * SHIFTS;
    dw 0x71374491 * SHIFTS;
    dw 0xb5c0fbcf * SHIFTS;
    dw 0xe9b5dba5 * SHIFTS;
    dw 0x3956c25b * SHIFTS;
    dw 0x59f111f1 * SHIFTS;
    dw 0x923f82a4 * SHIFTS;
    dw 0xab1c5ed5 * SHIFTS;
    dw 0xd807aa98 * SHIFTS;
    dw 0x12835b01 * SHIFTS;
    dw 0x243185be * SHIFTS;
    dw 0x550c7dc3 * SHIFTS;
    dw 0x72be5d74 * SHIFTS;
    dw 0x80deb1fe * SHIFTS;
    dw 0x9bdc06a7 * SHIFTS;
    dw 0xc19bf174 * SHIFTS;
    dw 0xe49b69c1 * SHIFTS;
    dw 0xefbe4786 * SHIFTS;
    dw 0xfc19dc6 * SHIFTS;
    dw 0x240ca1cc * SHIFTS;
    dw 0x2de92c6f * SHIFTS;
    dw 0x4a7484aa * SHIFTS;
    dw 0x5cb0a9dc * SHIFTS;
    dw 0x76f988da * SHIFTS;
    dw 0x983e5152 * SHIFTS;
    dw 0xa831c66d * SHIFTS;
    dw 0xb00327c8 * SHIFTS;
    dw 0xbf597fc7 * SHIFTS;
    dw 0xc6e00bf3 * SHIFTS;
    dw 0xd5a79147 * SHIFTS;
    dw 0x6ca6351 * SHIFTS;
    dw 0x14292967 * SHIFTS;
    dw 0x27b70a85 * SHIFTS;
    dw 0x2e1b2138 * SHIFTS;
    dw 0x4d2c6dfc * SHIFTS;
    dw 0x53380d13 * SHIFTS;
    dw 0x650a7354 * SHIFTS;
    dw 0x766a0abb * SHIFTS;
    dw 0x81c2c92e * SHIFTS;
    dw 0x92722c85 * SHIFTS;
    dw 0xa2bfe8a1 * SHIFTS;
    dw 0xa81a664b * SHIFTS;
    dw 0xc24b8b70 * SHIFTS;
    dw 0xc76c51a3 * SHIFTS;
    dw 0xd192e819 * SHIFTS;
    dw 0xd6990624 * SHIFTS;
    dw 0xf40e3585 * SHIFTS;
    dw 0x106aa070 * SHIFTS;
    dw 0x19a4c116 * SHIFTS;
    dw 0x1e376c08 * SHIFTS;
    dw 0x2748774c * SHIFTS;
    dw 0x34b0bcb5 * SHIFTS;
    dw 0x391c0cb3 * SHIFTS;
    dw 0x4ed8aa4a * SHIFTS;
    dw 0x5b9cca4f * SHIFTS;
    dw 0x682e6ff3 * SHIFTS;
    dw 0x748f82ee * SHIFTS;
    dw 0x78a5636f * SHIFTS;
    dw 0x84c87814 * SHIFTS;
    dw 0x8cc70208 * SHIFTS;
    dw 0x90befffa * SHIFTS;
    dw 0xa4506ceb * SHIFTS;
    dw 0xbef9a3f7 * SHIFTS;
    dw 0xc67178f2 * SHIFTS;
}
