// Gas and fees of transactions: computed, held against the bounds, transferred.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.hash import hash2
from starkware.cairo.common.math import assert_le, assert_lt
from starkware.starknet.common.storage import normalize_address
from cairn.os.execution.account_transaction import AccountTransaction, begin_phase, smaller_of
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_pedersen
from cairn.os.execution.call_context import EXTERNAL, CallContext, ExecutionInfo, TransactionInfo
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.execute_call import SUCCEEDED, execute_call
from cairn.os.execution.protocol_constants import Overhead
from cairn.os.execution.state_access import read_storage
from cairn.os.execution.state_changes_count import FeeCell, count_state_changes
from cairn.os.execution.transaction_gas import GasVector, TransactionWork, transaction_gas
from cairn.os.execution.undo_log import UndoEntry

const TRANSFER_SELECTOR = 0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12e;
// Variable of the fee token's contract that holds balances: pairs of 128-bit halves.
const BALANCES_SELECTOR = 0x3a4e8ec16e258a799fe707996fd5d21d42b29adc1499a370edf7f809d8c458a;

// What does not change in the course of a transaction, and where it began.
struct FeeContext {
    block_context: BlockContext*,
    transaction: AccountTransaction*,
    info: TransactionInfo*,
    overhead: Overhead*,
    calldata_len: felt,
    code_size: felt,
    declared_classes: felt,
    fee_cell: FeeCell*,
    state_start: DictAccess*,
    outputs_start: CallOutputs*,
    is_l1_handler: felt,
}

// The cell of the sender's balance, of which the high half stands in the next one.
func fee_cell_of{range_check_ptr, builtin_pointers: BuiltinPointers*}(
    block_context: BlockContext*, sender_address
) -> (fee_cell: FeeCell*) {
    alloc_locals;
    let hash_ptr = builtin_pointers.pedersen;
    let (local hash) = hash2{hash_ptr=hash_ptr}(BALANCES_SELECTOR, sender_address);
    set_pedersen(hash_ptr);
    let (key) = normalize_address(hash);
    return (fee_cell=new FeeCell(token=block_context.strk_fee_token_address, key=key));
}

// Gas of the transaction so far, its calls having used sierra_gas.
func gas_so_far{range_check_ptr, contract_state_changes: DictAccess*, outputs: CallOutputs*}(
    context: FeeContext*, sierra_gas
) -> (gas: GasVector) {
    alloc_locals;
    let (changes) = count_state_changes(
        start=context.state_start, end=contract_state_changes, fee_cell=context.fee_cell
    );
    let start = context.outputs_start;
    tempvar work = new TransactionWork(
        overhead=context.overhead,
        calldata_len=context.calldata_len,
        signature_len=context.transaction.signature_len,
        code_size=context.code_size,
        declared_classes=context.declared_classes,
        sierra_gas=sierra_gas,
        message_count=outputs.message_count - start.message_count,
        payload_felts=outputs.payload_felts - start.payload_felts,
        event_felts=outputs.event_felts - start.event_felts,
        is_l1_handler=context.is_l1_handler,
    );
    let (gas) = transaction_gas(
        work=work, changes=changes, is_blob=context.block_context.l1_da_mode
    );
    return (gas=gas);
}

// At the block's prices.
func fee_of(context: FeeContext*, gas: GasVector) -> (fee: felt) {
    let block = context.block_context;
    return (
        fee=gas.l1_gas * block.l1_gas_price.fri + gas.l1_data_gas * block.l1_data_gas_price.fri +
        gas.l2_gas * (block.l2_gas_price.fri + context.transaction.tip),
    );
}

func assert_within_bounds{range_check_ptr}(transaction: AccountTransaction*, gas: GasVector) {
    assert_le(gas.l1_gas, transaction.l1_gas.max_amount);
    assert_le(gas.l1_data_gas, transaction.l1_data_gas.max_amount);
    assert_le(gas.l2_gas, transaction.l2_gas.max_amount);
    return ();
}

// What a reverted transaction pays for: nothing over a bound.
func clamped{range_check_ptr}(transaction: AccountTransaction*, gas: GasVector) -> (
    gas: GasVector
) {
    alloc_locals;
    let (local l1_gas) = smaller_of(gas.l1_gas, transaction.l1_gas.max_amount);
    let (local l1_data_gas) = smaller_of(gas.l1_data_gas, transaction.l1_data_gas.max_amount);
    let (l2_gas) = smaller_of(gas.l2_gas, transaction.l2_gas.max_amount);
    return (gas=GasVector(l1_gas=l1_gas, l1_data_gas=l1_data_gas, l2_gas=l2_gas));
}

// Proves that the transaction must not stay although it succeeded: a bound is exceeded, or the sender cannot pay.
func assert_too_dear{range_check_ptr, contract_state_changes: DictAccess*}(
    context: FeeContext*, gas: GasVector
) {
    alloc_locals;
    let transaction = context.transaction;
    %{ cairn.execution.exceeds_l1_gas %}
    jmp l1_gas if [ap] != 0, ap++;
    %{ cairn.execution.exceeds_l1_data_gas %}
    jmp l1_data_gas if [ap] != 0, ap++;
    %{ cairn.execution.exceeds_l2_gas %}
    jmp l2_gas if [ap] != 0, ap++;
    assert context.is_l1_handler = 0;
    let fee_cell = context.fee_cell;
    let (local low) = read_storage(fee_cell.token, fee_cell.key);
    let (high) = read_storage(fee_cell.token, fee_cell.key + 1);
    assert high = 0;
    let (fee) = fee_of(context, gas);
    assert_lt(low, fee);
    return ();

    l1_gas:
    assert_lt(context.transaction.l1_gas.max_amount, gas.l1_gas);
    return ();

    l1_data_gas:
    assert_lt(context.transaction.l1_data_gas.max_amount, gas.l1_data_gas);
    return ();

    l2_gas:
    assert_lt(context.transaction.l2_gas.max_amount, gas.l2_gas);
    return ();
}

// Moves the fee to the sequencer. The block's prices may not be above those of the bounds.
func charge{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
}(context: FeeContext*, gas: GasVector) -> (fee: felt) {
    alloc_locals;
    local block_context: BlockContext* = context.block_context;
    let transaction = context.transaction;
    assert_le(block_context.l1_gas_price.fri, transaction.l1_gas.max_price_per_unit);
    assert_le(block_context.l1_data_gas_price.fri, transaction.l1_data_gas.max_price_per_unit);
    assert_le(block_context.l2_gas_price.fri, transaction.l2_gas.max_price_per_unit);
    let (local fee) = fee_of(context, gas);
    if (fee == 0) {
        return (fee=0);
    }
    begin_phase();
    tempvar execution_info = new ExecutionInfo(
        block_info=block_context.info,
        transaction_info=context.info,
        caller_address=context.transaction.sender_address,
        contract_address=block_context.strk_fee_token_address,
        selector=TRANSFER_SELECTOR,
    );
    // Amounts are pairs of halves, and fees below 2^128: larger ones the token does not take.
    tempvar calldata = cast(new (block_context.info.sequencer_address, fee, 0), felt*);
    tempvar transfer = new CallContext(
        block_context=block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=EXTERNAL,
        calldata_start=calldata,
        calldata_end=calldata + 3,
        execution_info=execution_info,
        depth=0,
        is_validation=0,
    );
    let remaining_gas = block_context.constants.default_initial_gas;
    let (outcome, _, _) = execute_call{remaining_gas=remaining_gas}(transfer);
    assert outcome = SUCCEEDED;
    return (fee=fee);
}
