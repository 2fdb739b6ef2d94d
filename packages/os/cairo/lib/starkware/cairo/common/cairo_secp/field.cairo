// Arithmetic modulo the prime p of secp256k1. Factors have limbs in (-2^88, 2^88): a product's limbs then stay far
// below 2^250, and sums of a few products may be shown to be 0.
from starkware.cairo.common.cairo_secp.bigint import nondet_bigint3
from starkware.cairo.common.cairo_secp.bigint3 import BigInt3, SumBigInt3, UnreducedBigInt3
from starkware.cairo.common.cairo_secp.constants import BASE, P0, P1, P2, SECP_REM

// a * b modulo p. BASE^3 is 4 * 2^256, which is 4 * SECP_REM modulo p.
func unreduced_mul(a: BigInt3, b: BigInt3) -> (res_low: UnreducedBigInt3) {
    tempvar over = a.d1 * b.d2 + a.d2 * b.d1;
    tempvar over_two = a.d2 * b.d2;
    return (
        res_low=UnreducedBigInt3(
            d0=a.d0 * b.d0 + over * (4 * SECP_REM),
            d1=a.d0 * b.d1 + a.d1 * b.d0 + over_two * (4 * SECP_REM),
            d2=a.d0 * b.d2 + a.d1 * b.d1 + a.d2 * b.d0,
        ),
    );
}

// a * a modulo p.
func unreduced_sqr(a: BigInt3) -> (res_low: UnreducedBigInt3) {
    tempvar double_d0 = a.d0 + a.d0;
    tempvar over = a.d1 * a.d2;
    tempvar over_two = a.d2 * a.d2;
    return (
        res_low=UnreducedBigInt3(
            d0=a.d0 * a.d0 + over * (8 * SECP_REM),
            d1=double_d0 * a.d1 + over_two * (4 * SECP_REM),
            d2=double_d0 * a.d2 + a.d1 * a.d1,
        ),
    );
}

// val = 0 modulo p, for limbs in (-2^250, 2^250).
//
// For some q, val + q * SECP_REM = q * 2^256, limb by limb with a carry. q and the carries are in [-2^127, 2^127),
// so each line is short of P and holds for integers. True of all |val| < 2^127 p.
func verify_zero{range_check_ptr}(val: UnreducedBigInt3) {
    tempvar q = nondet %{ cairn.secp256k1.quotient %};
    assert [range_check_ptr] = q + 2 ** 127;
    tempvar carry = (val.d0 + q * SECP_REM) / BASE;
    assert [range_check_ptr + 1] = carry + 2 ** 127;
    tempvar carry_two = (val.d1 + carry) / BASE;
    assert [range_check_ptr + 2] = carry_two + 2 ** 127;
    assert val.d2 + carry_two = q * (BASE / 4);
    let range_check_ptr = range_check_ptr + 3;
    return ();
}

// Below, nothing but names of hints and the imported constants depends on the curve: the generator of the library
// appends it to the module of secp256r1.

// Whether x = 0 modulo p; what is not has an inverse.
func is_zero{range_check_ptr}(x: SumBigInt3) -> (res: felt) {
    %{ cairn.secp256k1.is_zero %}
    jmp zero if [ap] != 0, ap++;
    %{ cairn.secp256k1.inverse %}
    let (inverse) = nondet_bigint3();
    let (product) = unreduced_mul(BigInt3(d0=x.d0, d1=x.d1, d2=x.d2), inverse);
    verify_zero(UnreducedBigInt3(d0=product.d0 - 1, d1=product.d1, d2=product.d2));
    return (res=0);

    zero:
    verify_zero(UnreducedBigInt3(d0=x.d0, d1=x.d1, d2=x.d2));
    return (res=1);
}

// A number that is x modulo p, limbs in [0, 2^86): an honest prover's is below p.
func reduce{range_check_ptr}(x: UnreducedBigInt3) -> (reduced_x: BigInt3) {
    %{ cairn.secp256k1.residue %}
    let (reduced) = nondet_bigint3();
    verify_zero(UnreducedBigInt3(d0=x.d0 - reduced.d0, d1=x.d1 - reduced.d1, d2=x.d2 - reduced.d2));
    return (reduced_x=reduced);
}

// The limbs are in range and make a number below p.
func validate_reduced_field_element{range_check_ptr}(val: BigInt3) {
    assert [range_check_ptr] = val.d0;
    assert [range_check_ptr + 1] = val.d0 * 2 ** 42;
    assert [range_check_ptr + 2] = val.d1;
    assert [range_check_ptr + 3] = val.d1 * 2 ** 42;
    assert [range_check_ptr + 4] = val.d2;
    assert [range_check_ptr + 5] = P2 - val.d2;
    if (val.d2 == P2) {
        assert [range_check_ptr + 6] = P1 - val.d1;
        if (val.d1 == P1) {
            assert [range_check_ptr + 7] = P0 - 1 - val.d0;
            let range_check_ptr = range_check_ptr + 8;
            return ();
        }
        let range_check_ptr = range_check_ptr + 7;
        return ();
    }
    let range_check_ptr = range_check_ptr + 6;
    return ();
}
