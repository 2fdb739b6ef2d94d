// Syscalls that hash.
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.math import assert_nn
from starkware.cairo.common.memset import memset
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_bitwise
from cairn.os.execution.call_outputs import CallOutputs, with_keccak_jobs
from cairn.os.execution.keccak import LANES, RATE, absorb, check_lanes
from cairn.os.execution.protocol_constants import ProtocolConstants
from cairn.os.execution.sha2 import Sha2Variant, check_compression
from cairn.os.execution.syscall_gas import can_pay, check_failure, check_out_of_gas
from cairn.os.execution.syscall_layout import (
    KeccakRequest,
    KeccakResponse,
    ResponseHeader,
    Sha2Request,
    Sha2Response,
)

// One compression of SHA-256 or SHA-512. Its words are in range for all code that the compiler makes.
func sha2_process_block{
    range_check_ptr, builtin_pointers: BuiltinPointers*, remaining_gas, syscall_ptr: felt*
}(variant: Sha2Variant*, price) {
    alloc_locals;
    let request = cast(syscall_ptr, Sha2Request*);
    local gas = request.header.gas;
    let response = cast(syscall_ptr + Sha2Request.SIZE, Sha2Response*);
    if (response.header.failure_flag != 0) {
        let syscall_ptr = cast(response, felt*);
        check_out_of_gas(gas=gas, price=price);
        return ();
    }
    let remaining_gas = remaining_gas - price;
    assert response.header.gas = gas - price;
    assert_nn(response.header.gas);
    let syscall_ptr = cast(response, felt*) + Sha2Response.SIZE;
    let bitwise_ptr = builtin_pointers.bitwise;
    check_compression{bitwise_ptr=bitwise_ptr}(
        variant=variant, state=request.state, block=request.block, next=response.state
    );
    set_bitwise(bitwise_ptr);
    return ();
}

// Keccak-256 of whole blocks. Rounds are paid after the syscall itself.
func keccak{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
}(constants: ProtocolConstants*) {
    alloc_locals;
    local request: KeccakRequest* = cast(syscall_ptr, KeccakRequest*);
    let syscall_ptr = syscall_ptr + KeccakRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=constants.keccak_gas);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return ();
    }
    let remaining_gas = remaining_gas - constants.keccak_gas;
    local gas = request.header.gas - constants.keccak_gas;

    // The length is block_count * RATE + rest.
    local length = request.input_end - request.input_start;
    local block_count = nondet %{ cairn.execution.keccak_block_count %};
    local rest = length - block_count * RATE;
    assert [range_check_ptr] = block_count;
    assert [range_check_ptr + 1] = rest;
    assert [range_check_ptr + 2] = RATE - 1 - rest;
    let range_check_ptr = range_check_ptr + 3;
    if (rest != 0) {
        check_failure(gas=gas, error='Invalid input length');
        return ();
    }
    local price = block_count * constants.keccak_round_gas;
    let (is_paid) = can_pay(gas=gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=gas, error='Out of gas');
        return ();
    }
    let remaining_gas = remaining_gas - price;
    // Words of 64 bits, as in all code that the compiler makes.
    check_lanes(request.input_start, length);
    let (local state: felt*) = alloc();
    memset(dst=state, value=0, n=LANES);
    let bitwise_ptr = builtin_pointers.bitwise;
    let keccak_jobs = outputs.keccak_jobs;
    let (local hashed) = absorb{bitwise_ptr=bitwise_ptr, keccak_jobs=keccak_jobs}(
        state=state, block=request.input_start, block_count=block_count
    );
    set_bitwise(bitwise_ptr);
    let (outputs) = with_keccak_jobs(outputs, keccak_jobs);
    let response = cast(syscall_ptr, KeccakResponse*);
    assert response.header = ResponseHeader(gas=gas - price, failure_flag=0);
    assert response.low = hashed[0] + 2 ** 64 * hashed[1];
    assert response.high = hashed[2] + 2 ** 64 * hashed[3];
    let syscall_ptr = syscall_ptr + KeccakResponse.SIZE;
    return ();
}
