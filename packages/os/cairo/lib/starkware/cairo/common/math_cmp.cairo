// Comparisons that answer 0 or 1. "In range" means in [0, 2^128).
from starkware.cairo.common.math import assert_le_felt, assert_lt_felt

const RC_BOUND = 2 ** 128;

@known_ap_change
func is_not_zero(value) -> felt {
    jmp not_zero if value != 0;
    return 0;

    not_zero:
    return 1;
}

// Whether a is in range. What is not lies in [2^128, 2^128 + FAR_MAX], as 2^128 + r0 + r1 * FAR with both r in
// range, which stays below P; or less than 2^128 + 1 below P, as -1 - r. The two overlap or touch.
@known_ap_change
func is_nn{range_check_ptr}(a) -> felt {
    // (2^128 - 1) * (FAR + 1) is the largest multiple of 2^128 - 1 that is at most P - 1 - 2^128.
    const FAR = 0x8000000000000110000000000000000 - 2;
    %{ cairn.math_cmp.is_outside %}
    jmp outside if [ap] != 0, ap++;
    assert [range_check_ptr] = a;
    let range_check_ptr = range_check_ptr + 1;
    ap += 5;
    return 1;

    outside:
    %{ cairn.math_cmp.is_far %}
    jmp far if [ap] != 0, ap++;
    assert [range_check_ptr] = (-1) - a;
    let range_check_ptr = range_check_ptr + 1;
    ap += 2;
    return 0;

    far:
    %{ cairn.math_cmp.far_to_range_checks %}
    tempvar weighted = [range_check_ptr + 1] * FAR;
    assert a = [range_check_ptr] + weighted + RC_BOUND;
    let range_check_ptr = range_check_ptr + 2;
    return 0;
}

// Whether b - a is in range.
@known_ap_change
func is_le{range_check_ptr}(a, b) -> felt {
    return is_nn(b - a);
}

// Whether a and b - a are in range.
@known_ap_change
func is_nn_le{range_check_ptr}(a, b) -> felt {
    let res = is_nn(a);
    if (res == 0) {
    ap += 10;
        return 0;
    }
    return is_nn(b - a);
}

// Whether value - lower and upper - 1 - value are in range.
@known_ap_change
func is_in_range{range_check_ptr}(value, lower, upper) -> felt {
    let res = is_nn(value - lower);
    if (res == 0) {
    ap += 11;
        return 0;
    }
    return is_nn(upper - 1 - value);
}

// Whether a <= b as integers in [0, P).
@known_ap_change
func is_le_felt{range_check_ptr}(a, b) -> felt {
    %{ cairn.math_cmp.is_greater_felt %}
    jmp greater if [ap] != 0, ap++;
    ap += 10;
    assert_le_felt(a, b);
    return 1;

    greater:
    assert_lt_felt(b, a);
    return 0;
}
