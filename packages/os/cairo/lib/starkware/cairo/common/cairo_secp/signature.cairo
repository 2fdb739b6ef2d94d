// ECDSA on secp256k1 as Ethereum has it. n is the order of the curve.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.cairo_keccak.keccak import cairo_keccak_uint256s_bigend
from starkware.cairo.common.cairo_secp.bigint import (
    BASE,
    bigint_mul,
    bigint_to_uint256,
    nondet_bigint3,
    uint256_to_bigint,
)
from starkware.cairo.common.cairo_secp.bigint3 import BigInt3
from starkware.cairo.common.cairo_secp.constants import N0, N1, N2
from starkware.cairo.common.cairo_secp.ec import (
    ec_add,
    ec_mul,
    ec_mul_by_uint256,
    ec_negate,
    try_get_point_from_x,
)
from starkware.cairo.common.cairo_secp.ec_point import EcPoint
from starkware.cairo.common.cairo_secp.field import (
    is_zero,
    reduce,
    unreduced_mul,
    unreduced_sqr,
    validate_reduced_field_element,
    verify_zero,
)
from starkware.cairo.common.math import assert_not_zero, unsigned_div_rem
from starkware.cairo.common.uint256 import Uint256, assert_uint256_lt

// The order in halves of 128 bits.
const ORDER_LOW = 0xbaaedce6af48a03bbfd25e8cd0364141;
const ORDER_HIGH = 2 ** 128 - 2;

@known_ap_change
func get_generator_point() -> (point: EcPoint) {
    return (
        point=EcPoint(
            BigInt3(0xe28d959f2815b16f81798, 0xa573a1c2c1c0a6ff36cb7, 0x79be667ef9dcbbac55a06),
            BigInt3(0x554199c47d08ffb10d4b8, 0x2ff0384422a3f45ed1229a, 0x483ada7726a3c4655da4f),
        ),
    );
}

// a / b modulo n, for limbs in [0, 2^86) and b that is not 0 modulo n. An honest prover's is below n.
//
// res * b - a = (k - 16) * n as integers, limb by limb with carries in [-2^127, 2^127); a is below 16 n.
func div_mod_n{range_check_ptr}(a: BigInt3, b: BigInt3) -> (res: BigInt3) {
    alloc_locals;
    %{ cairn.secp256k1.quotient_mod_n %}
    let (local res) = nondet_bigint3();
    %{ cairn.secp256k1.orders_in_product %}
    let (local k) = nondet_bigint3();
    let (product) = bigint_mul(res, b);
    let (multiple) = bigint_mul(BigInt3(d0=k.d0 - 16, d1=k.d1, d2=k.d2), BigInt3(N0, N1, N2));
    tempvar carry0 = (product.d0 - multiple.d0 - a.d0) / BASE;
    assert [range_check_ptr] = carry0 + 2 ** 127;
    tempvar carry1 = (product.d1 - multiple.d1 - a.d1 + carry0) / BASE;
    assert [range_check_ptr + 1] = carry1 + 2 ** 127;
    tempvar carry2 = (product.d2 - multiple.d2 - a.d2 + carry1) / BASE;
    assert [range_check_ptr + 2] = carry2 + 2 ** 127;
    tempvar carry3 = (product.d3 - multiple.d3 + carry2) / BASE;
    assert [range_check_ptr + 3] = carry3 + 2 ** 127;
    assert multiple.d4 = product.d4 + carry3;
    let range_check_ptr = range_check_ptr + 4;
    return (res=res);
}

// val is in [1, n), for limbs in [0, 2^127).
func validate_signature_entry{range_check_ptr}(val: BigInt3) {
    let (entry) = bigint_to_uint256(val);
    assert_not_zero(entry.low + entry.high);
    assert_uint256_lt(entry, Uint256(low=ORDER_LOW, high=ORDER_HIGH));
    return ();
}

// The point with this x and a y of the parity of v, a small number. Limbs of x are in [0, 2^86).
func get_point_from_x{range_check_ptr}(x: BigInt3, v: felt) -> (point: EcPoint) {
    alloc_locals;
    let (local point: EcPoint*) = alloc();
    let (is_on_curve) = try_get_point_from_x(x=x, v=v, result=point);
    assert is_on_curve = 1;
    return (point=[point]);
}

// The key that signed: (s * R - msg_hash * G) / r for the point R with x = r and y of the parity of v. r and s are
// taken to be in [1, n), limbs of msg_hash in [0, 2^86). A signature that is by no key gives infinity.
func recover_public_key{range_check_ptr}(msg_hash: BigInt3, r: BigInt3, s: BigInt3, v: felt) -> (
    public_key_point: EcPoint
) {
    alloc_locals;
    let (local r_point: EcPoint) = get_point_from_x(x=r, v=v);
    let (hash_factor) = div_mod_n(msg_hash, r);
    let (generator) = get_generator_point();
    let (hash_part) = ec_mul(generator, hash_factor);
    let (local minus_hash_part) = ec_negate(hash_part);
    let (s_factor) = div_mod_n(s, r);
    let (s_part) = ec_mul(r_point, s_factor);
    let (public_key_point) = ec_add(s_part, minus_hash_part);
    return (public_key_point=public_key_point);
}

// The last 20 bytes of the hash of the coordinates. The permutations of Keccak are left to finalize_keccak.
func public_key_point_to_eth_address{
    range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*
}(public_key_point: EcPoint) -> (eth_address: felt) {
    alloc_locals;
    // Numbers that differ by p have other hashes.
    validate_reduced_field_element(public_key_point.x);
    validate_reduced_field_element(public_key_point.y);
    let (local elements: Uint256*) = alloc();
    let (x) = bigint_to_uint256(public_key_point.x);
    assert elements[0] = x;
    let (y) = bigint_to_uint256(public_key_point.y);
    assert elements[1] = y;
    let (hash) = cairo_keccak_uint256s_bigend(n_elements=2, elements=elements);
    let (_, high) = unsigned_div_rem(hash.high, 2 ** 32);
    return (eth_address=hash.low + high * 2 ** 128);
}

// The signature of msg_hash is the address's. All limbs are in [0, 2^86).
func verify_eth_signature{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    msg_hash: BigInt3, r: BigInt3, s: BigInt3, v: felt, eth_address: felt
) {
    validate_signature_entry(r);
    validate_signature_entry(s);
    let (public_key_point) = recover_public_key(msg_hash=msg_hash, r=r, s=s, v=v);
    // Not at infinity, which has an address too.
    let y = public_key_point.y;
    assert_not_zero(y.d0 + y.d1 + y.d2);
    let (signer) = public_key_point_to_eth_address(public_key_point);
    assert eth_address = signer;
    return ();
}

// The same for numbers in halves, which are taken to be in range.
func verify_eth_signature_uint256{range_check_ptr, bitwise_ptr: BitwiseBuiltin*, keccak_ptr: felt*}(
    msg_hash: Uint256, r: Uint256, s: Uint256, v: felt, eth_address: felt
) {
    alloc_locals;
    let (local hash_limbs) = uint256_to_bigint(msg_hash);
    let (local r_limbs) = uint256_to_bigint(r);
    let (s_limbs) = uint256_to_bigint(s);
    return verify_eth_signature(
        msg_hash=hash_limbs, r=r_limbs, s=s_limbs, v=v, eth_address=eth_address
    );
}
