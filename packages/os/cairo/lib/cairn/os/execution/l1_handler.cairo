// Messages from L1.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.hash_state import hash_felts
from starkware.cairo.common.math import assert_nn
from starkware.cairo.common.memcpy import memcpy
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_pedersen
from cairn.os.execution.call_context import (
    CallContext,
    ExecutionInfo,
    L1_HANDLER,
    TransactionInfo,
)
from cairn.os.execution.account_transaction import (
    AccountTransaction,
    ResourceBound,
    begin_phase,
)
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.carried_outputs import MessageToL2
from cairn.os.execution.fee import FeeContext
from cairn.os.execution.protocol_constants import ProtocolConstants
from cairn.os.execution.revertible_call import execute_within_bounds
from cairn.os.execution.state_changes_count import FeeCell
from cairn.os.execution.transaction_gas import GasVector
from cairn.os.execution.transaction_record import TransactionRecord
from cairn.os.execution.undo_log import UndoEntry

// calldata begins with the sender on L1.
struct L1HandlerTransaction {
    contract_address: felt,
    selector: felt,
    nonce: felt,
    calldata_size: felt,
    calldata: felt*,
}

// Runs the handler. The message is consumed, by being put out, only where the handler did not fail.
func execute_l1_handler{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    messages_to_l2: MessageToL2*,
    transaction_records: TransactionRecord*,
}(block_context: BlockContext*) {
    alloc_locals;
    local transaction: L1HandlerTransaction*;
    // The token in which messages are reckoned. Nothing ties it to the chain: it is one contract that is not counted.
    local eth_token_address;
    %{ cairn.execution.load_l1_handler %}
    local payload_size = transaction.calldata_size - 1;
    assert_nn(payload_size);
    let (local transaction_hash) = l1_handler_hash(block_context, transaction);
    local outputs_before: CallOutputs* = outputs;

    begin_phase();
    let calldata = transaction.calldata;
    local constants: ProtocolConstants* = block_context.constants;
    // The bounds of messages are the protocol's.
    tempvar bounds = new AccountTransaction(
        sender_address=transaction.contract_address,
        nonce=0,
        tip=0,
        signature_len=0,
        signature=calldata,
        l1_gas=ResourceBound('L1_GAS', constants.l1_handler_max_l1_gas, 0),
        l2_gas=ResourceBound('L2_GAS', constants.l1_handler_gas, 0),
        l1_data_gas=ResourceBound('L1_DATA', constants.l1_handler_max_l1_data_gas, 0),
    );
    local bounds: AccountTransaction* = bounds;
    tempvar info = new TransactionInfo(
        version=0,
        account_contract_address=transaction.contract_address,
        max_fee=0,
        signature_start=calldata,
        signature_end=calldata,
        transaction_hash=transaction_hash,
        chain_id=block_context.chain_id,
        nonce=transaction.nonce,
        resource_bounds_start=cast(0, felt*),
        resource_bounds_end=cast(0, felt*),
        tip=0,
        paymaster_data_start=cast(0, felt*),
        paymaster_data_end=cast(0, felt*),
        nonce_data_availability_mode=0,
        fee_data_availability_mode=0,
        account_deployment_data_start=cast(0, felt*),
        account_deployment_data_end=cast(0, felt*),
        proof_facts_start=cast(0, felt*),
        proof_facts_end=cast(0, felt*),
    );
    tempvar execution_info = new ExecutionInfo(
        block_info=block_context.info,
        transaction_info=info,
        caller_address=0,
        contract_address=transaction.contract_address,
        selector=transaction.selector,
    );
    tempvar context = new CallContext(
        block_context=block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=L1_HANDLER,
        calldata_start=calldata,
        calldata_end=calldata + transaction.calldata_size,
        execution_info=execution_info,
        depth=0,
        is_validation=0,
    );
    tempvar fee_context = new FeeContext(
        block_context=block_context,
        transaction=bounds,
        info=info,
        overhead=&constants.l1_handler,
        calldata_len=payload_size,
        code_size=0,
        declared_classes=0,
        fee_cell=new FeeCell(token=eth_token_address, key=0),
        state_start=contract_state_changes,
        outputs_start=outputs_before,
        is_l1_handler=1,
    );
    let (local is_reverted, _, receipt_gas: GasVector) = execute_within_bounds(
        fee_context=fee_context,
        context=context,
        execution_gas=constants.l1_handler_gas,
        validation_gas=0,
    );
    assert [transaction_records] = TransactionRecord(
        transaction_hash=transaction_hash,
        signature_len=0,
        signature=transaction.calldata,
        is_reverted=is_reverted,
        actual_fee=0,
        messages_to_l1=outputs_before.messages_to_l1,
        messages_to_l1_end=outputs.messages_to_l1,
        events=outputs_before.events,
        events_end=outputs.events,
        l1_gas=receipt_gas.l1_gas,
        l1_data_gas=receipt_gas.l1_data_gas,
    );
    let transaction_records = transaction_records + TransactionRecord.SIZE;
    if (is_reverted != 0) {
        return ();
    }
    assert [messages_to_l2] = MessageToL2(
        from_address=transaction.calldata[0],
        to_address=transaction.contract_address,
        nonce=transaction.nonce,
        selector=transaction.selector,
        payload_size=payload_size,
    );
    let payload = cast(messages_to_l2 + MessageToL2.SIZE, felt*);
    memcpy(dst=payload, src=transaction.calldata + 1, len=payload_size);
    let messages_to_l2 = cast(
        cast(messages_to_l2, felt*) + MessageToL2.SIZE + payload_size, MessageToL2*
    );
    return ();
}

func l1_handler_hash{builtin_pointers: BuiltinPointers*}(
    block_context: BlockContext*, transaction: L1HandlerTransaction*
) -> (hash: felt) {
    alloc_locals;
    let hash_ptr = builtin_pointers.pedersen;
    with hash_ptr {
        let (calldata_hash) = hash_felts(
            data=transaction.calldata, length=transaction.calldata_size
        );
        tempvar fields = new (
            'l1_handler',
            0,
            transaction.contract_address,
            transaction.selector,
            calldata_hash,
            0,
            block_context.chain_id,
            transaction.nonce,
        );
        let (local hash) = hash_felts(data=fields, length=8);
    }
    set_pedersen(hash_ptr);
    return (hash=hash);
}
