// Numbers as words of 64 bits with the first byte lowest, as Keccak takes them: written at `inputs`, which moves on.
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.math import split_felt
from starkware.cairo.common.uint256 import Uint256, uint256_reverse_endian

// 32 bytes of num, lowest first, or highest first if bigend is not 0.
func keccak_add_uint256{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, inputs: felt*}(
    num: Uint256, bigend: felt
) {
    if (bigend == 0) {
        return add_words(num);
    }
    let (reversed) = uint256_reverse_endian(num);
    return add_words(reversed);
}

func add_words{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, inputs: felt*}(num: Uint256) {
    let bits = bitwise_ptr;
    assert bits[0].x = num.low;
    assert bits[0].y = 2 ** 64 - 1;
    assert inputs[0] = bits[0].x_and_y;
    assert inputs[1] = (num.low - bits[0].x_and_y) / 2 ** 64;
    assert bits[1].x = num.high;
    assert bits[1].y = 2 ** 64 - 1;
    assert inputs[2] = bits[1].x_and_y;
    assert inputs[3] = (num.high - bits[1].x_and_y) / 2 ** 64;
    let bitwise_ptr = bitwise_ptr + 2 * BitwiseBuiltin.SIZE;
    let inputs = inputs + 4;
    return ();
}

func keccak_add_uint256s{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, inputs: felt*}(
    n_elements: felt, elements: Uint256*, bigend: felt
) {
    if (n_elements == 0) {
        return ();
    }
    keccak_add_uint256(num=[elements], bigend=bigend);
    return keccak_add_uint256s(
        n_elements=n_elements - 1, elements=elements + Uint256.SIZE, bigend=bigend
    );
}

// A felt as the number of 32 bytes.
func keccak_add_felt{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, inputs: felt*}(
    num: felt, bigend: felt
) {
    let (high, low) = split_felt(num);
    return keccak_add_uint256(num=Uint256(low=low, high=high), bigend=bigend);
}

func keccak_add_felts{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, inputs: felt*}(
    n_elements: felt, elements: felt*, bigend: felt
) {
    if (n_elements == 0) {
        return ();
    }
    keccak_add_felt(num=[elements], bigend=bigend);
    return keccak_add_felts(n_elements=n_elements - 1, elements=elements + 1, bigend=bigend);
}
