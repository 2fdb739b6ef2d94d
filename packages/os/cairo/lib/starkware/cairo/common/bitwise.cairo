// Bits of numbers below 2^251: the builtin refuses larger ones.
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin

const ALL_ONES = 2 ** 251 - 1;

func bitwise_operations{bitwise_ptr: BitwiseBuiltin*}(x: felt, y: felt) -> (
    x_and_y: felt, x_xor_y: felt, x_or_y: felt
) {
    let done = bitwise_ptr;
    assert done.x = x;
    assert done.y = y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return (x_and_y=done.x_and_y, x_xor_y=done.x_xor_y, x_or_y=done.x_or_y);
}

func bitwise_and{bitwise_ptr: BitwiseBuiltin*}(x: felt, y: felt) -> (x_and_y: felt) {
    let done = bitwise_ptr;
    assert done.x = x;
    assert done.y = y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return (x_and_y=done.x_and_y);
}

func bitwise_xor{bitwise_ptr: BitwiseBuiltin*}(x: felt, y: felt) -> (x_xor_y: felt) {
    let done = bitwise_ptr;
    assert done.x = x;
    assert done.y = y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return (x_xor_y=done.x_xor_y);
}

func bitwise_or{bitwise_ptr: BitwiseBuiltin*}(x: felt, y: felt) -> (x_or_y: felt) {
    let done = bitwise_ptr;
    assert done.x = x;
    assert done.y = y;
    let bitwise_ptr = bitwise_ptr + BitwiseBuiltin.SIZE;
    return (x_or_y=done.x_or_y);
}

// The 251-bit complement of a number below 2^251.
func bitwise_not(x: felt) -> (not_x: felt) {
    return (not_x=ALL_ONES - x);
}
