// Integers of 256 bits in two halves. Arguments are taken to be proven: both halves in [0, 2^128); results are.
from starkware.cairo.common.bitwise import bitwise_and, bitwise_or, bitwise_xor
from starkware.cairo.common.bool import FALSE, TRUE
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.math import split_felt
from starkware.cairo.common.math_cmp import is_nn
from starkware.cairo.common.pow import pow

struct Uint256 {
    low: felt,
    high: felt,
}

const SHIFT = 2 ** 128;
const ALL_ONES = 2 ** 128 - 1;
const HALF_SHIFT = 2 ** 64;

// Both halves are in [0, 2^128).
func uint256_check{range_check_ptr}(a: Uint256) {
    assert [range_check_ptr] = a.low;
    assert [range_check_ptr + 1] = a.high;
    let range_check_ptr = range_check_ptr + 2;
    return ();
}

// The felt with the integer's value, which must be below P.
func uint256_to_felt{range_check_ptr}(value: Uint256) -> felt {
    const MAX_HIGH = (-1) / 2 ** 128;
    tempvar above = MAX_HIGH - value.high;
    assert [range_check_ptr] = above;
    let range_check_ptr = range_check_ptr + 1;
    jmp fits if above != 0;
    assert value.low = 0;

    fits:
    return value.high * SHIFT + value.low;
}

func felt_to_uint256{range_check_ptr}(value: felt) -> Uint256 {
    let (high, low) = split_felt(value);
    let res = Uint256(low=low, high=high);
    return res;
}

// a + b = res + carry * 2^256
func uint256_add{range_check_ptr}(a: Uint256, b: Uint256) -> (res: Uint256, carry: felt) {
    alloc_locals;
    local low_carry = nondet %{ cairn.uint256.low_carry %};
    local carry = nondet %{ cairn.uint256.carry %};
    assert low_carry * low_carry = low_carry;
    assert carry * carry = carry;
    local low = a.low + b.low - low_carry * SHIFT;
    local high = a.high + b.high + low_carry - carry * SHIFT;
    assert [range_check_ptr] = low;
    assert [range_check_ptr + 1] = high;
    let range_check_ptr = range_check_ptr + 2;
    return (res=Uint256(low=low, high=high), carry=carry);
}

// a = low + high * 2^64 with low < 2^64 and high in [0, 2^128), for a < 2^192.
func split_64{range_check_ptr}(a: felt) -> (low: felt, high: felt) {
    %{ cairn.uint256.split_64 %}
    tempvar low = [range_check_ptr];
    tempvar high = [range_check_ptr + 1];
    assert a = low + high * HALF_SHIFT;
    assert [range_check_ptr + 2] = low * HALF_SHIFT;
    let range_check_ptr = range_check_ptr + 3;
    return (low=low, high=high);
}

// a * b = low + high * 2^256, in digits of 64 bits of a, times b.low first. No sum reaches 2^192 but the one marked.
func uint256_mul{range_check_ptr}(a: Uint256, b: Uint256) -> (low: Uint256, high: Uint256) {
    alloc_locals;
    let (local a0, local a1) = split_64(a.low);
    let (local a2, local a3) = split_64(a.high);

    let (local p0, carry) = split_64(a0 * b.low);
    let (local p1, carry) = split_64(a1 * b.low + carry);
    let (local p2, carry) = split_64(a2 * b.low + carry);
    let (local p3, local p4) = split_64(a3 * b.low + carry);

    let (local q0, carry) = split_64(a0 * b.high + p2);
    let (local q1, local carry) = split_64(a1 * b.high + p3 + carry);
    // At most (2^64 - 1) (2^128 - 1) + 2 (2^128 - 1): the carry may have a bit more than 128.
    local over = nondet %{ cairn.uint256.mul_over %};
    assert over * over = over;
    let (local q2, carry) = split_64(a2 * b.high + p4 + carry - over * HALF_SHIFT * SHIFT);
    let (q3, top) = split_64(a3 * b.high + carry + over * SHIFT);
    return (
        low=Uint256(low=p0 + p1 * HALF_SHIFT, high=q0 + q1 * HALF_SHIFT),
        high=Uint256(low=q2 + q3 * HALF_SHIFT, high=top),
    );
}

// The integer root: n = root^2 + excess with 0 <= excess <= 2 * root.
func uint256_sqrt{range_check_ptr}(n: Uint256) -> (res: Uint256) {
    alloc_locals;
    local root = nondet %{ cairn.uint256.root %};
    let (local r0, local r1) = split_64(root);
    // The excess is 2 * half + bit, half and bit at most root.
    local half = nondet %{ cairn.uint256.half_excess %};
    local bit = nondet %{ cairn.uint256.excess_bit %};
    assert bit * bit = bit;
    assert [range_check_ptr] = r1 * HALF_SHIFT;
    assert [range_check_ptr + 1] = half;
    assert [range_check_ptr + 2] = root - half - bit;
    // root^2 = r0^2 + r0 r1 2^65 + r1^2 2^128
    tempvar low_sum = r0 * r0 + r0 * r1 * 2 * HALF_SHIFT + 2 * half + bit;
    tempvar carry = (low_sum - n.low) / SHIFT;
    assert [range_check_ptr + 3] = carry;
    let range_check_ptr = range_check_ptr + 4;
    assert n.high = r1 * r1 + carry;
    return (res=Uint256(low=root, high=0));
}

func uint256_lt{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    if (a.high == b.high) {
        let res = is_nn(b.low - 1 - a.low);
        return (res=res);
    }
    let res = is_nn(b.high - 1 - a.high);
    return (res=res);
}

func uint256_le{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    let (greater) = uint256_lt(a=b, b=a);
    return (res=1 - greater);
}

// As integers in [-2^255, 2^255), in two's complement.
func uint256_signed_lt{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    alloc_locals;
    let (local a_nn) = uint256_signed_nn(a);
    let (b_nn) = uint256_signed_nn(b);
    if (a_nn == b_nn) {
        return uint256_lt(a=a, b=b);
    }
    return (res=b_nn);
}

func uint256_signed_le{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    let (greater) = uint256_signed_lt(a=b, b=a);
    return (res=1 - greater);
}

// Whether a is below 2^255.
@known_ap_change
func uint256_signed_nn{range_check_ptr}(a: Uint256) -> (res: felt) {
    let res = is_nn(2 ** 127 - 1 - a.high);
    return (res=res);
}

// Whether 0 <= a <= b in two's complement.
func uint256_signed_nn_le{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    let (is_natural) = uint256_signed_nn(a);
    if (is_natural == 0) {
        return (res=FALSE);
    }
    return uint256_signed_le(a=a, b=b);
}

// a = quotient * div + remainder; both are 0 where div is.
func uint256_unsigned_div_rem{range_check_ptr}(a: Uint256, div: Uint256) -> (
    quotient: Uint256, remainder: Uint256
) {
    alloc_locals;
    if (div.low + div.high == 0) {
        return (quotient=Uint256(0, 0), remainder=Uint256(0, 0));
    }
    local quotient: Uint256;
    local remainder: Uint256;
    %{ cairn.uint256.quotient %}
    uint256_check(quotient);
    uint256_check(remainder);
    assert_uint256_lt(remainder, div);
    let (product, product_high) = uint256_mul(quotient, div);
    assert product_high = Uint256(0, 0);
    let (sum, carry) = uint256_add(product, remainder);
    assert carry = 0;
    assert sum = a;
    return (quotient=quotient, remainder=remainder);
}

// a * b = quotient * div + remainder; all are 0 where div is.
func uint256_mul_div_mod{range_check_ptr}(a: Uint256, b: Uint256, div: Uint256) -> (
    quotient_low: Uint256, quotient_high: Uint256, remainder: Uint256
) {
    alloc_locals;
    if (div.low + div.high == 0) {
        return (
            quotient_low=Uint256(0, 0), quotient_high=Uint256(0, 0), remainder=Uint256(0, 0)
        );
    }
    let (local product_low: Uint256, local product_high: Uint256) = uint256_mul(a, b);
    local quotient_low: Uint256;
    local quotient_high: Uint256;
    local remainder: Uint256;
    %{ cairn.uint256.product_quotient %}
    uint256_check(quotient_low);
    uint256_check(quotient_high);
    uint256_check(remainder);
    assert_uint256_lt(remainder, div);
    let (low: Uint256, local middle: Uint256) = uint256_mul(quotient_low, div);
    let (low: Uint256, local carry) = uint256_add(low, remainder);
    assert low = product_low;
    let (high: Uint256, top: Uint256) = uint256_mul(quotient_high, div);
    assert top = Uint256(0, 0);
    let (high: Uint256, local over) = uint256_add(high, middle);
    assert over = 0;
    let (high: Uint256, over) = uint256_add(high, Uint256(carry, 0));
    assert over = 0;
    assert high = product_high;
    return (quotient_low=quotient_low, quotient_high=quotient_high, remainder=remainder);
}

func uint256_not{range_check_ptr}(a: Uint256) -> (res: Uint256) {
    return (res=Uint256(low=ALL_ONES - a.low, high=ALL_ONES - a.high));
}

// -a in two's complement.
func uint256_neg{range_check_ptr}(a: Uint256) -> (res: Uint256) {
    let (complement) = uint256_not(a);
    let (res, _) = uint256_add(complement, Uint256(low=1, high=0));
    return (res=res);
}

func uint256_cond_neg{range_check_ptr}(a: Uint256, should_neg) -> (res: Uint256) {
    if (should_neg == 0) {
        return (res=a);
    }
    return uint256_neg(a);
}

// In two's complement: a = quot * div + rem, rounded to zero; -2^255 / -1 is -2^255.
func uint256_signed_div_rem{range_check_ptr}(a: Uint256, div: Uint256) -> (
    quot: Uint256, rem: Uint256
) {
    alloc_locals;
    let (a_nn) = uint256_signed_nn(a);
    local a_sign = 1 - a_nn;
    let (div_nn) = uint256_signed_nn(div);
    local div_sign = 1 - div_nn;
    let (local a_size) = uint256_cond_neg(a, a_sign);
    let (div_size) = uint256_cond_neg(div, div_sign);
    let (local quotient, local remainder) = uint256_unsigned_div_rem(a_size, div_size);
    let (local rem) = uint256_cond_neg(remainder, a_sign);
    let (quot) = uint256_cond_neg(quotient, a_sign - div_sign);
    return (quot=quot, rem=rem);
}

// a - b modulo 2^256.
func uint256_sub{range_check_ptr}(a: Uint256, b: Uint256) -> (res: Uint256) {
    let (minus_b) = uint256_neg(b);
    let (res, _) = uint256_add(a, minus_b);
    return (res=res);
}

func uint256_eq{range_check_ptr}(a: Uint256, b: Uint256) -> (res: felt) {
    if (a.low != b.low) {
        return (res=FALSE);
    }
    if (a.high != b.high) {
        return (res=FALSE);
    }
    return (res=TRUE);
}

func uint256_xor{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(a: Uint256, b: Uint256) -> (
    res: Uint256
) {
    alloc_locals;
    let (local low) = bitwise_xor(a.low, b.low);
    let (high) = bitwise_xor(a.high, b.high);
    return (res=Uint256(low=low, high=high));
}

func uint256_and{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(a: Uint256, b: Uint256) -> (
    res: Uint256
) {
    alloc_locals;
    let (local low) = bitwise_and(a.low, b.low);
    let (high) = bitwise_and(a.high, b.high);
    return (res=Uint256(low=low, high=high));
}

func uint256_or{range_check_ptr, bitwise_ptr: BitwiseBuiltin*}(a: Uint256, b: Uint256) -> (
    res: Uint256
) {
    alloc_locals;
    let (local low) = bitwise_or(a.low, b.low);
    let (high) = bitwise_or(a.high, b.high);
    return (res=Uint256(low=low, high=high));
}

// 2^exp, 0 from 256 on.
func uint256_pow2{range_check_ptr}(exp: Uint256) -> (res: Uint256) {
    if (exp.high != 0) {
        return (res=Uint256(0, 0));
    }
    let is_low = is_nn(127 - exp.low);
    if (is_low != 0) {
        let (low) = pow(2, exp.low);
        return (res=Uint256(low=low, high=0));
    }
    let is_high = is_nn(255 - exp.low);
    if (is_high != 0) {
        let (high) = pow(2, exp.low - 128);
        return (res=Uint256(low=0, high=high));
    }
    return (res=Uint256(0, 0));
}

// a * 2^b modulo 2^256.
func uint256_shl{range_check_ptr}(a: Uint256, b: Uint256) -> (res: Uint256) {
    let (power) = uint256_pow2(b);
    let (low, _) = uint256_mul(a, power);
    return (res=low);
}

// a / 2^b rounded down.
func uint256_shr{range_check_ptr}(a: Uint256, b: Uint256) -> (res: Uint256) {
    let (power) = uint256_pow2(b);
    let (quotient, _) = uint256_unsigned_div_rem(a, power);
    return (res=quotient);
}

// The 16 bytes in the other order: neighbouring bytes change places, then pairs, fours and eights of them.
func word_reverse_endian{bitwise_ptr: BitwiseBuiltin*}(word: felt) -> (res: felt) {
    let swaps = bitwise_ptr;
    assert swaps[0].x = word;
    assert swaps[0].y = 0xff00ff00ff00ff00ff00ff00ff00ff;
    let kept = swaps[0].x_and_y;
    tempvar bytes = kept * 2 ** 8 + (word - kept) / 2 ** 8;
    assert swaps[1].x = bytes;
    assert swaps[1].y = 0xffff0000ffff0000ffff0000ffff;
    let kept = swaps[1].x_and_y;
    tempvar pairs = kept * 2 ** 16 + (bytes - kept) / 2 ** 16;
    assert swaps[2].x = pairs;
    assert swaps[2].y = 0xffffffff00000000ffffffff;
    let kept = swaps[2].x_and_y;
    tempvar fours = kept * 2 ** 32 + (pairs - kept) / 2 ** 32;
    assert swaps[3].x = fours;
    assert swaps[3].y = 2 ** 64 - 1;
    let kept = swaps[3].x_and_y;
    let bitwise_ptr = bitwise_ptr + 4 * BitwiseBuiltin.SIZE;
    return (res=kept * 2 ** 64 + (fours - kept) / 2 ** 64);
}

func uint256_reverse_endian{bitwise_ptr: BitwiseBuiltin*}(num: Uint256) -> (res: Uint256) {
    alloc_locals;
    let (local high) = word_reverse_endian(num.low);
    let (low) = word_reverse_endian(num.high);
    return (res=Uint256(low=low, high=high));
}

func assert_uint256_eq{range_check_ptr}(a: Uint256, b: Uint256) {
    assert a.low = b.low;
    assert a.high = b.high;
    return ();
}

func assert_uint256_lt{range_check_ptr}(a: Uint256, b: Uint256) {
    let (is_less) = uint256_lt(a, b);
    assert is_less = 1;
    return ();
}

func assert_uint256_le{range_check_ptr}(a: Uint256, b: Uint256) {
    let (is_greater) = uint256_lt(b, a);
    assert is_greater = 0;
    return ();
}
