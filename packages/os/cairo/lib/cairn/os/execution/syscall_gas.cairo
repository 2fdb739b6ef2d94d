// Paying for syscalls, and the responses of those that fail.
from starkware.cairo.common.memcpy import memcpy
from cairn.os.execution.syscall_layout import FailureResponse

// Whether the counter in the request covers the price.
func can_pay{range_check_ptr}(gas, price) -> (is_paid: felt) {
    %{ cairn.execution.is_out_of_gas %}
    jmp out_of_gas if [ap] != 0, ap++;
    assert [range_check_ptr] = gas - price;
    let range_check_ptr = range_check_ptr + 1;
    return (is_paid=1);

    out_of_gas:
    assert [range_check_ptr] = price - 1 - gas;
    let range_check_ptr = range_check_ptr + 1;
    return (is_paid=0);
}

// Checks the response of a syscall that failed with this one felt and left that gas, and steps over it.
func check_failure{syscall_ptr: felt*}(gas, error) {
    let response = cast(syscall_ptr, FailureResponse*);
    assert response.gas = gas;
    assert response.failure_flag = 1;
    assert [response.start] = error;
    assert response.end = response.start + 1;
    let syscall_ptr = syscall_ptr + FailureResponse.SIZE;
    return ();
}

// Checks the response of a syscall that could not be paid, and steps over it.
func check_out_of_gas{range_check_ptr, syscall_ptr: felt*}(gas, price) {
    assert [range_check_ptr] = price - 1 - gas;
    let range_check_ptr = range_check_ptr + 1;
    check_failure(gas=gas, error='Out of gas');
    return ();
}

// Checks that the span holds the felts from start to end and, if extra_count is 1, one more.
func check_span(
    span_start: felt*, span_end: felt*, start: felt*, end: felt*, extra_count, extra
) {
    alloc_locals;
    local length = end - start;
    memcpy(dst=span_start, src=start, len=length);
    assert span_end = span_start + length + extra_count;
    if (extra_count != 0) {
        assert span_start[length] = extra;
    }
    return ();
}
