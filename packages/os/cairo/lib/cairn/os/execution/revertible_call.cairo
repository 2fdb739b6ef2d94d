// The call of a transaction that may be reverted.
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.call_context import CallContext
from cairn.os.execution.call_outputs import CallOutputs, discarded_outputs, with_keccak_jobs
from cairn.os.execution.execute_call import FATAL, SUCCEEDED, execute_call
from cairn.os.execution.fee import (
    FeeContext,
    assert_too_dear,
    assert_within_bounds,
    clamped,
    gas_so_far,
)
from cairn.os.execution.transaction_gas import GasVector
from cairn.os.execution.undo_log import UndoEntry, undo

// Executes the call; unless it succeeds within the transaction's bounds, nothing of it stays. Returns what is charged
// and what the receipt tells of L1 gas.
// The hint says beforehand how it will end, so that its outputs go where they belong; it must be right.
func execute_within_bounds{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
}(fee_context: FeeContext*, context: CallContext*, execution_gas, validation_gas) -> (
    is_reverted: felt, charged: GasVector, receipt_gas: GasVector
) {
    alloc_locals;
    let remaining_gas = execution_gas;
    %{ cairn.execution.is_reverted %}
    jmp reverted if [ap] != 0, ap++;
    let (outcome, _, _) = execute_call{remaining_gas=remaining_gas}(context);
    assert outcome = SUCCEEDED;
    let (local gas) = gas_so_far(fee_context, validation_gas + execution_gas - remaining_gas);
    assert_within_bounds(fee_context.transaction, gas);
    return (is_reverted=0, charged=gas, receipt_gas=gas);

    reverted:
    local outputs_before: CallOutputs* = outputs;
    local undo_start: UndoEntry* = undo_log;
    let (outputs) = discarded_outputs(outputs);
    let (local outcome, _, _) = execute_call{remaining_gas=remaining_gas}(context);
    local sierra_gas = validation_gas + execution_gas - remaining_gas;
    if (outcome == SUCCEEDED) {
        let (local gas) = gas_so_far(fee_context, sierra_gas);
        assert_too_dear(fee_context, gas);
        undo(first=undo_start, end=undo_log);
        let (outputs) = with_keccak_jobs(outputs_before, outputs.keccak_jobs);
        let (local charged) = clamped(fee_context.transaction, gas);
        let (receipt_gas) = gas_so_far(fee_context, sierra_gas);
        return (is_reverted=1, charged=charged, receipt_gas=receipt_gas);
    }
    let (outputs) = with_keccak_jobs(outputs_before, outputs.keccak_jobs);
    // A failed call has been undone already.
    if (outcome == FATAL) {
        undo(first=undo_start, end=undo_log);
        let (local gas) = gas_so_far(fee_context, sierra_gas);
        let (charged) = clamped(fee_context.transaction, gas);
        return (is_reverted=1, charged=charged, receipt_gas=gas);
    }
    let (local gas) = gas_so_far(fee_context, sierra_gas);
    let (charged) = clamped(fee_context.transaction, gas);
    return (is_reverted=1, charged=charged, receipt_gas=gas);
}
