// The Starknet OS: proves that the transactions of some blocks turned one state of the chain into the next.
%builtins output pedersen range_check bitwise ec_op poseidon range_check96 add_mod mul_mod

from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import (
    BitwiseBuiltin,
    EcOpBuiltin,
    HashBuiltin,
    ModBuiltin,
    PoseidonBuiltin,
)
from starkware.cairo.common.math import assert_not_equal
from cairn.os.block import RunContext, run_block
from cairn.os.block_header import ParentBlock, open_chain
from cairn.os.compiled_class_facts import load_class_facts, validate_class_facts
from cairn.os.config import read_config
from cairn.os.execution.builtin_pointers import BuiltinPointers
from cairn.os.execution.carried_outputs import MessageToL1, MessageToL2, OsCarriedOutputs
from cairn.os.execution.contract_range_checks import join_range_checks, open_contract_range_checks
from cairn.os.execution.segment_arena import SegmentArenaBuiltin, check_segment_arenas
from cairn.os.join_blocks import join_blocks
from cairn.os.output import OutputHeader, write_output
from cairn.os.state_changes import StateChanges

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
    let (local length_cell, contract_range_checks) = open_contract_range_checks();
    local contract_range_checks = contract_range_checks;
    let (config, local config_hash) = read_config();
    let (local parent: ParentBlock, known) = open_chain();
    let (local n_facts, local facts) = load_class_facts();
    local context: RunContext* = new RunContext(
        config=config, known=known, n_class_facts=n_facts, class_facts=facts
    );

    let (messages_to_l1: MessageToL1*) = alloc();
    let (messages_to_l2: MessageToL2*) = alloc();
    local messages: OsCarriedOutputs* = new OsCarriedOutputs(
        messages_to_l1=messages_to_l1, messages_to_l2=messages_to_l2
    );
    let (local arenas: SegmentArenaBuiltin*) = alloc();
    local builtin_pointers: BuiltinPointers* = new BuiltinPointers(
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
    let (local blocks: StateChanges*) = alloc();
    local n_blocks = nondet %{ cairn.os.block_count %};
    let carried_outputs = messages;
    with builtin_pointers, carried_outputs {
        let (local last) = run_blocks(
            left=n_blocks, context=context, parent=parent, changes=blocks
        );
    }
    local builtin_pointers: BuiltinPointers* = builtin_pointers;
    local carried_outputs: OsCarriedOutputs* = carried_outputs;
    %{ cairn.os.contracts_have_run %}
    validate_class_facts(left=n_facts, fact=facts);

    let (changes) = join_blocks(n_blocks=n_blocks, blocks=blocks);
    local is_full = nondet %{ cairn.os.is_full_output %};
    local data_place = nondet %{ cairn.os.data_place %};
    let poseidon_ptr = builtin_pointers.poseidon;
    let range_check96_ptr = builtin_pointers.range_check96;
    let add_mod_ptr = builtin_pointers.add_mod;
    let mul_mod_ptr = builtin_pointers.mul_mod;
    write_output(
        header=new OutputHeader(
            initial_root=parent.state_root,
            final_root=last.state_root,
            prev_block_number=parent.block_number,
            new_block_number=last.block_number,
            prev_block_hash=parent.block_hash,
            new_block_hash=last.block_hash,
            os_program_hash=0,
            config_hash=config_hash,
            use_kzg_da=data_place,
            full_output=is_full,
        ),
        messages_start=messages,
        messages_end=carried_outputs,
        changes=changes,
    );

    check_segment_arenas(start=arenas, end=builtin_pointers.segment_arena);
    let first_range_check = cast(length_cell, felt);
    join_range_checks(
        length_cell=length_cell, start=contract_range_checks, end=builtin_pointers.range_check
    );
    // The builtin's cells are not none, so the first is checked, and with it that the end lies behind the OS's.
    assert_not_equal(range_check_ptr, first_range_check);
    let pedersen_ptr = builtin_pointers.pedersen;
    let bitwise_ptr = builtin_pointers.bitwise;
    let ec_op_ptr = builtin_pointers.ec_op;
    return ();
}

// Runs one block or more; returns the last one. Each starts from the state that its parent's header tells.
func run_blocks{
    range_check_ptr, builtin_pointers: BuiltinPointers*, carried_outputs: OsCarriedOutputs*
}(left, context: RunContext*, parent: ParentBlock, changes: StateChanges*) -> (last: ParentBlock) {
    alloc_locals;
    let (local block, prev_root, block_changes) = run_block(context=context, parent=parent);
    assert prev_root = parent.state_root;
    tempvar index = block.block_number - context.known.lowest;
    assert context.known.hashes[index] = block.block_hash;
    assert [changes] = [block_changes];
    if (left == 1) {
        return (last=block);
    }
    return run_blocks(
        left=left - 1, context=context, parent=block, changes=changes + StateChanges.SIZE
    );
}
