// Calls to contracts. Code runs first, with responses to its syscalls that the prover gave; then each of its syscalls
// is executed in order and must give that response. Calls that it made run at that point.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.hash_state import hash_felts
from starkware.cairo.common.math import assert_nn
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_pedersen
from cairn.os.execution.call_context import (
    CONSTRUCTOR,
    EXTERNAL,
    CallContext,
    ExecutionInfo,
    TransactionInfo,
)
from cairn.os.execution.call_outputs import CallOutputs, discarded_outputs, with_keccak_jobs
from cairn.os.execution.contract_address import contract_address_of
from cairn.os.execution.curve_points import secp256k1, secp256r1
from cairn.os.execution.curve_syscalls import (
    curve_add,
    curve_get_point_from_x,
    curve_get_xy,
    curve_mul,
    curve_new,
)
from cairn.os.execution.entry_points import find_compiled_class, find_entry_point
from cairn.os.execution.hash_syscalls import keccak, sha2_process_block
from cairn.os.execution.plain_syscalls import (
    emit_event,
    get_block_hash,
    get_class_hash_at,
    get_execution_info,
    replace_class,
    send_message_to_l1,
)
from cairn.os.execution.protocol_constants import ProtocolConstants
from cairn.os.execution.run_contract import run_contract
from cairn.os.execution.sha2 import sha256_variant, sha512_variant
from cairn.os.execution.state_access import close_section, close_section_with, open_section
from cairn.os.execution.state_entry import StateEntry
from cairn.os.execution.syscall_gas import can_pay, check_failure, check_out_of_gas, check_span
from cairn.os.execution.syscall_layout import (
    CallRequest,
    CallResponse,
    DeployRequest,
    DeployResponse,
    MetaTxV0Request,
    RequestHeader,
    StorageReadRequest,
    StorageReadResponse,
    StorageWriteRequest,
    ResponseHeader,
)
from cairn.os.execution.undo_log import CLASS_KEY, UndoEntry, undo

// How calls end. A failed one has been undone and the caller goes on with its panic data. A fatal one has not: nothing
// of the transaction's execution stays, and no code runs on with its result; remaining_gas is then what a reverted
// transaction has not used: the counter at the last syscall that was paid.
const SUCCEEDED = 0;
const FAILED = 1;
const FATAL = 2;

const EXECUTE_SELECTOR = 0x15d40a3d6ca2ac30f4031e42be28da9b056fef9bb7357ac5e85627ee876e5ad;
const CONSTRUCTOR_SELECTOR = 0x28ffe4ff0f226a9107253e17a904099aa4f63a02a5621de0576e5aa71bc5194;

// Executes a call with the given gas; no section may be open. Leaves in remaining_gas what the call did not use.
func execute_call{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
}(context: CallContext*) -> (outcome: felt, retdata_start: felt*, retdata_end: felt*) {
    alloc_locals;
    let constants = context.block_context.constants;
    if (context.depth == constants.max_depth) {
        return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
    }
    local address = context.execution_info.contract_address;
    let (local section) = open_section(address);
    local contract: StateEntry* = cast(section.prev_value, StateEntry*);
    let class_hash = contract.class_hash + context.is_library_call * (
        context.library_class_hash - contract.class_hash
    );
    let (local compiled_class) = find_compiled_class(context.block_context, class_hash);
    if (cast(compiled_class, felt) == 0) {
        close_section(section=section, storage_ptr=contract.storage_ptr);
        return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
    }
    let (local entry_point) = find_entry_point(
        compiled_class, context.entry_point_type, context.execution_info.selector
    );
    if (cast(entry_point, felt) == 0) {
        close_section(section=section, storage_ptr=contract.storage_ptr);
        return refuse('ENTRYPOINT_NOT_FOUND');
    }
    let (is_paid) = can_pay(gas=remaining_gas, price=constants.entry_point_initial_budget);
    if (is_paid == 0) {
        close_section(section=section, storage_ptr=contract.storage_ptr);
        return refuse('Out of gas');
    }

    let (syscall_ptr, local run) = run_contract(
        context=context,
        compiled_class=compiled_class,
        entry_point=entry_point,
        gas=remaining_gas - constants.entry_point_initial_budget,
    );
    local undo_start: UndoEntry* = undo_log;
    local outputs_before: CallOutputs* = outputs;
    let storage_ptr = contract.storage_ptr;
    if (run.failure_flag == 0) {
        let (is_fatal) = execute_syscalls{
            syscall_ptr=syscall_ptr, section=section, storage_ptr=storage_ptr
        }(context=context, constants=constants, syscall_end=run.syscall_end);
        close_section(section=section, storage_ptr=storage_ptr);
        if (is_fatal != 0) {
            return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
        }
        take_gas_left(run.gas_left);
        return (
            outcome=SUCCEEDED, retdata_start=run.retdata_start, retdata_end=run.retdata_end
        );
    }
    let (outputs) = discarded_outputs(outputs);
    let (is_fatal) = execute_syscalls{
        syscall_ptr=syscall_ptr, section=section, storage_ptr=storage_ptr
    }(context=context, constants=constants, syscall_end=run.syscall_end);
    close_section(section=section, storage_ptr=storage_ptr);
    let (outputs) = with_keccak_jobs(outputs_before, outputs.keccak_jobs);
    if (is_fatal != 0) {
        return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
    }
    undo(first=undo_start, end=undo_log);
    take_gas_left(run.gas_left);
    return (outcome=FAILED, retdata_start=run.retdata_start, retdata_end=run.retdata_end);
}

// The result of a call that ended before its code began.
func refuse{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
}(error) -> (outcome: felt, retdata_start: felt*, retdata_end: felt*) {
    tempvar data = cast(new (error,), felt*);
    return (outcome=FAILED, retdata_start=data, retdata_end=data + 1);
}

// The gas that code returned: not more than it was given less what its syscalls took.
func take_gas_left{range_check_ptr, remaining_gas}(gas_left) {
    assert [range_check_ptr] = gas_left;
    assert [range_check_ptr + 1] = remaining_gas - gas_left;
    let range_check_ptr = range_check_ptr + 2;
    let remaining_gas = gas_left;
    return ();
}

// Executes syscalls up to syscall_end, in an open section of the contract. remaining_gas is what was given to the code
// less what syscalls took: a counter in a request can be that at most.
func execute_syscalls{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*, syscall_end: felt*) -> (is_fatal: felt) {
    alloc_locals;
    if (syscall_ptr == syscall_end) {
        return (is_fatal=0);
    }
    tempvar header = cast(syscall_ptr, RequestHeader*);
    assert [range_check_ptr] = remaining_gas - header.gas;
    let range_check_ptr = range_check_ptr + 1;
    tempvar selector = header.selector;

    if (selector == 'StorageRead') {
        let read = cast(syscall_ptr, StorageReadRequest*);
        if (read.address_domain != 0) {
            return refuse_address_domain(header);
        }
        tempvar price = constants.storage_read_gas;
        let read_response = cast(syscall_ptr + StorageReadRequest.SIZE, StorageReadResponse*);
        if (read_response.header.failure_flag != 0) {
            let syscall_ptr = cast(read_response, felt*);
            check_out_of_gas(gas=header.gas, price=price);
            return execute_syscalls(context, constants, syscall_end);
        }
        assert read_response.header.gas = header.gas - price;
        assert [range_check_ptr] = read_response.header.gas;
        let range_check_ptr = range_check_ptr + 1;
        assert storage_ptr.key = read.key;
        assert storage_ptr.prev_value = read_response.value;
        assert storage_ptr.new_value = read_response.value;
        let storage_ptr = storage_ptr + DictAccess.SIZE;
        let remaining_gas = remaining_gas - price;
        let syscall_ptr = cast(read_response, felt*) + StorageReadResponse.SIZE;
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'StorageWrite') {
        let write = cast(syscall_ptr, StorageWriteRequest*);
        if (write.address_domain != 0) {
            return refuse_address_domain(header);
        }
        tempvar price = constants.storage_write_gas;
        let write_response = cast(syscall_ptr + StorageWriteRequest.SIZE, ResponseHeader*);
        if (write_response.failure_flag != 0) {
            let syscall_ptr = cast(write_response, felt*);
            check_out_of_gas(gas=header.gas, price=price);
            return execute_syscalls(context, constants, syscall_end);
        }
        assert write_response.gas = header.gas - price;
        assert [range_check_ptr] = write_response.gas;
        let range_check_ptr = range_check_ptr + 1;
        tempvar address = section.key;
        let key = write.key;
        let value = write.value;
        %{ cairn.execution.write_storage %}
        assert storage_ptr.key = key;
        assert storage_ptr.new_value = value;
        assert undo_log.address = address;
        assert undo_log.key = key;
        assert undo_log.previous_value = storage_ptr.prev_value;
        let undo_log = undo_log + UndoEntry.SIZE;
        let storage_ptr = storage_ptr + DictAccess.SIZE;
        let remaining_gas = remaining_gas - price;
        let syscall_ptr = cast(write_response, felt*) + ResponseHeader.SIZE;
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'GetExecutionInfo') {
        get_execution_info(context, constants);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'EmitEvent') {
        let (is_fatal) = emit_event(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'CallContract') {
        let (is_fatal) = call_contract(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'LibraryCall') {
        let (is_fatal) = library_call(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'GetClassHashAt') {
        get_class_hash_at(context, constants);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'SendMessageToL1') {
        let (is_fatal) = send_message_to_l1(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Deploy') {
        let (is_fatal) = deploy(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'GetBlockHash') {
        get_block_hash(context, constants);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'ReplaceClass') {
        let (is_fatal) = replace_class(context, constants);
        if (is_fatal != 0) {
            return (is_fatal=1);
        }
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Keccak') {
        keccak(constants);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Sha256ProcessBlock') {
        let (variant) = sha256_variant();
        sha2_process_block(variant, constants.sha256_process_block_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Sha512ProcessBlock') {
        let (variant) = sha512_variant();
        sha2_process_block(variant, constants.sha512_process_block_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256k1New') {
        let (curve) = secp256k1();
        curve_new(curve, constants.secp256k1_new_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256k1GetPointFromX') {
        let (curve) = secp256k1();
        curve_get_point_from_x(curve, constants.secp256k1_get_point_from_x_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256k1Add') {
        let (curve) = secp256k1();
        curve_add(curve, constants.secp256k1_add_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256k1Mul') {
        let (curve) = secp256k1();
        curve_mul(curve, constants.secp256k1_mul_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256k1GetXy') {
        let (curve) = secp256k1();
        curve_get_xy(curve, constants.secp256k1_get_xy_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256r1New') {
        let (curve) = secp256r1();
        curve_new(curve, constants.secp256r1_new_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256r1GetPointFromX') {
        let (curve) = secp256r1();
        curve_get_point_from_x(curve, constants.secp256r1_get_point_from_x_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256r1Add') {
        let (curve) = secp256r1();
        curve_add(curve, constants.secp256r1_add_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256r1Mul') {
        let (curve) = secp256r1();
        curve_mul(curve, constants.secp256r1_mul_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    if (selector == 'Secp256r1GetXy') {
        let (curve) = secp256r1();
        curve_get_xy(curve, constants.secp256r1_get_xy_gas);
        return execute_syscalls(context, constants, syscall_end);
    }
    assert selector = 'MetaTxV0';
    let (is_fatal) = meta_tx_v0(context, constants);
    if (is_fatal != 0) {
        return (is_fatal=1);
    }
    return execute_syscalls(context, constants, syscall_end);
}

// Only address domain 0 exists. Such a syscall is not paid, so the counter that counts is that of an earlier one: the
// prover says which, between this request's and what the code may have left.
func refuse_address_domain{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(header: RequestHeader*) -> (is_fatal: felt) {
    tempvar noted_gas = nondet %{ cairn.execution.noted_gas %};
    assert [range_check_ptr] = noted_gas - header.gas;
    assert [range_check_ptr + 1] = remaining_gas - noted_gas;
    let range_check_ptr = range_check_ptr + 2;
    let remaining_gas = noted_gas;
    return (is_fatal=1);
}

// Calls another contract. While it validates, an account may call only itself.
func call_contract{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: CallRequest* = cast(syscall_ptr, CallRequest*);
    let syscall_ptr = syscall_ptr + CallRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=constants.call_contract_gas);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    let remaining_gas = remaining_gas - constants.call_contract_gas;
    local gas = request.header.gas - constants.call_contract_gas;
    let info = context.execution_info;
    assert context.is_validation * (request.target - info.contract_address) = 0;
    if (request.selector == EXECUTE_SELECTOR) {
        check_failure(gas=gas, error='Invalid argument');
        return (is_fatal=0);
    }
    tempvar inner_info = new ExecutionInfo(
        block_info=info.block_info,
        transaction_info=info.transaction_info,
        caller_address=info.contract_address,
        contract_address=request.target,
        selector=request.selector,
    );
    tempvar inner = new CallContext(
        block_context=context.block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=EXTERNAL,
        calldata_start=request.calldata_start,
        calldata_end=request.calldata_end,
        execution_info=inner_info,
        depth=context.depth + 1,
        is_validation=context.is_validation,
    );
    return execute_inner_call(inner=inner, gas=gas);
}

// Runs code of another class on the calling contract.
func library_call{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: CallRequest* = cast(syscall_ptr, CallRequest*);
    let syscall_ptr = syscall_ptr + CallRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=constants.library_call_gas);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    let remaining_gas = remaining_gas - constants.library_call_gas;
    let info = context.execution_info;
    tempvar inner_info = new ExecutionInfo(
        block_info=info.block_info,
        transaction_info=info.transaction_info,
        caller_address=info.caller_address,
        contract_address=info.contract_address,
        selector=request.selector,
    );
    tempvar inner = new CallContext(
        block_context=context.block_context,
        is_library_call=1,
        library_class_hash=request.target,
        entry_point_type=EXTERNAL,
        calldata_start=request.calldata_start,
        calldata_end=request.calldata_end,
        execution_info=inner_info,
        depth=context.depth + 1,
        is_validation=context.is_validation,
    );
    return execute_inner_call(
        inner=inner, gas=request.header.gas - constants.library_call_gas
    );
}

// Enters __execute__ of another account as if by an old transaction of version 0, signed for it. Not allowed in
// validation.
func meta_tx_v0{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: MetaTxV0Request* = cast(syscall_ptr, MetaTxV0Request*);
    local calldata_size = request.calldata_end - request.calldata_start;
    assert_nn(calldata_size);
    assert_nn(request.signature_end - request.signature_start);
    let syscall_ptr = syscall_ptr + MetaTxV0Request.SIZE;
    local price = constants.meta_tx_v0_gas + constants.meta_tx_v0_felt_gas * calldata_size;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    let remaining_gas = remaining_gas - price;
    local gas = request.header.gas - price;
    assert context.is_validation = 0;
    if (request.selector != EXECUTE_SELECTOR) {
        check_failure(gas=gas, error='Invalid argument');
        return (is_fatal=0);
    }
    let outer = context.execution_info;
    let (transaction_hash) = meta_transaction_hash(
        chain_id=context.block_context.chain_id,
        contract_address=request.contract_address,
        calldata_size=calldata_size,
        calldata=request.calldata_start,
    );
    let nothing = cast(0, felt*);
    tempvar transaction_info = new TransactionInfo(
        version=0,
        account_contract_address=request.contract_address,
        max_fee=0,
        signature_start=request.signature_start,
        signature_end=request.signature_end,
        transaction_hash=transaction_hash,
        chain_id=context.block_context.chain_id,
        nonce=0,
        resource_bounds_start=nothing,
        resource_bounds_end=nothing,
        tip=0,
        paymaster_data_start=nothing,
        paymaster_data_end=nothing,
        nonce_data_availability_mode=0,
        fee_data_availability_mode=0,
        account_deployment_data_start=nothing,
        account_deployment_data_end=nothing,
        proof_facts_start=nothing,
        proof_facts_end=nothing,
    );
    tempvar inner_info = new ExecutionInfo(
        block_info=outer.block_info,
        transaction_info=transaction_info,
        caller_address=0,
        contract_address=request.contract_address,
        selector=EXECUTE_SELECTOR,
    );
    tempvar inner = new CallContext(
        block_context=context.block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=EXTERNAL,
        calldata_start=request.calldata_start,
        calldata_end=request.calldata_end,
        execution_info=inner_info,
        depth=context.depth + 1,
        is_validation=0,
    );
    return execute_inner_call(inner=inner, gas=gas);
}

// Hash of an invoke transaction of version 0 with no fee.
func meta_transaction_hash{builtin_pointers: BuiltinPointers*}(
    chain_id, contract_address, calldata_size, calldata: felt*
) -> (hash: felt) {
    alloc_locals;
    let hash_ptr = builtin_pointers.pedersen;
    with hash_ptr {
        let (calldata_hash) = hash_felts(data=calldata, length=calldata_size);
        tempvar fields = new (
            'invoke', 0, contract_address, EXECUTE_SELECTOR, calldata_hash, 0, chain_id
        );
        let (local hash) = hash_felts(data=fields, length=7);
    }
    set_pedersen(hash_ptr);
    return (hash=hash);
}

// Executes a call from inside another, between two sections of the outer one, and checks its response.
func execute_inner_call{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(inner: CallContext*, gas) -> (is_fatal: felt) {
    alloc_locals;
    local address = section.key;
    local remaining_gas = remaining_gas;
    assert_nn(inner.calldata_end - inner.calldata_start);
    close_section(section=section, storage_ptr=storage_ptr);
    let inner_gas = gas;
    let (local outcome, local retdata_start, local retdata_end) = execute_call{
        remaining_gas=inner_gas
    }(inner);
    local inner_gas = inner_gas;
    let (section) = open_section(address);
    let storage_ptr = cast(section.prev_value, StateEntry*).storage_ptr;
    if (outcome == FATAL) {
        let remaining_gas = inner_gas;
        return (is_fatal=1);
    }
    let response = cast(syscall_ptr, CallResponse*);
    assert response.header.gas = inner_gas;
    assert response.header.failure_flag = outcome;
    check_span(
        span_start=response.retdata_start,
        span_end=response.retdata_end,
        start=retdata_start,
        end=retdata_end,
        extra_count=outcome,
        extra='ENTRYPOINT_FAILED',
    );
    let syscall_ptr = syscall_ptr + CallResponse.SIZE;
    let remaining_gas = remaining_gas - gas + inner_gas;
    return (is_fatal=0);
}

// Deploys a contract; a failing constructor is fatal. Not allowed in validation.
func deploy{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: DeployRequest* = cast(syscall_ptr, DeployRequest*);
    local calldata_size = request.calldata_end - request.calldata_start;
    assert_nn(calldata_size);
    assert request.deploy_from_zero * request.deploy_from_zero = request.deploy_from_zero;
    let syscall_ptr = syscall_ptr + DeployRequest.SIZE;
    local price = constants.deploy_gas + constants.deploy_felt_gas * calldata_size;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    assert context.is_validation = 0;
    local remaining_gas = remaining_gas - price;
    local gas = request.header.gas - price;
    local info: ExecutionInfo* = context.execution_info;
    let (local address) = contract_address_of(
        deployer=(1 - request.deploy_from_zero) * info.contract_address,
        salt=request.salt,
        class_hash=request.class_hash,
        calldata_size=calldata_size,
        calldata=request.calldata_start,
    );

    close_section(section=section, storage_ptr=storage_ptr);
    let inner_gas = gas;
    let (local outcome, local retdata_start, local retdata_end) = execute_deployment{
        remaining_gas=inner_gas
    }(
        context=context,
        caller_address=info.contract_address,
        address=address,
        class_hash=request.class_hash,
        calldata_start=request.calldata_start,
        calldata_end=request.calldata_end,
    );
    local inner_gas = inner_gas;
    let (section) = open_section(info.contract_address);
    let storage_ptr = cast(section.prev_value, StateEntry*).storage_ptr;
    if (outcome != SUCCEEDED) {
        let remaining_gas = inner_gas;
        return (is_fatal=1);
    }
    let response = cast(syscall_ptr, DeployResponse*);
    assert response.header.gas = inner_gas;
    assert response.header.failure_flag = 0;
    assert response.contract_address = address;
    check_span(
        span_start=response.retdata_start,
        span_end=response.retdata_end,
        start=retdata_start,
        end=retdata_end,
        extra_count=0,
        extra=0,
    );
    let syscall_ptr = syscall_ptr + DeployResponse.SIZE;
    let remaining_gas = remaining_gas - gas + inner_gas;
    return (is_fatal=0);
}

// Puts a class at an address and runs its constructor, one level below the context's call. No section may be open.
func execute_deployment{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    remaining_gas,
}(
    context: CallContext*,
    caller_address,
    address,
    class_hash,
    calldata_start: felt*,
    calldata_end: felt*,
) -> (outcome: felt, retdata_start: felt*, retdata_end: felt*) {
    alloc_locals;
    let (local section) = open_section(address);
    local contract: StateEntry* = cast(section.prev_value, StateEntry*);
    if (contract.class_hash != 0) {
        close_section(section=section, storage_ptr=contract.storage_ptr);
        return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
    }
    let (local compiled_class) = find_compiled_class(context.block_context, class_hash);
    if (cast(compiled_class, felt) == 0) {
        close_section(section=section, storage_ptr=contract.storage_ptr);
        return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
    }
    close_section_with(
        section=section,
        class_hash=class_hash,
        storage_ptr=contract.storage_ptr,
        nonce=contract.nonce,
    );
    assert [undo_log] = UndoEntry(address=address, key=CLASS_KEY, previous_value=0);
    let undo_log = undo_log + UndoEntry.SIZE;
    if (compiled_class.n_constructors == 0) {
        if (calldata_end != calldata_start) {
            return (outcome=FATAL, retdata_start=cast(0, felt*), retdata_end=cast(0, felt*));
        }
        return (outcome=SUCCEEDED, retdata_start=calldata_start, retdata_end=calldata_start);
    }
    let info = context.execution_info;
    tempvar constructor_info = new ExecutionInfo(
        block_info=info.block_info,
        transaction_info=info.transaction_info,
        caller_address=caller_address,
        contract_address=address,
        selector=CONSTRUCTOR_SELECTOR,
    );
    tempvar constructor = new CallContext(
        block_context=context.block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=CONSTRUCTOR,
        calldata_start=calldata_start,
        calldata_end=calldata_end,
        execution_info=constructor_info,
        depth=context.depth + 1,
        is_validation=context.is_validation,
    );
    return execute_call(constructor);
}
