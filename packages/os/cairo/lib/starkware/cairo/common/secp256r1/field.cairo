// Arithmetic modulo the prime p of secp256r1, 2^256 - 2^224 + 2^192 + 2^96 - 1. Factors have limbs in (-2^86, 2^86).
from starkware.cairo.common.cairo_secp.bigint3 import BigInt3, SumBigInt3, UnreducedBigInt3
from starkware.cairo.common.secp256r1.bigint import nondet_bigint3
from starkware.cairo.common.secp256r1.constants import (
    BASE,
    BASE3_MOD_P0,
    BASE3_MOD_P1,
    BASE3_MOD_P2,
    BASE4_MOD_P0,
    BASE4_MOD_P1,
    BASE4_MOD_P2,
    P0,
    P1,
    P2,
    SECP_REM0,
    SECP_REM1,
    SECP_REM2,
)

// a * b modulo p: limbs 3 and 4 of the product become what they are modulo p, limbs below 2^249.
func unreduced_mul(a: BigInt3, b: BigInt3) -> (res_low: UnreducedBigInt3) {
    tempvar over = a.d1 * b.d2 + a.d2 * b.d1;
    tempvar over_two = a.d2 * b.d2;
    return (
        res_low=UnreducedBigInt3(
            d0=a.d0 * b.d0 + over * BASE3_MOD_P0 + over_two * BASE4_MOD_P0,
            d1=a.d0 * b.d1 + a.d1 * b.d0 + over * BASE3_MOD_P1 + over_two * BASE4_MOD_P1,
            d2=a.d0 * b.d2 + a.d1 * b.d1 + a.d2 * b.d0 + over * BASE3_MOD_P2 + over_two *
            BASE4_MOD_P2,
        ),
    );
}

// a * a modulo p.
func unreduced_sqr(a: BigInt3) -> (res_low: UnreducedBigInt3) {
    tempvar double_d0 = a.d0 + a.d0;
    tempvar over = 2 * a.d1 * a.d2;
    tempvar over_two = a.d2 * a.d2;
    return (
        res_low=UnreducedBigInt3(
            d0=a.d0 * a.d0 + over * BASE3_MOD_P0 + over_two * BASE4_MOD_P0,
            d1=double_d0 * a.d1 + over * BASE3_MOD_P1 + over_two * BASE4_MOD_P1,
            d2=double_d0 * a.d2 + a.d1 * a.d1 + over * BASE3_MOD_P2 + over_two * BASE4_MOD_P2,
        ),
    );
}

// value is in [0, 2^165).
@known_ap_change
func assert_165_bit{range_check_ptr}(value) {
    %{ cairn.math.halves_to_range_checks %}
    tempvar high = [range_check_ptr + 1];
    assert [range_check_ptr + 2] = high * 2 ** 91;
    assert value = [range_check_ptr] + high * 2 ** 128;
    let range_check_ptr = range_check_ptr + 3;
    return ();
}

// val = 0 modulo p, for limbs in (-2^250, 2^250).
//
// For some q, val = q * p, limb by limb with a carry, for p in limbs -SECP_REM0, -SECP_REM1 and 2^84 - SECP_REM2.
// q and the carries are in [-2^164, 2^164), so the lines are of numbers below 2^164 * 2^86 + 2^250 + 2^175: short of
// P, they hold for integers. True of all val with d0 and d1 in (-2^249, 2^249) and |val| < 2^164 p.
func verify_zero{range_check_ptr}(val: UnreducedBigInt3) {
    // q and two carries, each in two parts: [r] + ([r + 1] - 2^36) * 2^128, where [r + 1] < 2^37.
    %{ cairn.secp256r1.quotient_and_carries %}
    tempvar high = [range_check_ptr + 1];
    assert [range_check_ptr + 2] = high * 2 ** 91;
    tempvar q = [range_check_ptr] + (high - 2 ** 36) * 2 ** 128;

    tempvar high = [range_check_ptr + 4];
    assert [range_check_ptr + 5] = high * 2 ** 91;
    tempvar carry = [range_check_ptr + 3] + (high - 2 ** 36) * 2 ** 128;
    assert val.d0 + q * SECP_REM0 = carry * BASE;

    tempvar high = [range_check_ptr + 7];
    assert [range_check_ptr + 8] = high * 2 ** 91;
    tempvar carry_two = [range_check_ptr + 6] + (high - 2 ** 36) * 2 ** 128;
    assert val.d1 + q * SECP_REM1 + carry = carry_two * BASE;

    assert val.d2 + carry_two = q * (2 ** 84 - SECP_REM2);
    let range_check_ptr = range_check_ptr + 9;
    return ();
}

