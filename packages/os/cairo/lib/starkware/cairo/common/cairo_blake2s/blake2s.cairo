// Blake2s-256 by the Blake2s instructions, and the hash of felts that Starknet makes of it.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.math import assert_nn_le, assert_not_zero
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.memset import memset

const INPUT_BLOCK_FELTS = 16;
const INPUT_BLOCK_BYTES = 64;
const STATE_SIZE_FELTS = 8;

// Writes the hash, 8 u32, of the len u32 in data, all in little-endian bytes. The instruction proves that it reads
// u32.
func blake_with_opcode{range_check_ptr}(len: felt, data: felt*, out: felt*) {
    alloc_locals;
    // The last block, padded with zeros.
    local full_words = nondet %{ cairn.blake2s.full_words %};
    let rest = len - full_words;
    assert_nn_le(rest, INPUT_BLOCK_FELTS);
    let (local last_block) = alloc();
    memcpy(dst=last_block, src=data + full_words, len=rest);
    memset(dst=last_block + rest, value=0, n=INPUT_BLOCK_FELTS - rest);
    hash_blocks(full_words=full_words, data=data, rest=rest, last_block=last_block, out=out);
    return ();
}

// The hash of the full_words u32 in data, which make whole blocks, and of the first `rest` of the last block.
func hash_blocks(full_words: felt, data: felt*, rest: felt, last_block: felt*, out: felt*) {
    alloc_locals;
    local full_bytes = full_words * 4;
    local byte_count = full_bytes + rest * 4;
    // The states one after the other. The first is that of SHA-256 with the parameters of a plain 32-byte hash.
    let (states) = alloc();
    assert states[0] = 0x6b08e647;
    assert states[1] = 0xbb67ae85;
    assert states[2] = 0x3c6ef372;
    assert states[3] = 0xa54ff53a;
    assert states[4] = 0x510e527f;
    assert states[5] = 0x9b05688c;
    assert states[6] = 0x1f83d9ab;
    assert states[7] = 0x5be0cd19;
    if (full_bytes == 0) {
        tempvar state = states;
        tempvar message = last_block;
        tempvar count = byte_count;
        assert [ap] = cast(out, felt);
        // Last block: state at [ap - 3], message at [ap - 2], bytes in [ap - 1], result at [ap].
        dw 19027849156686086143;
        return ();
    }
    // Only the empty message ends with an empty block.
    assert_not_zero(rest);
    tempvar message = data;
    tempvar count = 0;
    tempvar state = states;

    next:
    tempvar next_message = cast([ap - 3], felt*) + INPUT_BLOCK_FELTS;
    tempvar next_count = [ap - 3] + INPUT_BLOCK_BYTES;
    assert [ap] = [ap - 3] + STATE_SIZE_FELTS;
    // One block: state at [ap - 3], message at [ap - 5], bytes in [ap - 1], result at [ap].
    dw 9804477106946408447;
    // No reference outlives dw: the first two locals and the last two arguments.
    let full_bytes = [fp];
    let byte_count = [fp + 1];
    let last_block = cast([fp - 4], felt*);
    let out = cast([fp - 3], felt*);
    // The count grows by whole blocks to full_bytes exactly.
    tempvar bytes_left = full_bytes - [ap - 2];
    tempvar message = cast([ap - 4], felt*);
    tempvar count = [ap - 4];
    tempvar state = cast([ap - 4], felt*);
    jmp next if bytes_left != 0;

    tempvar state = state;
    tempvar message = last_block;
    tempvar count = byte_count;
    assert [ap] = cast(out, felt);
    dw 19027849156686086143;
    return ();
}

// Writes each felt as u32, most significant first: below 2^63 as two, others as eight with the top bit set. Returns
// how many. There is one such list: eight words make the integer below P, at least 2^63, that the felt is. That the
// words are u32 is left to the hash, which must read them all.
func encode_felt252_to_u32s{range_check_ptr: felt}(
    packed_values_len: felt, packed_values: felt*, unpacked_u32s: felt*
) -> felt {
    alloc_locals;
    if (packed_values_len == 0) {
        return 0;
    }
    local last_small = 2 ** 63 - 1;
    tempvar next_range_check = range_check_ptr;
    tempvar value = packed_values;
    tempvar words = unpacked_u32s;
    tempvar left = packed_values_len;

    next:
    let next_range_check = [ap - 4];
    let value = cast([ap - 3], felt*);
    let words = cast([ap - 2], felt*);
    let left = [ap - 1];
    %{ cairn.blake2s.is_small_block %}
    jmp small_block if [ap] != 0, ap++;
    %{ cairn.blake2s.write_words %}
    jmp big if [ap] != 0, ap++;

    tempvar number = words[1] + words[0] * 2 ** 32;
    assert [value] = number;
    assert [next_range_check] = 2 ** 63 - 1 - number;
    tempvar next_range_check = next_range_check + 1;
    tempvar value = value + 1;
    tempvar words = words + 2;
    tempvar left = left - 1;
    jmp next if left != 0;
    jmp end;

    // Eight felts below 2^63 at once; the counts add up to all, or the loop never ends.
    small_block:
    %{ cairn.blake2s.write_small_block %}
    tempvar number = words[1] + words[0] * 2 ** 32;
    assert value[0] = number;
    assert [next_range_check] = last_small - number;
    tempvar number = words[3] + words[2] * 2 ** 32;
    assert value[1] = number;
    assert [next_range_check + 1] = last_small - number;
    tempvar number = words[5] + words[4] * 2 ** 32;
    assert value[2] = number;
    assert [next_range_check + 2] = last_small - number;
    tempvar number = words[7] + words[6] * 2 ** 32;
    assert value[3] = number;
    assert [next_range_check + 3] = last_small - number;
    tempvar number = words[9] + words[8] * 2 ** 32;
    assert value[4] = number;
    assert [next_range_check + 4] = last_small - number;
    tempvar number = words[11] + words[10] * 2 ** 32;
    assert value[5] = number;
    assert [next_range_check + 5] = last_small - number;
    tempvar number = words[13] + words[12] * 2 ** 32;
    assert value[6] = number;
    assert [next_range_check + 6] = last_small - number;
    tempvar number = words[15] + words[14] * 2 ** 32;
    assert value[7] = number;
    assert [next_range_check + 7] = last_small - number;
    tempvar next_range_check = next_range_check + 8;
    tempvar value = value + 8;
    tempvar words = words + 16;
    tempvar left = left - 8;
    jmp next if left != 0;
    jmp end;

    big:
    const MAX_HIGH = (-1) / 2 ** 128;
    tempvar upper = words[0] * 2 ** 96 + words[1] * 2 ** 64 + words[2] * 2 ** 32 + words[3];
    tempvar high = upper - 2 ** 127;
    tempvar low = words[4] * 2 ** 96 + words[5] * 2 ** 64 + words[6] * 2 ** 32 + words[7];
    assert [value] = high * 2 ** 128 + low;
    // 0 <= high <= MAX_HIGH
    tempvar room = MAX_HIGH - high;
    assert [next_range_check] = room;
    jmp below_top if room != 0;
    // P - 1 is the only felt with this high.
    assert low = 0;
    // high is not 0.
    tempvar next_range_check = next_range_check + 1;
    tempvar value = value + 1;
    tempvar words = words + 8;
    tempvar left = left - 1;
    jmp next if left != 0;
    jmp end;

    below_top:
    jmp above_small if high != 0;
    assert [next_range_check + 1] = low - 2 ** 63;
    tempvar next_range_check = next_range_check + 2;
    tempvar value = value + 1;
    tempvar words = words + 8;
    tempvar left = left - 1;
    jmp next if left != 0;
    jmp end;

    above_small:
    tempvar next_range_check = next_range_check + 1;
    tempvar value = value + 1;
    tempvar words = words + 8;
    tempvar left = left - 1;
    jmp next if left != 0;

    end:
    let range_check_ptr = [ap - 4];
    return cast([ap - 2], felt) - cast(unpacked_u32s, felt);
}

// The Blake2s hash, read as a little-endian integer modulo P, of a list of felts.
func encode_felt252_data_and_calc_blake_hash{range_check_ptr: felt}(data_len: felt, data: felt*) -> (
    hash: felt
) {
    alloc_locals;
    let (local words) = alloc();
    let word_count = encode_felt252_to_u32s(
        packed_values_len=data_len, packed_values=data, unpacked_u32s=words
    );
    local word_count = word_count;
    let len = word_count;
    local full_words = nondet %{ cairn.blake2s.full_words %};
    local rest = word_count - full_words;
    assert_nn_le(rest, INPUT_BLOCK_FELTS);
    // The words end their segment, so the padding can follow them.
    memset(dst=words + word_count, value=0, n=INPUT_BLOCK_FELTS - rest);
    let (local out) = alloc();
    hash_blocks(
        full_words=full_words, data=words, rest=rest, last_block=words + full_words, out=out
    );
    return (
        hash=out[0] +
        2 ** 32 * (
            out[1] +
            2 ** 32 * (
                out[2] +
                2 ** 32 * (
                    out[3] +
                    2 ** 32 * (
                        out[4] + 2 ** 32 * (out[5] + 2 ** 32 * (out[6] + 2 ** 32 * out[7]))
                    )
                )
            )
        ),
    );
}
