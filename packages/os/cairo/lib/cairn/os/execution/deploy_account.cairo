// Accounts that deploy themselves.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_nn
from cairn.os.execution.account_transaction import (
    AccountTransaction,
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
from cairn.os.execution.call_context import CONSTRUCTOR, CallContext, ExecutionInfo
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.contract_address import contract_address_of
from cairn.os.execution.execute_call import SUCCEEDED, execute_deployment
from cairn.os.execution.fee import (
    FeeContext,
    assert_within_bounds,
    charge,
    fee_cell_of,
    gas_so_far,
)
from cairn.os.execution.state_access import use_nonce
from cairn.os.execution.transaction_record import TransactionRecord
from cairn.os.execution.undo_log import UndoEntry

const VALIDATE_DEPLOY_SELECTOR = 0x36fcbf06cd96843058359e1a75928beacfac10727dab22a3972f0af8aa92895;

// What the account validates: followed by the constructor's calldata.
struct ValidateDeployCalldata {
    class_hash: felt,
    salt: felt,
}

// The constructor runs under the rules of validation, before the account validates.
func execute_deploy_account{
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
    local calldata: ValidateDeployCalldata*;
    %{ cairn.execution.load_deploy_account %}
    check_fields(transaction);
    local constructor_calldata: felt* = cast(calldata + ValidateDeployCalldata.SIZE, felt*);
    local constructor_calldata_size = calldata_size - ValidateDeployCalldata.SIZE;
    assert_nn(constructor_calldata_size);
    let (address) = contract_address_of(
        deployer=0,
        salt=calldata.salt,
        class_hash=calldata.class_hash,
        calldata_size=constructor_calldata_size,
        calldata=constructor_calldata,
    );
    assert transaction.sender_address = address;
    let (calldata_hash) = hash_felts(constructor_calldata_size, constructor_calldata);
    let (local transaction_hash) = transaction_hash_of(
        block_context=block_context,
        transaction=transaction,
        prefix='deploy_account',
        n_own=3,
        own0=calldata_hash,
        own1=calldata.class_hash,
        own2=calldata.salt,
    );
    let (local info) = transaction_info_of(block_context, transaction, transaction_hash);
    local outputs_before: CallOutputs* = outputs;
    let (local fee_cell) = fee_cell_of(block_context, transaction.sender_address);
    tempvar fee_context = new FeeContext(
        block_context=block_context,
        transaction=transaction,
        info=info,
        overhead=&block_context.constants.deploy_account,
        calldata_len=constructor_calldata_size,
        code_size=0,
        declared_classes=0,
        fee_cell=fee_cell,
        state_start=contract_state_changes,
        outputs_start=outputs,
        is_l1_handler=0,
    );
    local fee_context: FeeContext* = fee_context;
    use_nonce(address=transaction.sender_address, nonce=transaction.nonce);

    begin_phase();
    let l2_gas = transaction.l2_gas.max_amount;
    let (local remaining_gas) = smaller_of(l2_gas, block_context.constants.validate_max_gas);
    local gas_before = l2_gas - remaining_gas;
    tempvar execution_info = new ExecutionInfo(
        block_info=block_context.info_for_validation,
        transaction_info=info,
        caller_address=0,
        contract_address=transaction.sender_address,
        selector=0,
    );
    // The constructor is called from outside all calls, one level above the first.
    tempvar outside = new CallContext(
        block_context=block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=CONSTRUCTOR,
        calldata_start=constructor_calldata,
        calldata_end=constructor_calldata,
        execution_info=execution_info,
        depth=-1,
        is_validation=1,
    );
    let (outcome, _, _) = execute_deployment{remaining_gas=remaining_gas}(
        context=outside,
        caller_address=0,
        address=transaction.sender_address,
        class_hash=calldata.class_hash,
        calldata_start=constructor_calldata,
        calldata_end=constructor_calldata + constructor_calldata_size,
    );
    assert outcome = SUCCEEDED;

    let gas_left = gas_before + remaining_gas;
    with gas_left {
        validate(
            block_context=block_context,
            info=info,
            selector=VALIDATE_DEPLOY_SELECTOR,
            calldata_start=cast(calldata, felt*),
            calldata_end=cast(calldata, felt*) + calldata_size,
        );
    }
    let (local gas) = gas_so_far(fee_context, transaction.l2_gas.max_amount - gas_left);
    assert_within_bounds(transaction, gas);
    let (fee) = charge(fee_context, gas);

    assert [transaction_records] = TransactionRecord(
        transaction_hash=transaction_hash,
        signature_len=transaction.signature_len,
        signature=transaction.signature,
        is_reverted=0,
        actual_fee=fee,
        messages_to_l1=outputs_before.messages_to_l1,
        messages_to_l1_end=outputs.messages_to_l1,
        events=outputs_before.events,
        events_end=outputs.events,
        l1_gas=gas.l1_gas,
        l1_data_gas=gas.l1_data_gas,
    );
    let transaction_records = transaction_records + TransactionRecord.SIZE;
    return ();
}
