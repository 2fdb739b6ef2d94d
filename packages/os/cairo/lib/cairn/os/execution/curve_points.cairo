// Points of secp256k1 and secp256r1, with the modular builtins. Numbers are any of their residue class, except where
// they are said to be reduced.
from starkware.cairo.common.cairo_builtins import ModBuiltin, UInt384
from starkware.cairo.common.registers import get_label_location
from starkware.cairo.common.uint256 import Uint256

// All cells 0 stands for the point at infinity: no point has x = y = 0.
struct CurvePoint {
    x: UInt384,
    y: UInt384,
}

// y^2 = x^3 + a x + b modulo p.
struct Curve {
    p: UInt384,
    a: UInt384,
    b: UInt384,
    p_low: felt,
    p_high: felt,
}

// Gates as the builtins take them: offsets of three values for each, behind them those of multiplications.
struct Circuit {
    add_count: felt,
    mul_count: felt,
}

const OFFSETS_PER_GATE = 3;

func secp256k1() -> (curve: Curve*) {
    let (table) = get_label_location(secp256k1_table);
    return (curve=cast(table, Curve*));

    secp256k1_table:
    // p
    dw 0xfffffffffffffffefffffc2f;
    dw 0xffffffffffffffffffffffff;
    dw 0xffffffffffffffff;
    dw 0x0;
    // a
    dw 0x0;
    dw 0x0;
    dw 0x0;
    dw 0x0;
    // b
    dw 0x7;
    dw 0x0;
    dw 0x0;
    dw 0x0;
    // p in halves
    dw 0xfffffffffffffffffffffffefffffc2f;
    dw 0xffffffffffffffffffffffffffffffff;
}

func secp256r1() -> (curve: Curve*) {
    let (table) = get_label_location(secp256r1_table);
    return (curve=cast(table, Curve*));

    secp256r1_table:
    // p
    dw 0xffffffffffffffffffffffff;
    dw 0x0;
    dw 0xffffffff00000001;
    dw 0x0;
    // a
    dw 0xfffffffffffffffffffffffc;
    dw 0x0;
    dw 0xffffffff00000001;
    dw 0x0;
    // b
    dw 0xcc53b0f63bce3c3e27d2604b;
    dw 0xb3ebbd55769886bc651d06b0;
    dw 0x5ac635d8aa3a93e7;
    dw 0x0;
    // p in halves
    dw 0xffffffffffffffffffffffff;
    dw 0xffffffff000000010000000000000000;
}

// Runs the gates on the values at values_ptr, which stand in the segment of range_check96: the hint fills in what
// follows from the values that are there.
func run_circuit{add_mod_ptr: ModBuiltin*, mul_mod_ptr: ModBuiltin*}(
    circuit: Circuit*, p: UInt384, values_ptr: UInt384*
) {
    let add_mod_n = circuit.add_count;
    let mul_mod_n = circuit.mul_count;
    let offsets = cast(circuit, felt*) + Circuit.SIZE;
    assert add_mod_ptr[0] = ModBuiltin(
        p=p, values_ptr=values_ptr, offsets_ptr=offsets, n=add_mod_n
    );
    if (mul_mod_n == 0) {
        %{ cairn.execution.fill_gates %}
        let add_mod_ptr = add_mod_ptr + add_mod_n * ModBuiltin.SIZE;
        return ();
    }
    assert mul_mod_ptr[0] = ModBuiltin(
        p=p,
        values_ptr=values_ptr,
        offsets_ptr=offsets + OFFSETS_PER_GATE * add_mod_n,
        n=mul_mod_n,
    );
    %{ cairn.execution.fill_gates %}
    let add_mod_ptr = add_mod_ptr + add_mod_n * ModBuiltin.SIZE;
    let mul_mod_ptr = mul_mod_ptr + mul_mod_n * ModBuiltin.SIZE;
    return ();
}

func is_infinity(point: CurvePoint*) -> (is_infinity: felt) {
    if (point.x.d0 != 0) {
        return (is_infinity=0);
    }
    if (point.x.d1 != 0) {
        return (is_infinity=0);
    }
    if (point.x.d2 != 0) {
        return (is_infinity=0);
    }
    if (point.x.d3 != 0) {
        return (is_infinity=0);
    }
    if (point.y.d0 != 0) {
        return (is_infinity=0);
    }
    if (point.y.d1 != 0) {
        return (is_infinity=0);
    }
    if (point.y.d2 != 0) {
        return (is_infinity=0);
    }
    if (point.y.d3 != 0) {
        return (is_infinity=0);
    }
    return (is_infinity=1);
}

const INFINITY_ARGUMENT = 0;
const DIFFERENT_X = 1;
const EQUAL = 2;
const OPPOSITE = 3;

// Proves that result = first + second, three points.
func check_sum{range_check96_ptr: felt*, add_mod_ptr: ModBuiltin*, mul_mod_ptr: ModBuiltin*}(
    curve: Curve*, first: CurvePoint*, second: CurvePoint*, result: CurvePoint*
) {
    alloc_locals;
    let (is_zero) = is_infinity(first);
    if (is_zero != 0) {
        assert [result] = [second];
        return ();
    }
    let (is_zero) = is_infinity(second);
    if (is_zero != 0) {
        assert [result] = [first];
        return ();
    }
    let values = cast(range_check96_ptr, UInt384*);
    assert values[0] = first.x;
    assert values[1] = first.y;
    assert values[2] = second.x;
    assert values[3] = second.y;
    tempvar relation = nondet %{ cairn.execution.points_relation %};
    if (relation == DIFFERENT_X) {
        assert values[4] = UInt384(1, 0, 0, 0);
        let (circuit) = addition_circuit();
        run_circuit(circuit, curve.p, values);
        assert result.x = values[11];
        assert result.y = values[14];
        let range_check96_ptr = range_check96_ptr + 15 * UInt384.SIZE;
        return ();
    }
    assert values[4] = UInt384(0, 0, 0, 0);
    if (relation == EQUAL) {
        let (circuit) = equality_circuit();
        run_circuit(circuit, curve.p, values);
        let range_check96_ptr = range_check96_ptr + 5 * UInt384.SIZE;
        return check_double(curve, first, result);
    }
    assert relation = OPPOSITE;
    let (circuit) = opposition_circuit();
    run_circuit(circuit, curve.p, values);
    let range_check96_ptr = range_check96_ptr + 5 * UInt384.SIZE;
    assert result.x = UInt384(0, 0, 0, 0);
    assert result.y = UInt384(0, 0, 0, 0);
    return ();
}

// Proves that result = 2 point.
func check_double{range_check96_ptr: felt*, add_mod_ptr: ModBuiltin*, mul_mod_ptr: ModBuiltin*}(
    curve: Curve*, point: CurvePoint*, result: CurvePoint*
) {
    alloc_locals;
    let (is_zero) = is_infinity(point);
    if (is_zero != 0) {
        assert [result] = [point];
        return ();
    }
    let values = cast(range_check96_ptr, UInt384*);
    assert values[0] = point.x;
    assert values[1] = point.y;
    assert values[2] = curve.a;
    let (circuit) = doubling_circuit();
    run_circuit(circuit, curve.p, values);
    assert result.x = values[11];
    assert result.y = values[14];
    let range_check96_ptr = range_check96_ptr + 15 * UInt384.SIZE;
    return ();
}

// Multiplies by the scalar of `left` bits, the highest first: sum is what the higher bits gave, and scalar their value.
func multiply{range_check96_ptr: felt*, add_mod_ptr: ModBuiltin*, mul_mod_ptr: ModBuiltin*}(
    curve: Curve*, point: CurvePoint*, left, scalar, sum: CurvePoint*
) -> (scalar: felt, sum: CurvePoint*) {
    alloc_locals;
    if (left == 0) {
        return (scalar=scalar, sum=sum);
    }
    local doubled: CurvePoint* = nondet %{ cairn.alloc.new_segment %};
    check_double(curve, sum, doubled);
    %{ cairn.execution.scalar_bit %}
    jmp set if [ap] != 0, ap++;
    return multiply(curve, point, left - 1, 2 * scalar, doubled);

    set:
    local added: CurvePoint* = nondet %{ cairn.alloc.new_segment %};
    check_sum(curve, doubled, point, added);
    return multiply(curve, point, left - 1, 2 * scalar + 1, added);
}

// Whether a number is below p.
func is_reduced{range_check_ptr}(curve: Curve*, number: Uint256) -> (is_reduced: felt) {
    if (number.high == curve.p_high) {
        return is_less(number.low, curve.p_low);
    }
    return is_less(number.high, curve.p_high);
}

// For numbers in range.
func is_less{range_check_ptr}(a, b) -> (is_reduced: felt) {
    %{ cairn.execution.is_a_less %}
    jmp less if [ap] != 0, ap++;
    assert [range_check_ptr] = a - b;
    let range_check_ptr = range_check_ptr + 1;
    return (is_reduced=0);

    less:
    assert [range_check_ptr] = b - 1 - a;
    let range_check_ptr = range_check_ptr + 1;
    return (is_reduced=1);
}

// Writes a number in limbs at the place of a value in the segment of range_check96; proves that the halves are in range.
func write_value{range_check_ptr}(number: Uint256, value: UInt384*) {
    // low = d0 + l 2^96 and high = m + d2 2^64, with d1 = l + m 2^32.
    %{ cairn.execution.number_parts %}
    tempvar l = [range_check_ptr];
    tempvar m = [range_check_ptr + 1];
    assert [range_check_ptr + 2] = 2 ** 64 - 1 - m;
    assert [range_check_ptr + 3] = number.low;
    assert [range_check_ptr + 4] = number.high;
    let range_check_ptr = range_check_ptr + 5;
    assert value.d0 = number.low - l * 2 ** 96;
    assert value.d1 = l + m * 2 ** 32;
    assert value.d2 = (number.high - m) / 2 ** 64;
    assert value.d3 = 0;
    return ();
}

// Slope of two points with different x: dx * inverse = 1 shows that they differ.
func addition_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 6;
    dw 4;
    dw 0;
    dw 20;
    dw 8;
    dw 4;
    dw 28;
    dw 12;
    dw 0;
    dw 8;
    dw 40;
    dw 40;
    dw 44;
    dw 36;
    dw 44;
    dw 48;
    dw 0;
    dw 4;
    dw 56;
    dw 52;
    dw 20;
    dw 24;
    dw 16;
    dw 32;
    dw 20;
    dw 28;
    dw 32;
    dw 32;
    dw 36;
    dw 32;
    dw 48;
    dw 52;
}

// Slope of the tangent.
func doubling_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 8;
    dw 4;
    dw 12;
    dw 12;
    dw 16;
    dw 16;
    dw 12;
    dw 20;
    dw 20;
    dw 8;
    dw 24;
    dw 4;
    dw 4;
    dw 28;
    dw 0;
    dw 0;
    dw 40;
    dw 40;
    dw 44;
    dw 36;
    dw 44;
    dw 48;
    dw 0;
    dw 4;
    dw 56;
    dw 52;
    dw 0;
    dw 0;
    dw 12;
    dw 32;
    dw 28;
    dw 24;
    dw 32;
    dw 32;
    dw 36;
    dw 32;
    dw 48;
    dw 52;
}

// X0 = x1 and y0 = y1.
func equality_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 2;
    dw 0;
    dw 0;
    dw 16;
    dw 8;
    dw 4;
    dw 16;
    dw 12;
}

// X0 = x1 and y0 = -y1.
func opposition_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 2;
    dw 0;
    dw 0;
    dw 16;
    dw 8;
    dw 4;
    dw 12;
    dw 16;
}

// Y^2 = x^3 + a x + b.
func on_curve_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 2;
    dw 3;
    dw 24;
    dw 8;
    dw 28;
    dw 32;
    dw 12;
    dw 36;
    dw 0;
    dw 0;
    dw 24;
    dw 0;
    dw 28;
    dw 32;
    dw 4;
    dw 4;
    dw 36;
}

// The same with a difference that has an inverse.
func off_curve_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 3;
    dw 4;
    dw 24;
    dw 8;
    dw 28;
    dw 32;
    dw 12;
    dw 36;
    dw 36;
    dw 48;
    dw 40;
    dw 0;
    dw 0;
    dw 24;
    dw 0;
    dw 28;
    dw 32;
    dw 4;
    dw 4;
    dw 40;
    dw 48;
    dw 44;
    dw 20;
}

// Y^2 = -(x^3 + a x + b) and y has an inverse: p = 3 modulo 4, so the negative of a square is none.
func no_point_circuit() -> (circuit: Circuit*) {
    let (start) = get_label_location(table);
    return (circuit=cast(start, Circuit*));

    table:
    dw 3;
    dw 4;
    dw 24;
    dw 8;
    dw 28;
    dw 32;
    dw 12;
    dw 36;
    dw 36;
    dw 40;
    dw 16;
    dw 0;
    dw 0;
    dw 24;
    dw 0;
    dw 28;
    dw 32;
    dw 4;
    dw 4;
    dw 40;
    dw 4;
    dw 44;
    dw 20;
}
