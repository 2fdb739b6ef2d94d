from starkware.cairo.common.math import assert_in_range, assert_not_equal
from starkware.cairo.common.pow import pow

// The smallest n with value <= 2^n, for value in [1, 2^127].
func log2_ceil{range_check_ptr}(value: felt) -> felt {
    alloc_locals;
    if (value == 1) {
        return 0;
    }
    %{ cairn.log2_ceil.to_range_check %}
    local log = [range_check_ptr];
    assert [range_check_ptr + 1] = 127 - log;
    let range_check_ptr = range_check_ptr + 2;
    assert_not_equal(log, 0);
    let (half) = pow(2, log - 1);
    assert_in_range(value=value, lower=half + 1, upper=2 * half + 1);
    return log;
}
