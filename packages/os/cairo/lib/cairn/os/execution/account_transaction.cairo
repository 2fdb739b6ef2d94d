// What the transactions of accounts have in common: fields, hash, validation, fee. Version 3 only, without paymaster
// data, account deployment data and proof facts, data on L1, all three gas bounds given.
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_le, assert_nn
from cairn.os.execution.block_context import BlockContext
from cairn.os.execution.builtin_pointers import BuiltinPointers, set_poseidon
from cairn.os.execution.call_context import EXTERNAL, CallContext, ExecutionInfo, TransactionInfo
from cairn.os.execution.call_outputs import CallOutputs
from cairn.os.execution.execute_call import SUCCEEDED, execute_call
from cairn.os.execution.undo_log import UndoEntry

const VERSION = 3;
// Poseidon hash of no felts.
const NO_FELTS_HASH = 0x2272be0f580fd156823304800919530eaa97430e972d7213ee13f4fbf7a5dbc;
const AMOUNT_LIMIT = 2 ** 64 - 1;

// As contracts see it.
struct ResourceBound {
    name: felt,
    max_amount: felt,
    max_price_per_unit: felt,
}

struct AccountTransaction {
    sender_address: felt,
    nonce: felt,
    tip: felt,
    signature_len: felt,
    signature: felt*,
    l1_gas: ResourceBound,
    l2_gas: ResourceBound,
    l1_data_gas: ResourceBound,
}

// Fields whose size has a meaning are in their range.
func check_fields{range_check_ptr}(transaction: AccountTransaction*) {
    assert_nn(transaction.signature_len);
    check_amount(transaction.tip);
    check_bound(&transaction.l1_gas, 'L1_GAS');
    check_bound(&transaction.l2_gas, 'L2_GAS');
    check_bound(&transaction.l1_data_gas, 'L1_DATA');
    return ();
}

func check_bound{range_check_ptr}(bound: ResourceBound*, name) {
    assert bound.name = name;
    assert [range_check_ptr] = bound.max_price_per_unit;
    let range_check_ptr = range_check_ptr + 1;
    check_amount(bound.max_amount);
    return ();
}

func check_amount{range_check_ptr}(amount) {
    assert [range_check_ptr] = amount;
    assert [range_check_ptr + 1] = AMOUNT_LIMIT - amount;
    let range_check_ptr = range_check_ptr + 2;
    return ();
}

func packed_bound(bound: ResourceBound*) -> (packed: felt) {
    return (
        packed=bound.name * 2 ** 192 + bound.max_amount * 2 ** 128 + bound.max_price_per_unit,
    );
}

// Poseidon hash of n felts.
func hash_felts{builtin_pointers: BuiltinPointers*}(n, elements: felt*) -> (hash: felt) {
    alloc_locals;
    let poseidon_ptr = builtin_pointers.poseidon;
    let (local hash) = poseidon_hash_many{poseidon_ptr=poseidon_ptr}(n=n, elements=elements);
    set_poseidon(poseidon_ptr);
    return (hash=hash);
}

// Hash of the transaction: of the fields that all types have, and n_own own ones.
func transaction_hash_of{builtin_pointers: BuiltinPointers*}(
    block_context: BlockContext*,
    transaction: AccountTransaction*,
    prefix,
    n_own,
    own0,
    own1,
    own2,
) -> (hash: felt) {
    alloc_locals;
    let (local l1_gas) = packed_bound(&transaction.l1_gas);
    let (local l2_gas) = packed_bound(&transaction.l2_gas);
    let (l1_data_gas) = packed_bound(&transaction.l1_data_gas);
    tempvar fee_fields = new (transaction.tip, l1_gas, l2_gas, l1_data_gas);
    let (fee_hash) = hash_felts(4, fee_fields);
    tempvar fields = new (
        prefix,
        VERSION,
        transaction.sender_address,
        fee_hash,
        NO_FELTS_HASH,
        block_context.chain_id,
        transaction.nonce,
        0,
        own0,
        own1,
        own2,
    );
    return hash_felts(8 + n_own, fields);
}

// What contracts see of the transaction.
func transaction_info_of(
    block_context: BlockContext*, transaction: AccountTransaction*, transaction_hash
) -> (info: TransactionInfo*) {
    let bounds = cast(&transaction.l1_gas, felt*);
    return (
        info=new TransactionInfo(
            version=VERSION,
            account_contract_address=transaction.sender_address,
            max_fee=0,
            signature_start=transaction.signature,
            signature_end=transaction.signature + transaction.signature_len,
            transaction_hash=transaction_hash,
            chain_id=block_context.chain_id,
            nonce=transaction.nonce,
            resource_bounds_start=bounds,
            resource_bounds_end=bounds + 3 * ResourceBound.SIZE,
            tip=transaction.tip,
            paymaster_data_start=bounds,
            paymaster_data_end=bounds,
            nonce_data_availability_mode=0,
            fee_data_availability_mode=0,
            account_deployment_data_start=bounds,
            account_deployment_data_end=bounds,
            proof_facts_start=bounds,
            proof_facts_end=bounds,
        ),
    );
}

// The smaller one, of two numbers whose difference is below 2^128.
func smaller_of{range_check_ptr}(a, b) -> (smaller: felt) {
    %{ cairn.execution.is_a_larger %}
    jmp larger if [ap] != 0, ap++;
    assert_le(a, b);
    return (smaller=a);

    larger:
    assert_le(b, a);
    return (smaller=b);
}

// Runs the entry point by which the account accepts the transaction. gas_left is what the transaction may still use.
func validate{
    range_check_ptr,
    builtin_pointers: BuiltinPointers*,
    contract_state_changes: DictAccess*,
    contract_class_changes: DictAccess*,
    undo_log: UndoEntry*,
    outputs: CallOutputs*,
    gas_left,
}(
    block_context: BlockContext*,
    info: TransactionInfo*,
    selector,
    calldata_start: felt*,
    calldata_end: felt*,
) {
    alloc_locals;
    begin_phase();
    let (local remaining_gas) = smaller_of(gas_left, block_context.constants.validate_max_gas);
    local gas_before = gas_left - remaining_gas;
    tempvar execution_info = new ExecutionInfo(
        block_info=block_context.info_for_validation,
        transaction_info=info,
        caller_address=0,
        contract_address=info.account_contract_address,
        selector=selector,
    );
    tempvar context = new CallContext(
        block_context=block_context,
        is_library_call=0,
        library_class_hash=0,
        entry_point_type=EXTERNAL,
        calldata_start=calldata_start,
        calldata_end=calldata_end,
        execution_info=execution_info,
        depth=0,
        is_validation=1,
    );
    let (outcome, retdata_start, retdata_end) = execute_call{remaining_gas=remaining_gas}(context);
    assert outcome = SUCCEEDED;
    assert retdata_end = retdata_start + 1;
    assert [retdata_start] = 'VALID';
    let gas_left = gas_before + remaining_gas;
    return ();
}

// Events are counted for each phase of a transaction.
func begin_phase{outputs: CallOutputs*}() {
    let before = outputs;
    tempvar outputs = new CallOutputs(
        messages_to_l1=before.messages_to_l1,
        message_count=before.message_count,
        payload_felts=before.payload_felts,
        events=before.events,
        event_count=0,
        event_felts=before.event_felts,
        keccak_jobs=before.keccak_jobs,
    );
    return ();
}
