// Integers in three limbs of 86 bits, for curves over primes of 256 bits.
from starkware.cairo.common.cairo_secp.bigint3 import BigInt3, UnreducedBigInt3
from starkware.cairo.common.cairo_secp.constants import BASE
from starkware.cairo.common.math import split_felt
from starkware.cairo.common.uint256 import Uint256

const RC_BOUND = 2 ** 128;

// The product of two integers of three limbs.
struct UnreducedBigInt5 {
    d0: felt,
    d1: felt,
    d2: felt,
    d3: felt,
    d4: felt,
}

func bigint_mul(x: BigInt3, y: BigInt3) -> (res: UnreducedBigInt5) {
    return (
        res=UnreducedBigInt5(
            d0=x.d0 * y.d0,
            d1=x.d1 * y.d0 + x.d0 * y.d1,
            d2=x.d2 * y.d0 + x.d1 * y.d1 + x.d0 * y.d2,
            d3=x.d2 * y.d1 + x.d1 * y.d2,
            d4=x.d2 * y.d2,
        ),
    );
}

// An integer of the prover's choice (the hint variable `value`), each limb in [0, 2^86): limbs in range that stay
// in range when multiplied by 2^42. What is returned is computed last, where it is returned.
func nondet_bigint3{range_check_ptr}() -> (res: BigInt3) {
    %{ cairn.bigint.limbs_to_range_checks %}
    tempvar raised0 = [range_check_ptr + 3];
    tempvar raised1 = [range_check_ptr + 4];
    tempvar raised2 = [range_check_ptr + 5];
    tempvar next = range_check_ptr + 6;
    tempvar d0 = raised0 * (1 / 2 ** 42);
    tempvar d1 = raised1 * (1 / 2 ** 42);
    tempvar d2 = raised2 * (1 / 2 ** 42);
    assert [range_check_ptr] = d0;
    assert [range_check_ptr + 1] = d1;
    assert [range_check_ptr + 2] = d2;
    let range_check_ptr = next;
    return (res=BigInt3(d0=d0, d1=d1, d2=d2));
}

// The same integer, which must be below 2^256, for limbs in [0, 2^127): d0 + d1 2^86 + (low 128 bits) carries over.
func bigint_to_uint256{range_check_ptr}(x: BigInt3) -> (res: Uint256) {
    // 2^172 = 2^44 * 2^128, so the low half is that of d0 + d1 * 2^86, which is below P.
    let (carry, low) = split_felt(x.d0 + x.d1 * BASE);
    tempvar high = carry + x.d2 * 2 ** 44;
    assert [range_check_ptr] = high;
    let range_check_ptr = range_check_ptr + 1;
    return (res=Uint256(low=low, high=high));
}

// The same integer, limbs in [0, 2^86), d2 below 2^84; both halves are taken to be in range.
func uint256_to_bigint{range_check_ptr}(x: Uint256) -> (res: BigInt3) {
    // low = d0 + low_top * 2^86 and high = high_bottom + d2 * 2^44, with d1 = low_top + high_bottom * 2^42.
    %{ cairn.bigint.uint256_parts %}
    tempvar d0 = [range_check_ptr];
    tempvar low_top = [range_check_ptr + 1];
    tempvar high_bottom = [range_check_ptr + 2];
    tempvar d2 = [range_check_ptr + 3];
    assert x.low = d0 + low_top * BASE;
    assert x.high = high_bottom + d2 * 2 ** 44;
    assert [range_check_ptr + 4] = d0 * 2 ** 42;
    assert [range_check_ptr + 5] = low_top * 2 ** 86;
    assert [range_check_ptr + 6] = high_bottom * 2 ** 84;
    assert [range_check_ptr + 7] = d2 * 2 ** 44;
    let range_check_ptr = range_check_ptr + 8;
    return (res=BigInt3(d0=d0, d1=low_top + high_bottom * 2 ** 42, d2=d2));
}
