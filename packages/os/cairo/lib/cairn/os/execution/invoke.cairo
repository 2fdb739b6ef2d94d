// Invoke transactions.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_nn
from cairn.os.execution.account_transaction import (
    AccountTransaction,
    NO_FELTS_HASH,
    begin_phase,
    check_fields,
    hash_felts,
    smaller_of,
    transaction_hash_of,
    transaction_info_of,
    validate,
)
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.call_context import EXTERNAL, CallContext, ExecutionInfo
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.execute_call import EXECUTE_SELECTOR
from cairn.os.execution.fee import FeeContext, charge, fee_cell_of
from cairn.os.execution.revertible_call import execute_within_bounds
from cairn.os.execution.state_access import use_nonce
from cairn.os.execution.transaction_gas import GasVector
from cairn.os.execution.transaction_record import TransactionRecord
from cairn.os.execution.undo_log import UndoEntry

const VALIDATE_SELECTOR = 0x162da33a4585851fe8d3af3c2a9c60b557814e221e0d4f30ff0b2189d9c7775;

func execute_invoke{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    transaction_records: TransactionRecord*,
}(block_context: BlockContext*) {
    alloc_locals;
    local transaction: AccountTransaction*;
    local calldata_size;
    local calldata: felt*;
    %{ cairn.execution.load_invoke %}
    check_fields(transaction);
    assert_nn(calldata_size);
    let (calldata_hash) = hash_felts(calldata_size, calldata);
    let (local transaction_hash) = transaction_hash_of(
        block_context=block_context,
        transaction=transaction,
        prefix='invoke',
        n_own=2,
        own0=NO_FELTS_HASH,
        own1=calldata_hash,
        own2=0,
    );
    let (local info) = transaction_info_of(block_context, transaction, transaction_hash);
    local outputs_before: CallOutputs* = outputs;
    let (local fee_cell) = fee_cell_of(block_context, transaction.sender_address);
    tempvar fee_context = new FeeContext(
        block_context=block_context,
        transaction=transaction,
        info=info,
        overhead=&block_context.constants.invoke,
        calldata_len=calldata_size,
        code_size=0,
        declared_classes=0,
        fee_cell=fee_cell,
        state_start=contract_state_changes,
        outputs_start=outputs,
        is_l1_handler=0,
    );
    local fee_context: FeeContext* = fee_context;
    use_nonce(address=transaction.sender_address, nonce=transaction.nonce);

    let gas_left = transaction.l2_gas.max_amount;
    with gas_left {
        validate(
            block_context=block_context,
            info=info,
            selector=VALIDATE_SELECTOR,
            calldata_start=calldata,
            calldata_end=calldata + calldata_size,
        );
    }
    local validation_gas = transaction.l2_gas.max_amount - gas_left;

    begin_phase();
    let (local execution_gas) = smaller_of(gas_left, block_context.constants.execute_max_gas);
    tempvar execution_info = new ExecutionInfo(
        block_info=block_context.info,
        transaction_info=info,
        caller_address=0,
        contract_address=transaction.sender_address,
        selector=EXECUTE_SELECTOR,
    );
    tempvar context = new CallContext(
        block_context=block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=EXTERNAL,
        calldata_start=calldata,
        calldata_end=calldata + calldata_size,
        execution_info=execution_info,
        depth=0,
        is_validation=0,
    );
    let (local is_reverted, gas, local receipt_gas: GasVector) = execute_within_bounds(
        fee_context=fee_context,
        context=context,
        execution_gas=execution_gas,
        validation_gas=validation_gas,
    );
    let (fee) = charge(fee_context, gas);

    assert [transaction_records] = TransactionRecord(
        transaction_hash=transaction_hash,
        signature_len=transaction.signature_len,
        signature=transaction.signature,
        is_reverted=is_reverted,
        actual_fee=fee,
        messages_to_l1=outputs_before.messages_to_l1,
        messages_to_l1_end=outputs.messages_to_l1,
        events=outputs_before.events,
        events_end=outputs.events,
        l1_gas=receipt_gas.l1_gas,
        l1_data_gas=receipt_gas.l1_data_gas,
    );
    let transaction_records = transaction_records + TransactionRecord.SIZE;
    return ();
}
