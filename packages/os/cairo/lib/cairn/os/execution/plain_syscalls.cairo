// Syscalls that make no calls. Each steps over its request and response; is_fatal says that the transaction cannot go
// on, and then there may be no response.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_le_felt, assert_nn
from starkware.cairo.common.memcpy import memcpy
from cairn.os.execution.call_context import CallContext
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.carried_outputs import MessageToL1
from cairn.os.execution.protocol_constants import ProtocolConstants
from cairn.os.execution.state_access import (
    close_section_with,
    open_section,
    read_class_hash,
    read_compiled_class_hash,
    read_storage,
)
from cairn.os.execution.state_entry import StateEntry
from cairn.os.execution.syscall_gas import can_pay, check_failure, check_out_of_gas
from cairn.os.execution.syscall_layout import (
    EmitEventRequest,
    GetBlockHashRequest,
    GetBlockHashResponse,
    GetClassHashAtRequest,
    GetClassHashAtResponse,
    GetExecutionInfoResponse,
    ReplaceClassRequest,
    RequestHeader,
    ResponseHeader,
    SendMessageToL1Request,
)
from cairn.os.execution.transaction_record import EventRecord
from cairn.os.execution.undo_log import CLASS_KEY, UndoEntry

const BLOCK_HASH_CONTRACT = 1;
// Age in blocks from which a block's hash can be read.
const STORED_BLOCK_HASH_BUFFER = 10;
// How many felts of data a key of an event counts as, in the price of events.
const KEY_WEIGHT = 2;
const ETH_ADDRESS_BOUND = 2 ** 160;

func get_execution_info{range_check_ptr, remaining_gas, syscall_ptr: felt*}(
    context: CallContext*, constants: ProtocolConstants*
) {
    let request = cast(syscall_ptr, RequestHeader*);
    tempvar gas = request.gas;
    let response = cast(syscall_ptr + RequestHeader.SIZE, GetExecutionInfoResponse*);
    if (response.header.failure_flag != 0) {
        let syscall_ptr = cast(response, felt*);
        check_out_of_gas(gas=gas, price=constants.get_execution_info_gas);
        return ();
    }
    let remaining_gas = remaining_gas - constants.get_execution_info_gas;
    assert response.header.gas = gas - constants.get_execution_info_gas;
    assert [range_check_ptr] = response.header.gas;
    assert response.execution_info = context.execution_info;
    let range_check_ptr = range_check_ptr + 1;
    let syscall_ptr = cast(response, felt*) + GetExecutionInfoResponse.SIZE;
    return ();
}

func emit_event{range_check_ptr, outputs: CallOutputs*, remaining_gas, syscall_ptr: felt*}(
    context: CallContext*, constants: ProtocolConstants*
) -> (is_fatal: felt) {
    alloc_locals;
    local request: EmitEventRequest* = cast(syscall_ptr, EmitEventRequest*);
    let syscall_ptr = syscall_ptr + EmitEventRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=constants.emit_event_gas);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    local key_count = request.keys_end - request.keys_start;
    local data_count = request.data_end - request.data_start;
    %{ cairn.execution.is_event_refused %}
    jmp refused if [ap] != 0, ap++;

    assert [range_check_ptr] = key_count;
    assert [range_check_ptr + 1] = constants.max_event_keys - key_count;
    assert [range_check_ptr + 2] = data_count;
    assert [range_check_ptr + 3] = constants.max_event_data - data_count;
    assert [range_check_ptr + 4] = constants.max_event_count - 1 - outputs.event_count;
    let range_check_ptr = range_check_ptr + 5;
    assert [outputs.events] = EventRecord(
        from_address=context.execution_info.contract_address,
        n_keys=key_count,
        keys=request.keys_start,
        n_data=data_count,
        data=request.data_start,
    );
    let before = outputs;
    tempvar outputs = new CallOutputs(
        messages_to_l1=before.messages_to_l1,
        message_count=before.message_count,
        payload_felts=before.payload_felts,
        events=before.events + EventRecord.SIZE,
        event_count=before.event_count + 1,
        event_felts=before.event_felts + KEY_WEIGHT * key_count + data_count,
        keccak_jobs=before.keccak_jobs,
    );
    let response = cast(syscall_ptr, ResponseHeader*);
    assert response.gas = request.header.gas - constants.emit_event_gas;
    assert response.failure_flag = 0;
    let remaining_gas = remaining_gas - constants.emit_event_gas;
    let syscall_ptr = syscall_ptr + ResponseHeader.SIZE;
    return (is_fatal=0);

    refused:
    let remaining_gas = request.header.gas - constants.emit_event_gas;
    %{ cairn.execution.has_too_many_keys %}
    jmp too_many_keys if [ap] != 0, ap++;
    %{ cairn.execution.has_too_much_data %}
    jmp too_much_data if [ap] != 0, ap++;
    assert outputs.event_count = constants.max_event_count;
    return (is_fatal=1);

    too_many_keys:
    assert [range_check_ptr] = key_count - constants.max_event_keys - 1;
    let range_check_ptr = range_check_ptr + 1;
    let remaining_gas = request.header.gas - constants.emit_event_gas;
    return (is_fatal=1);

    too_much_data:
    assert [range_check_ptr] = data_count - constants.max_event_data - 1;
    let range_check_ptr = range_check_ptr + 1;
    let remaining_gas = request.header.gas - constants.emit_event_gas;
    return (is_fatal=1);
}

func send_message_to_l1{
    range_check_ptr, outputs: CallOutputs*, remaining_gas, syscall_ptr: felt*
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: SendMessageToL1Request* = cast(syscall_ptr, SendMessageToL1Request*);
    let syscall_ptr = syscall_ptr + SendMessageToL1Request.SIZE;
    local payload_size = request.payload_end - request.payload_start;
    assert_nn(payload_size);
    local price = constants.send_message_to_l1_gas + constants.send_message_to_l1_felt_gas *
        payload_size;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    local to_address = request.to_address;
    %{ cairn.execution.is_no_eth_address %}
    jmp refused if [ap] != 0, ap++;

    // Below 2^160: a low part below 2^128 and a high part below 2^32.
    %{ cairn.execution.eth_address_halves %}
    assert to_address = [range_check_ptr] + 2 ** 128 * [range_check_ptr + 1];
    assert [range_check_ptr + 2] = 2 ** 32 - 1 - [range_check_ptr + 1];
    let range_check_ptr = range_check_ptr + 3;
    local before: CallOutputs* = outputs;
    assert [before.messages_to_l1] = MessageToL1(
        from_address=context.execution_info.contract_address,
        to_address=to_address,
        payload_size=payload_size,
    );
    local payload: felt* = cast(before.messages_to_l1 + MessageToL1.SIZE, felt*);
    memcpy(dst=payload, src=request.payload_start, len=payload_size);
    tempvar outputs = new CallOutputs(
        messages_to_l1=cast(payload + payload_size, MessageToL1*),
        message_count=before.message_count + 1,
        payload_felts=before.payload_felts + payload_size,
        events=before.events,
        event_count=before.event_count,
        event_felts=before.event_felts,
        keccak_jobs=before.keccak_jobs,
    );
    let response = cast(syscall_ptr, ResponseHeader*);
    assert response.gas = request.header.gas - price;
    assert response.failure_flag = 0;
    let remaining_gas = remaining_gas - price;
    let syscall_ptr = syscall_ptr + ResponseHeader.SIZE;
    return (is_fatal=0);

    refused:
    assert_le_felt(ETH_ADDRESS_BOUND, to_address);
    let remaining_gas = request.header.gas - price;
    return (is_fatal=1);
}

// The class of the calling contract stands in its open section. Not allowed in validation.
func get_class_hash_at{
    range_check_ptr,
    contract_state_changes: DictAccess*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) {
    alloc_locals;
    local request: GetClassHashAtRequest* = cast(syscall_ptr, GetClassHashAtRequest*);
    local response: GetClassHashAtResponse* = cast(
        syscall_ptr + GetClassHashAtRequest.SIZE, GetClassHashAtResponse*
    );
    assert context.is_validation = 0;
    local price = constants.get_class_hash_at_gas;
    if (response.header.failure_flag != 0) {
        let syscall_ptr = cast(response, felt*);
        check_out_of_gas(gas=request.header.gas, price=price);
        return ();
    }
    assert response.header.gas = request.header.gas - price;
    assert_nn(response.header.gas);
    let remaining_gas = remaining_gas - price;
    let syscall_ptr = cast(response, felt*) + GetClassHashAtResponse.SIZE;
    if (request.contract_address == section.key) {
        assert response.class_hash = cast(section.prev_value, StateEntry*).class_hash;
        return ();
    }
    let (class_hash) = read_class_hash(request.contract_address);
    assert response.class_hash = class_hash;
    return ();
}

// Hash of an old enough block. While an account validates, it may not ask for others.
func get_block_hash{
    range_check_ptr, contract_state_changes: DictAccess*, remaining_gas, syscall_ptr: felt*
}(context: CallContext*, constants: ProtocolConstants*) {
    alloc_locals;
    local request: GetBlockHashRequest* = cast(syscall_ptr, GetBlockHashRequest*);
    let syscall_ptr = syscall_ptr + GetBlockHashRequest.SIZE;
    local price = constants.get_block_hash_gas;
    let (is_paid) = can_pay(gas=request.header.gas, price=price);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return ();
    }
    let remaining_gas = remaining_gas - price;
    local gas = request.header.gas - price;
    // Negative for too new a block.
    local blocks_too_old = context.block_context.info.block_number - STORED_BLOCK_HASH_BUFFER -
        request.block_number;
    %{ cairn.execution.is_block_too_new %}
    jmp too_new if [ap] != 0, ap++;

    assert [range_check_ptr] = blocks_too_old;
    let range_check_ptr = range_check_ptr + 1;
    let (block_hash) = read_storage(address=BLOCK_HASH_CONTRACT, key=request.block_number);
    let response = cast(syscall_ptr, GetBlockHashResponse*);
    assert response.header = ResponseHeader(gas=gas, failure_flag=0);
    assert response.block_hash = block_hash;
    let syscall_ptr = syscall_ptr + GetBlockHashResponse.SIZE;
    return ();

    too_new:
    assert context.is_validation = 0;
    assert [range_check_ptr] = -1 - blocks_too_old;
    let range_check_ptr = range_check_ptr + 1;
    check_failure(gas=gas, error='Block number out of range');
    return ();
}

// Replaces the class of the calling contract by a declared one.
func replace_class{
    range_check_ptr,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    remaining_gas,
    syscall_ptr: felt*,
    section: DictAccess*,
    storage_ptr: DictAccess*,
}(context: CallContext*, constants: ProtocolConstants*) -> (is_fatal: felt) {
    alloc_locals;
    local request: ReplaceClassRequest* = cast(syscall_ptr, ReplaceClassRequest*);
    let syscall_ptr = syscall_ptr + ReplaceClassRequest.SIZE;
    let (is_paid) = can_pay(gas=request.header.gas, price=constants.replace_class_gas);
    if (is_paid == 0) {
        check_failure(gas=request.header.gas, error='Out of gas');
        return (is_fatal=0);
    }
    local gas = request.header.gas - constants.replace_class_gas;
    if (request.class_hash == 0) {
        let remaining_gas = gas;
        return (is_fatal=1);
    }
    let (compiled_class_hash) = read_compiled_class_hash(request.class_hash);
    if (compiled_class_hash == 0) {
        let remaining_gas = gas;
        return (is_fatal=1);
    }
    let remaining_gas = remaining_gas - constants.replace_class_gas;
    local contract: StateEntry* = cast(section.prev_value, StateEntry*);
    close_section_with(
        section=section,
        class_hash=request.class_hash,
        storage_ptr=storage_ptr,
        nonce=contract.nonce,
    );
    assert [undo_log] = UndoEntry(
        address=section.key, key=CLASS_KEY, previous_value=contract.class_hash
    );
    let undo_log = undo_log + UndoEntry.SIZE;
    let (section) = open_section(section.key);
    let response = cast(syscall_ptr, ResponseHeader*);
    assert response.gas = gas;
    assert response.failure_flag = 0;
    let syscall_ptr = syscall_ptr + ResponseHeader.SIZE;
    return (is_fatal=0);
}
