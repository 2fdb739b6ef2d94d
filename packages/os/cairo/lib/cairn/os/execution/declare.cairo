// Declarations of classes.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_nn, assert_not_zero
from cairn.os.execution.account_transaction import (
    AccountTransaction,
    NO_FELTS_HASH,
    check_fields,
    hash_felts,
    transaction_hash_of,
    transaction_info_of,
    validate,
)
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.call_outputs import CallOutputs
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

const VALIDATE_DECLARE_SELECTOR = 0x289da278a8dc833409cabfdad1581e8e7d40e42dcaed693fa4008dcdb4963b3;

// What the hash of a Sierra class is made of.
struct ClassHashParts {
    version: felt,
    external_functions_hash: felt,
    l1_handlers_hash: felt,
    constructors_hash: felt,
    abi_hash: felt,
    sierra_program_hash: felt,
}

func execute_declare{
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
    local parts: ClassHashParts*;
    local compiled_class_hash;
    // In bytes. Nothing ties it to the class: the prover may charge for more or less code.
    local code_size;
    %{ cairn.execution.load_declare %}
    check_fields(transaction);
    assert_nn(code_size);
    assert parts.version = 'CONTRACT_CLASS_V0.1.0';
    let (local class_hash) = hash_felts(ClassHashParts.SIZE, parts);
    let (local transaction_hash) = transaction_hash_of(
        block_context=block_context,
        transaction=transaction,
        prefix='declare',
        n_own=3,
        own0=NO_FELTS_HASH,
        own1=class_hash,
        own2=compiled_class_hash,
    );
    let (local info) = transaction_info_of(block_context, transaction, transaction_hash);
    local outputs_before: CallOutputs* = outputs;
    let (local fee_cell) = fee_cell_of(block_context, transaction.sender_address);
    tempvar fee_context = new FeeContext(
        block_context=block_context,
        transaction=transaction,
        info=info,
        overhead=&block_context.constants.declare,
        calldata_len=0,
        code_size=code_size,
        declared_classes=1,
        fee_cell=fee_cell,
        state_start=contract_state_changes,
        outputs_start=outputs,
        is_l1_handler=0,
    );
    local fee_context: FeeContext* = fee_context;
    use_nonce(address=transaction.sender_address, nonce=transaction.nonce);

    tempvar calldata = cast(new (class_hash,), felt*);
    let gas_left = transaction.l2_gas.max_amount;
    with gas_left {
        validate(
            block_context=block_context,
            info=info,
            selector=VALIDATE_DECLARE_SELECTOR,
            calldata_start=calldata,
            calldata_end=calldata + 1,
        );
    }
    // A class is declared once.
    assert_not_zero(compiled_class_hash);
    assert [contract_class_changes] = DictAccess(
        key=class_hash, prev_value=0, new_value=compiled_class_hash
    );
    %{ cairn.execution.declare_class %}
    let contract_class_changes = contract_class_changes + DictAccess.SIZE;
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
