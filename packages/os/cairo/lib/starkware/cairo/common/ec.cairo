// The Stark curve y^2 = x^3 + ALPHA x + BETA over felts. (0, 0) is the point at infinity; no point of the curve has
// y = 0. Arguments of sums are taken to be proven points.
from starkware.cairo.common.cairo_builtins import EcOpBuiltin
from starkware.cairo.common.ec_point import EcPoint
from starkware.cairo.common.math import assert_not_zero, is_quad_residue

namespace StarkCurve {
    const ALPHA = 1;
    const BETA = 0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89;
    const ORDER = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f;
    const GEN_X = 0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca;
    const GEN_Y = 0x5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f;
}

// The point is on the curve or at infinity.
func assert_on_curve(p: EcPoint) {
    if (p.y != 0) {
        tempvar x_squared = p.x * p.x;
        tempvar factor = x_squared + StarkCurve.ALPHA;
        tempvar right = p.x * factor;
        assert p.y * p.y = right + StarkCurve.BETA;
        return ();
    }
    assert p.x = 0;
    return ();
}

// p + p
func ec_double(p: EcPoint) -> (r: EcPoint) {
    if (p.y != 0) {
        tempvar x_squared = p.x * p.x;
        tempvar rise = 3 * x_squared + StarkCurve.ALPHA;
        tempvar run = p.y + p.y;
        tempvar slope = rise / run;
        return third_point(slope=slope, p=p, other_x=p.x);
    }
    return (r=p);
}

// p + q
func ec_add(p: EcPoint, q: EcPoint) -> (r: EcPoint) {
    if (p.y == 0) {
        return (r=q);
    }
    if (q.y == 0) {
        return (r=p);
    }
    tempvar run = q.x - p.x;
    if (run != 0) {
        tempvar rise = q.y - p.y;
        tempvar slope = rise / run;
        return third_point(slope=slope, p=p, other_x=q.x);
    }
    if (p.y == q.y) {
        return ec_double(p);
    }
    return (r=EcPoint(x=0, y=0));
}

// The negative of the third point of the curve on the line through p and a point with x = other_x.
func third_point(slope: felt, p: EcPoint, other_x: felt) -> (r: EcPoint) {
    tempvar x_sum = p.x + other_x;
    tempvar x = slope * slope - x_sum;
    tempvar run = p.x - x;
    return (r=EcPoint(x=x, y=slope * run - p.y));
}

// p - q
func ec_sub(p: EcPoint, q: EcPoint) -> (r: EcPoint) {
    return ec_add(p=p, q=EcPoint(x=q.x, y=-q.y));
}

// p + m * q, shifted as chained_ec_op explains.
func ec_op{ec_op_ptr: EcOpBuiltin*}(p: EcPoint, m: felt, q: EcPoint) -> (r: EcPoint) {
    alloc_locals;
    if (q.y == 0) {
        return (r=p);
    }
    local shift: EcPoint;
    %{ cairn.ec.shift_of_one %}
    assert_on_curve(shift);
    let (shifted) = ec_add(p=p, q=shift);
    assert_not_zero(shifted.y);
    let done = ec_op_ptr;
    assert done.p = shifted;
    assert done.q = q;
    assert done.m = m;
    let ec_op_ptr = ec_op_ptr + EcOpBuiltin.SIZE;
    let (r) = ec_sub(p=done.r, q=shift);
    return (r=r);
}

// m * p
func ec_mul{ec_op_ptr: EcOpBuiltin*}(m: felt, p: EcPoint) -> (r: EcPoint) {
    return ec_op(p=EcPoint(x=0, y=0), m=m, q=p);
}

// p + m[0] * q[0] + ... + m[len - 1] * q[len - 1]
//
// The builtin cannot begin at infinity, nor add two points with the same x on its way. So it begins at p + shift for
// a point of the prover's choice, which is taken off at the end: the sum is right for every shift.
func chained_ec_op{ec_op_ptr: EcOpBuiltin*}(p: EcPoint, m: felt*, q: EcPoint*, len: felt) -> (
    r: EcPoint
) {
    alloc_locals;
    local shift: EcPoint;
    %{ cairn.ec.shift %}
    assert_on_curve(shift);
    let (shifted) = ec_add(p=p, q=shift);
    assert_not_zero(shifted.y);
    let (sum) = add_multiples(sum=shifted, m=m, q=q, len=len);
    let (r) = ec_sub(p=sum, q=shift);
    return (r=r);
}

// As chained_ec_op, by the builtin alone.
func add_multiples{ec_op_ptr: EcOpBuiltin*}(sum: EcPoint, m: felt*, q: EcPoint*, len: felt) -> (
    r: EcPoint
) {
    if (len == 0) {
        return (r=sum);
    }
    // Nothing to add.
    if (q.y == 0) {
        return add_multiples(sum=sum, m=m + 1, q=q + EcPoint.SIZE, len=len - 1);
    }
    let done = ec_op_ptr;
    assert done.p = sum;
    assert done.q = [q];
    assert done.m = [m];
    let ec_op_ptr = ec_op_ptr + EcOpBuiltin.SIZE;
    return add_multiples(sum=done.r, m=m + 1, q=q + EcPoint.SIZE, len=len - 1);
}

// A point with that x; the prover chooses which of the two.
func recover_y(x: felt) -> (p: EcPoint) {
    alloc_locals;
    local p: EcPoint;
    assert p.x = x;
    %{ cairn.ec.y %}
    assert_on_curve(p);
    assert_not_zero(p.y);
    return (p=p);
}

// Whether the curve has points with that x.
func is_x_on_curve(x: felt) -> felt {
    tempvar x_squared = x * x;
    tempvar factor = x_squared + StarkCurve.ALPHA;
    return is_quad_residue(x * factor + StarkCurve.BETA);
}
