// Syscalls of secp256k1 and secp256r1. Contracts hold addresses of points and never look at their cells.
from starkware.cairo.common.cairo_builtins import UInt384
from starkware.cairo.common.math import assert_nn
from starkware.cairo.common.uint256 import Uint256
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_modular
from cairn.os.execution.curve_points import (
    Curve,
    CurvePoint,
    check_sum,
    equality_circuit,
    is_infinity,
    is_reduced,
    multiply,
    no_point_circuit,
    off_curve_circuit,
    on_curve_circuit,
    run_circuit,
    write_value,
)
from cairn.os.execution.syscall_gas import can_pay, check_failure, check_out_of_gas
from cairn.os.execution.syscall_layout import (
    CurveAddRequest,
    CurveGetPointFromXRequest,
    CurveGetXyRequest,
    CurveGetXyResponse,
    CurveMulRequest,
    CurveNewRequest,
    CurveOptionResponse,
    CurvePointResponse,
    ResponseHeader,
)

// Values of the circuits of the curve equation.
const ON_CURVE_VALUES = 10;
const NO_POINT_VALUES = 12;
const OFF_CURVE_VALUES = 13;
const SCALAR_HALF_BITS = 128;

// The point with these coordinates, if there is one.
func curve_new{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(curve: Curve*, price) {
    alloc_locals;
    local request: CurveNewRequest* = cast(syscall_ptr, CurveNewRequest*);
    let syscall_ptr = syscall_ptr + CurveNewRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return ();
    }
    local remaining_gas = remaining_gas - price;
    local gas = request.header.gas - price;
    let (local x_is_reduced) = is_reduced(curve, request.x);
    let (y_is_reduced) = is_reduced(curve, request.y);
    if (x_is_reduced * y_is_reduced == 0) {
        check_failure(gas=gas, error='Invalid argument');
        return ();
    }
    local response: CurveOptionResponse* = cast(syscall_ptr, CurveOptionResponse*);
    assert response.header = ResponseHeader(gas=gas, failure_flag=0);
    let syscall_ptr = syscall_ptr + CurveOptionResponse.SIZE;

    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    local values: UInt384* = cast(range_check96_ptr, UInt384*);
    write_value(request.x, values);
    write_value(request.y, values + UInt384.SIZE);
    let (is_zero) = is_infinity(cast(values, CurvePoint*));
    if (is_zero != 0) {
        assert response.is_none = 0;
        assert [response.point] = [cast(values, CurvePoint*)];
        set_modular(range_check96_ptr + CurvePoint.SIZE, add_mod_ptr, mul_mod_ptr);
        return ();
    }
    write_equation(curve, values);
    if (response.is_none == 0) {
        let (circuit) = on_curve_circuit();
        run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);
        assert [response.point] = [cast(values, CurvePoint*)];
        set_modular(
            range_check96_ptr + ON_CURVE_VALUES * UInt384.SIZE, add_mod_ptr, mul_mod_ptr
        );
        return ();
    }
    let (circuit) = off_curve_circuit();
    run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);
    assert response.is_none = 1;
    assert cast(response.point, felt) = 0;
    set_modular(range_check96_ptr + OFF_CURVE_VALUES * UInt384.SIZE, add_mod_ptr, mul_mod_ptr);
    return ();
}

// Constants of the circuits of the curve equation.
func write_equation(curve: Curve*, values: UInt384*) {
    assert values[2] = curve.a;
    assert values[3] = curve.b;
    assert values[4] = UInt384(0, 0, 0, 0);
    assert values[5] = UInt384(1, 0, 0, 0);
    return ();
}

// The point with this x and a y of the given parity, if there is one.
func curve_get_point_from_x{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(curve: Curve*, price) {
    alloc_locals;
    local request: CurveGetPointFromXRequest* = cast(syscall_ptr, CurveGetPointFromXRequest*);
    assert request.is_odd * request.is_odd = request.is_odd;
    let syscall_ptr = syscall_ptr + CurveGetPointFromXRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return ();
    }
    local remaining_gas = remaining_gas - price;
    local gas = request.header.gas - price;
    let (x_is_reduced) = is_reduced(curve, request.x);
    if (x_is_reduced == 0) {
        check_failure(gas=gas, error='Invalid argument');
        return ();
    }
    local response: CurveOptionResponse* = cast(syscall_ptr, CurveOptionResponse*);
    assert response.header = ResponseHeader(gas=gas, failure_flag=0);
    let syscall_ptr = syscall_ptr + CurveOptionResponse.SIZE;

    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    local values: UInt384* = cast(range_check96_ptr, UInt384*);
    write_value(request.x, values);
    write_equation(curve, values);
    // A root of the equation's right side, or where it has none of its negative.
    local y: Uint256;
    %{ cairn.execution.curve_root %}
    write_value(y, values + UInt384.SIZE);
    if (response.is_none == 0) {
        // The parity is that of the reduced y.
        let (y_is_reduced) = is_reduced(curve, y);
        assert y_is_reduced = 1;
        assert_nn((y.low - request.is_odd) / 2);
        let (circuit) = on_curve_circuit();
        run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);
        assert [response.point] = [cast(values, CurvePoint*)];
        set_modular(
            range_check96_ptr + ON_CURVE_VALUES * UInt384.SIZE, add_mod_ptr, mul_mod_ptr
        );
        return ();
    }
    let (circuit) = no_point_circuit();
    run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);
    assert response.is_none = 1;
    assert cast(response.point, felt) = 0;
    set_modular(range_check96_ptr + NO_POINT_VALUES * UInt384.SIZE, add_mod_ptr, mul_mod_ptr);
    return ();
}

func curve_add{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(curve: Curve*, price) {
    alloc_locals;
    local request: CurveAddRequest* = cast(syscall_ptr, CurveAddRequest*);
    let (local response: CurvePointResponse*, is_paid) = begin_point_response(
        request_size=CurveAddRequest.SIZE, price=price
    );
    if (is_paid == 0) {
        return ();
    }
    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    with range_check96_ptr, add_mod_ptr, mul_mod_ptr {
        check_sum(curve, request.first, request.second, response.point);
    }
    set_modular(range_check96_ptr, add_mod_ptr, mul_mod_ptr);
    return ();
}

func curve_mul{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(curve: Curve*, price) {
    alloc_locals;
    local request: CurveMulRequest* = cast(syscall_ptr, CurveMulRequest*);
    let (local response: CurvePointResponse*, is_paid) = begin_point_response(
        request_size=CurveMulRequest.SIZE, price=price
    );
    if (is_paid == 0) {
        return ();
    }
    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    local point: CurvePoint* = request.point;
    tempvar infinity = new CurvePoint(UInt384(0, 0, 0, 0), UInt384(0, 0, 0, 0));
    with range_check96_ptr, add_mod_ptr, mul_mod_ptr {
        %{ cairn.execution.begin_scalar_high %}
        let (high, sum) = multiply(curve, point, SCALAR_HALF_BITS, 0, infinity);
        assert high = request.scalar.high;
        %{ cairn.execution.begin_scalar_low %}
        let (low, sum) = multiply(curve, point, SCALAR_HALF_BITS, 0, sum);
        assert low = request.scalar.low;
    }
    assert [response.point] = [sum];
    set_modular(range_check96_ptr, add_mod_ptr, mul_mod_ptr);
    return ();
}

// Pays, and steps over request and response. Of those that could pay the point is left to check.
func begin_point_response{range_check_ptr, remaining_gas, syscall_ptr: felt*}(
    request_size, price
) -> (response: CurvePointResponse*, is_paid: felt) {
    let gas = [syscall_ptr + 1];
    let response = cast(syscall_ptr + request_size, CurvePointResponse*);
    if (response.header.failure_flag != 0) {
        let syscall_ptr = cast(response, felt*);
        check_out_of_gas(gas=gas, price=price);
        return (response=cast(0, CurvePointResponse*), is_paid=0);
    }
    assert response.header.gas = gas - price;
    assert [range_check_ptr] = response.header.gas;
    let range_check_ptr = range_check_ptr + 1;
    let remaining_gas = remaining_gas - price;
    let syscall_ptr = cast(response, felt*) + CurvePointResponse.SIZE;
    return (response=response, is_paid=1);
}

// The coordinates, reduced.
func curve_get_xy{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(curve: Curve*, price) {
    alloc_locals;
    local request: CurveGetXyRequest* = cast(syscall_ptr, CurveGetXyRequest*);
    local response: CurveGetXyResponse* = cast(
        syscall_ptr + CurveGetXyRequest.SIZE, CurveGetXyResponse*
    );
    if (response.header.failure_flag != 0) {
        let syscall_ptr = cast(response, felt*);
        check_out_of_gas(gas=request.header.gas, price=price);
        return ();
    }
    assert response.header.gas = request.header.gas - price;
    assert_nn(response.header.gas);
    local remaining_gas = remaining_gas - price;
    let syscall_ptr = cast(response, felt*) + CurveGetXyResponse.SIZE;
    let (is_zero) = is_infinity(request.point);
    if (is_zero != 0) {
        assert response.x = Uint256(0, 0);
        assert response.y = Uint256(0, 0);
        return ();
    }
    let (x_is_reduced) = is_reduced(curve, response.x);
    assert x_is_reduced = 1;
    let (y_is_reduced) = is_reduced(curve, response.y);
    assert y_is_reduced = 1;
    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    local values: UInt384* = cast(range_check96_ptr, UInt384*);
    assert values[0] = request.point.x;
    assert values[1] = request.point.y;
    write_value(response.x, values + 2 * UInt384.SIZE);
    write_value(response.y, values + 3 * UInt384.SIZE);
    assert values[4] = UInt384(0, 0, 0, 0);
    let (circuit) = equality_circuit();
    run_circuit{add_mod_ptr=add_mod_ptr, mul_mod_ptr=mul_mod_ptr}(circuit, curve.p, values);
    set_modular(range_check96_ptr + 5 * UInt384.SIZE, add_mod_ptr, mul_mod_ptr);
    return ();
}
