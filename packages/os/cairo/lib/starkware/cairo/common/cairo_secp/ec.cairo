// The curve secp256k1. Points are taken to be of the curve, with limbs in [0, 2^86) or with y in (-2^86, 2^86); the
// point at infinity is zeros. No point of the curve has order 2, so none but it has y = 0.
//
// The generator of the library makes the module of secp256r1 of this one.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_secp.bigint import bigint_to_uint256, nondet_bigint3
from starkware.cairo.common.cairo_secp.bigint3 import BigInt3, SumBigInt3, UnreducedBigInt3
from starkware.cairo.common.cairo_secp.constants import BETA
from starkware.cairo.common.cairo_secp.ec_point import EcPoint
from starkware.cairo.common.cairo_secp.field import (
    is_zero,
    reduce,
    unreduced_mul,
    unreduced_sqr,
    validate_reduced_field_element,
    verify_zero,
)
from starkware.cairo.common.uint256 import Uint256

// Digits of scalars.
const DIGIT_BOUND = 16;
const HALF_DIGITS = 32;

// -point
func ec_negate{range_check_ptr}(point: EcPoint) -> (point: EcPoint) {
    %{ cairn.secp256k1.negative_y %}
    let (y) = nondet_bigint3();
    verify_zero(
        UnreducedBigInt3(d0=y.d0 + point.y.d0, d1=y.d1 + point.y.d1, d2=y.d2 + point.y.d2)
    );
    return (point=EcPoint(x=point.x, y=y));
}

// Slope of the tangent at a point that is not at infinity.
func compute_doubling_slope{range_check_ptr}(point: EcPoint) -> (slope: BigInt3) {
    %{ cairn.secp256k1.tangent_slope %}
    let (slope) = nondet_bigint3();
    let (x_squared) = unreduced_sqr(point.x);
    let (half_rise) = unreduced_mul(point.y, slope);
    verify_zero(
        UnreducedBigInt3(
            d0=3 * x_squared.d0 - 2 * half_rise.d0,
            d1=3 * x_squared.d1 - 2 * half_rise.d1,
            d2=3 * x_squared.d2 - 2 * half_rise.d2,
        ),
    );
    return (slope=slope);
}

// Slope of the line through two points with different x: of points with the same x any slope may come out.
func compute_slope{range_check_ptr}(point0: EcPoint, point1: EcPoint) -> (slope: BigInt3) {
    %{ cairn.secp256k1.chord_slope %}
    let (slope) = nondet_bigint3();
    let (rise) = unreduced_mul(
        BigInt3(
            d0=point0.x.d0 - point1.x.d0,
            d1=point0.x.d1 - point1.x.d1,
            d2=point0.x.d2 - point1.x.d2,
        ),
        slope,
    );
    verify_zero(
        UnreducedBigInt3(
            d0=rise.d0 - point0.y.d0 + point1.y.d0,
            d1=rise.d1 - point0.y.d1 + point1.y.d1,
            d2=rise.d2 - point0.y.d2 + point1.y.d2,
        ),
    );
    return (slope=slope);
}

// The negative of the third point of the curve on a line through a point and one with x = other_x.
func third_point{range_check_ptr}(slope: BigInt3, point: EcPoint, other_x: BigInt3) -> (
    res: EcPoint
) {
    %{ cairn.secp256k1.third_x %}
    let (x) = nondet_bigint3();
    let (slope_squared) = unreduced_sqr(slope);
    verify_zero(
        UnreducedBigInt3(
            d0=slope_squared.d0 - point.x.d0 - other_x.d0 - x.d0,
            d1=slope_squared.d1 - point.x.d1 - other_x.d1 - x.d1,
            d2=slope_squared.d2 - point.x.d2 - other_x.d2 - x.d2,
        ),
    );
    %{ cairn.secp256k1.third_y %}
    let (y) = nondet_bigint3();
    let (fall) = unreduced_mul(
        BigInt3(d0=point.x.d0 - x.d0, d1=point.x.d1 - x.d1, d2=point.x.d2 - x.d2), slope
    );
    verify_zero(
        UnreducedBigInt3(
            d0=fall.d0 - point.y.d0 - y.d0,
            d1=fall.d1 - point.y.d1 - y.d1,
            d2=fall.d2 - point.y.d2 - y.d2,
        ),
    );
    return (res=EcPoint(x=x, y=y));
}

// point + point
func ec_double{range_check_ptr}(point: EcPoint) -> (res: EcPoint) {
    if (point.y.d0 == 0) {
        if (point.y.d1 == 0) {
            if (point.y.d2 == 0) {
                return (res=point);
            }
        }
    }
    let (slope) = compute_doubling_slope(point);
    return third_point(slope=slope, point=point, other_x=point.x);
}

// point0 + point1 where their x differ, or one is at infinity.
func fast_ec_add{range_check_ptr}(point0: EcPoint, point1: EcPoint) -> (res: EcPoint) {
    if (point0.y.d0 == 0) {
        if (point0.y.d1 == 0) {
            if (point0.y.d2 == 0) {
                return (res=point1);
            }
        }
    }
    if (point1.y.d0 == 0) {
        if (point1.y.d1 == 0) {
            if (point1.y.d2 == 0) {
                return (res=point0);
            }
        }
    }
    let (slope) = compute_slope(point0, point1);
    return third_point(slope=slope, point=point0, other_x=point1.x);
}

// point0 + point1
func ec_add{range_check_ptr}(point0: EcPoint, point1: EcPoint) -> (res: EcPoint) {
    alloc_locals;
    let (same_x) = is_zero(
        SumBigInt3(
            d0=point0.x.d0 - point1.x.d0,
            d1=point0.x.d1 - point1.x.d1,
            d2=point0.x.d2 - point1.x.d2,
        ),
    );
    if (same_x == 0) {
        return fast_ec_add(point0, point1);
    }
    let (are_opposite) = is_zero(
        SumBigInt3(
            d0=point0.y.d0 + point1.y.d0,
            d1=point0.y.d1 + point1.y.d1,
            d2=point0.y.d2 + point1.y.d2,
        ),
    );
    if (are_opposite != 0) {
        return (res=EcPoint(x=BigInt3(0, 0, 0), y=BigInt3(0, 0, 0)));
    }
    // Points with x = 0, where there are any, are no multiples of infinity.
    let (is_first) = is_infinity(point0);
    if (is_first != 0) {
        return (res=point1);
    }
    let (is_second) = is_infinity(point1);
    if (is_second != 0) {
        return (res=point0);
    }
    return ec_double(point0);
}

func is_infinity(point: EcPoint) -> (res: felt) {
    if (point.y.d0 == 0) {
        if (point.y.d1 == 0) {
            if (point.y.d2 == 0) {
                return (res=1);
            }
        }
    }
    return (res=0);
}

// 2^m * point, and scalar * point for a scalar below 2^m, m at most 250: the bits of a felt are then unique, and no
// two points with the same x are added.
func ec_mul_inner{range_check_ptr}(point: EcPoint, scalar: felt, m: felt) -> (
    pow2: EcPoint, res: EcPoint
) {
    if (m == 0) {
        assert scalar = 0;
        return (pow2=point, res=EcPoint(x=BigInt3(0, 0, 0), y=BigInt3(0, 0, 0)));
    }
    alloc_locals;
    let (double) = ec_double(point);
    %{ cairn.secp256k1.bit %}
    jmp odd if [ap] != 0, ap++;
    return ec_mul_inner(point=double, scalar=scalar / 2, m=m - 1);

    odd:
    let (local pow2, even) = ec_mul_inner(point=double, scalar=(scalar - 1) / 2, m=m - 1);
    let (res) = fast_ec_add(point0=point, point1=even);
    return (pow2=pow2, res=res);
}

// scalar * point, for a scalar with limbs in [0, 2^86) below 2^256.
func ec_mul{range_check_ptr}(point: EcPoint, scalar: BigInt3) -> (res: EcPoint) {
    assert [range_check_ptr] = scalar.d0;
    assert [range_check_ptr + 1] = scalar.d0 * 2 ** 42;
    assert [range_check_ptr + 2] = scalar.d1;
    assert [range_check_ptr + 3] = scalar.d1 * 2 ** 42;
    assert [range_check_ptr + 4] = scalar.d2;
    assert [range_check_ptr + 5] = scalar.d2 * 2 ** 44;
    let range_check_ptr = range_check_ptr + 6;
    let (halves) = bigint_to_uint256(scalar);
    return ec_mul_by_uint256(point=point, scalar=halves);
}

// scalar * point for any scalar below 2^256, both halves in range.
//
// Digit by digit from the top. Up to the last digit the sum is k * point and the digit's multiple n * point with k a
// multiple of 16 below 2^252, n below 16: these have the same x only where both are at infinity. After the last
// digit k may come near the order, so the last addition tells the cases apart. 82,000 steps, of secp256r1 108,000.
func ec_mul_by_uint256{range_check_ptr}(point: EcPoint, scalar: Uint256) -> (res: EcPoint) {
    alloc_locals;
    local infinity: EcPoint = EcPoint(x=BigInt3(0, 0, 0), y=BigInt3(0, 0, 0));
    let (local table: EcPoint*) = alloc();
    assert table[0] = infinity;
    assert table[1] = point;
    let (double) = ec_double(point);
    assert table[2] = double;
    fill_multiples(point=point, next=table + 3 * EcPoint.SIZE, left=DIGIT_BOUND - 3);

    let (sum) = add_digits(
        table=table, left=HALF_DIGITS, half=scalar.high, value=0, sum=infinity
    );
    local digit = nondet %{ cairn.secp256k1.last_digit %};
    assert [range_check_ptr] = digit;
    assert [range_check_ptr + 1] = DIGIT_BOUND - 1 - digit;
    let range_check_ptr = range_check_ptr + 2;
    let (sum) = add_digits(
        table=table,
        left=HALF_DIGITS - 1,
        half=(scalar.low - digit) / DIGIT_BOUND,
        value=0,
        sum=sum,
    );
    let (sum) = times_sixteen(sum);
    return ec_add(point0=sum, point1=table[digit]);
}

// Writes multiples, each the one before it and the point.
func fill_multiples{range_check_ptr}(point: EcPoint, next: EcPoint*, left: felt) {
    if (left == 0) {
        return ();
    }
    let (multiple) = fast_ec_add(point0=[next - EcPoint.SIZE], point1=point);
    assert [next] = multiple;
    return fill_multiples(point=point, next=next + EcPoint.SIZE, left=left - 1);
}

// Takes the last `left` digits of half a scalar, whose upper digits make `value`; all digits so far make `sum`.
func add_digits{range_check_ptr}(
    table: EcPoint*, left: felt, half: felt, value: felt, sum: EcPoint
) -> (sum: EcPoint) {
    if (left == 0) {
        assert value = half;
        return (sum=sum);
    }
    alloc_locals;
    local digit = nondet %{ cairn.secp256k1.digit %};
    assert [range_check_ptr] = digit;
    assert [range_check_ptr + 1] = DIGIT_BOUND - 1 - digit;
    let range_check_ptr = range_check_ptr + 2;
    let (sum) = times_sixteen(sum);
    let (sum) = fast_ec_add(point0=sum, point1=table[digit]);
    return add_digits(
        table=table, left=left - 1, half=half, value=value * DIGIT_BOUND + digit, sum=sum
    );
}

func times_sixteen{range_check_ptr}(point: EcPoint) -> (res: EcPoint) {
    let (point) = ec_double(point);
    let (point) = ec_double(point);
    let (point) = ec_double(point);
    return ec_double(point);
}

// The point with this x and a y of the parity of v, a small number, if there is one: then writes it. x has limbs in
// [0, 2^86).
func try_get_point_from_x{range_check_ptr}(x: BigInt3, v: felt, result: EcPoint*) -> (
    is_on_curve: felt
) {
    alloc_locals;
    let (right) = equation_right_side(x);
    // p = 3 modulo 4, so of a number and its negative one is a square.
    local right: UnreducedBigInt3 = right;
    %{ cairn.secp256k1.root %}
    let (local y) = nondet_bigint3();
    let (y_squared) = unreduced_sqr(y);
    %{ cairn.secp256k1.is_on_curve %}
    jmp on_curve if [ap] != 0, ap++;
    // The right side is not 0 for any x, or there were a point of order 2.
    verify_zero(
        UnreducedBigInt3(
            d0=right.d0 + y_squared.d0, d1=right.d1 + y_squared.d1, d2=right.d2 + y_squared.d2
        ),
    );
    return (is_on_curve=0);

    on_curve:
    verify_zero(
        UnreducedBigInt3(
            d0=right.d0 - y_squared.d0, d1=right.d1 - y_squared.d1, d2=right.d2 - y_squared.d2
        ),
    );
    // The parity is that of y as a number below p.
    validate_reduced_field_element(y);
    assert [range_check_ptr] = (y.d0 + v) / 2;
    let range_check_ptr = range_check_ptr + 1;
    assert [result] = EcPoint(x=x, y=y);
    return (is_on_curve=1);
}

// What y^2 is on the curve.
func equation_right_side{range_check_ptr}(x: BigInt3) -> (right: UnreducedBigInt3) {
    let (x_squared) = unreduced_sqr(x);
    let (factor) = reduce(x_squared);
    let (product) = unreduced_mul(x, factor);
    return (right=UnreducedBigInt3(d0=product.d0 + BETA, d1=product.d1, d2=product.d2));
}
