// The transactions of a block.
//
// execute_transactions{
//     range_check_ptr,                            the OS's own; contracts' is in builtin_pointers
//     builtin_pointers: BuiltinPointers*,
//     contract_state_changes: DictAccess*,        address -> StateEntry*
//     contract_class_changes: DictAccess*,        class hash -> compiled class hash
//     carried_outputs: OsCarriedOutputs*,
//     transaction_records: TransactionRecord*,    one is appended for each transaction
// }(block_context: BlockContext*, n_transactions)
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_bitwise
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.carried_outputs import MessageToL2, OsCarriedOutputs
from cairn.os.execution.declare import execute_declare
from cairn.os.execution.deploy_account import execute_deploy_account
from cairn.os.execution.invoke import execute_invoke
from cairn.os.execution.keccak import KeccakJob, check_keccak_jobs
from cairn.os.execution.l1_handler import execute_l1_handler
from cairn.os.execution.transaction_record import EventRecord, TransactionRecord
from cairn.os.execution.undo_log import UndoEntry

// Types of transactions, as the hint names them.
const INVOKE = 0;
const DECLARE = 1;
const DEPLOY_ACCOUNT = 2;
const L1_HANDLER = 3;

func execute_transactions{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    carried_outputs: OsCarriedOutputs*,
    transaction_records: TransactionRecord*,
}(block_context: BlockContext*, n_transactions) {
    alloc_locals;
    let (local events) = alloc();
    let (local keccak_jobs: KeccakJob*) = alloc();
    let (local undo_log: UndoEntry*) = alloc();
    tempvar outputs = new CallOutputs(
        messages_to_l1=carried_outputs.messages_to_l1,
        message_count=0,
        payload_felts=0,
        events=cast(events, EventRecord*),
        event_count=0,
        event_felts=0,
        keccak_jobs=keccak_jobs,
    );
    let messages_to_l2 = carried_outputs.messages_to_l2;
    with undo_log, outputs, messages_to_l2 {
        execute_each(block_context=block_context, left=n_transactions);
    }
    let bitwise_ptr = builtin_pointers.bitwise;
    check_keccak_jobs{bitwise_ptr=bitwise_ptr}(start=keccak_jobs, end=outputs.keccak_jobs);
    set_bitwise(bitwise_ptr);
    tempvar carried_outputs = new OsCarriedOutputs(
        messages_to_l1=outputs.messages_to_l1, messages_to_l2=messages_to_l2
    );
    return ();
}

func execute_each{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    messages_to_l2: MessageToL2*,
    transaction_records: TransactionRecord*,
}(block_context: BlockContext*, left) {
    if (left == 0) {
        return ();
    }
    tempvar transaction_type = nondet %{ cairn.execution.next_transaction_type %};
    if (transaction_type == INVOKE) {
        execute_invoke(block_context);
        return execute_each(block_context=block_context, left=left - 1);
    }
    if (transaction_type == DECLARE) {
        execute_declare(block_context);
        return execute_each(block_context=block_context, left=left - 1);
    }
    if (transaction_type == DEPLOY_ACCOUNT) {
        execute_deploy_account(block_context);
        return execute_each(block_context=block_context, left=left - 1);
    }
    assert transaction_type = L1_HANDLER;
    execute_l1_handler(block_context);
    return execute_each(block_context=block_context, left=left - 1);
}
