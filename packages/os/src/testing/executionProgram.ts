/** A program that only executes the transactions of one block; what it knows of the block is given by a hint. */
export const EXECUTION_PROGRAM = `%builtins output pedersen range_check bitwise ec_op poseidon range_check96 add_mod mul_mod
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import (
    BitwiseBuiltin, EcOpBuiltin, HashBuiltin, ModBuiltin, PoseidonBuiltin,
)
from starkware.cairo.common.dict_access import DictAccess
from cairn.os.execution.block_context import BlockContext, BlockInfo, GasPrice
from cairn.os.execution.block_info import blurred_block_info
from cairn.os.execution.compiled_class import CompiledClassFact
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.carried_outputs import MessageToL1, MessageToL2, OsCarriedOutputs
from cairn.os.execution.contract_range_checks import join_range_checks, open_contract_range_checks
from cairn.os.execution.execute_transactions import execute_transactions
from cairn.os.execution.protocol_constants import builtin_prices, protocol_constants_of
from cairn.os.execution.segment_arena import SegmentArenaBuiltin, check_segment_arenas
from cairn.os.execution.transaction_record import TransactionRecord

func main{
    output_ptr: felt*,
    pedersen_ptr: HashBuiltin*,
    range_check_ptr,
    bitwise_ptr: BitwiseBuiltin*,
    ec_op_ptr: EcOpBuiltin*,
    poseidon_ptr: PoseidonBuiltin*,
    range_check96_ptr: felt*,
    add_mod_ptr: ModBuiltin*,
    mul_mod_ptr: ModBuiltin*,
}() {
    alloc_locals;
    let (local length_cell, local contract_range_checks) = open_contract_range_checks();
    let (local arenas: SegmentArenaBuiltin*) = alloc();
    tempvar builtin_pointers = new BuiltinPointers(
        pedersen=pedersen_ptr,
        range_check=contract_range_checks,
        bitwise=bitwise_ptr,
        ec_op=ec_op_ptr,
        poseidon=poseidon_ptr,
        segment_arena=arenas,
        range_check96=range_check96_ptr,
        add_mod=add_mod_ptr,
        mul_mod=mul_mod_ptr,
    );
    local version;
    local n_transactions;
    local is_blob;
    local info: BlockInfo*;
    local prices: GasPrice*;
    local chain: felt*;
    local n_classes;
    local classes: CompiledClassFact*;
    let (local builtin_price_table) = builtin_prices();
    %{ test.block %}
    let (local blurred) = blurred_block_info(info);
    let (constants) = protocol_constants_of(version);
    tempvar block_context = new BlockContext(
        chain_id=chain[0],
        strk_fee_token_address=chain[1],
        info=info,
        info_for_validation=blurred,
        l1_gas_price=prices[0],
        l1_data_gas_price=prices[1],
        l2_gas_price=prices[2],
        l1_da_mode=is_blob,
        starknet_version=version,
        constants=constants,
        n_class_facts=n_classes,
        class_facts=classes,
    );
    local block_context: BlockContext* = block_context;
    let (local contract_state_changes: DictAccess*) = alloc();
    let (local contract_class_changes: DictAccess*) = alloc();
    let (local messages_to_l1: MessageToL1*) = alloc();
    let (local messages_to_l2: MessageToL2*) = alloc();
    tempvar carried_outputs = new OsCarriedOutputs(messages_to_l1, messages_to_l2);
    let (local transaction_records: TransactionRecord*) = alloc();
    local records_start: TransactionRecord* = transaction_records;
    with builtin_pointers, contract_state_changes, contract_class_changes, carried_outputs, transaction_records {
        execute_transactions(block_context, n_transactions);
    }
    %{ test.done %}
    check_segment_arenas(start=arenas, end=builtin_pointers.segment_arena);
    join_range_checks(length_cell, contract_range_checks, builtin_pointers.range_check);
    let pedersen_ptr = builtin_pointers.pedersen;
    let bitwise_ptr = builtin_pointers.bitwise;
    let ec_op_ptr = builtin_pointers.ec_op;
    let poseidon_ptr = builtin_pointers.poseidon;
    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    return ();
}
`;
