// Where the builtins stand that contracts may use, in the order of entry points' lists.
from starkware.cairo.common.cairo_builtins import (
    BitwiseBuiltin,
    EcOpBuiltin,
    HashBuiltin,
    ModBuiltin,
    PoseidonBuiltin,
)
from cairn.os.execution.segment_arena import SegmentArenaBuiltin

// range_check is that of contracts: a segment apart from the one with which the OS checks them.
struct BuiltinPointers {
    pedersen: HashBuiltin*,
    range_check: felt,
    bitwise: BitwiseBuiltin*,
    ec_op: EcOpBuiltin*,
    poseidon: PoseidonBuiltin*,
    segment_arena: SegmentArenaBuiltin*,
    range_check96: felt*,
    add_mod: ModBuiltin*,
    mul_mod: ModBuiltin*,
}

// The pointers with another one to pedersen.
func set_pedersen{builtin_pointers: BuiltinPointers*}(pedersen: HashBuiltin*) {
    let before = builtin_pointers;
    tempvar builtin_pointers = new BuiltinPointers(
        pedersen=pedersen,
        range_check=before.range_check,
        bitwise=before.bitwise,
        ec_op=before.ec_op,
        poseidon=before.poseidon,
        segment_arena=before.segment_arena,
        range_check96=before.range_check96,
        add_mod=before.add_mod,
        mul_mod=before.mul_mod,
    );
    return ();
}

// The pointers with another one to poseidon.
func set_poseidon{builtin_pointers: BuiltinPointers*}(poseidon: PoseidonBuiltin*) {
    let before = builtin_pointers;
    tempvar builtin_pointers = new BuiltinPointers(
        pedersen=before.pedersen,
        range_check=before.range_check,
        bitwise=before.bitwise,
        ec_op=before.ec_op,
        poseidon=poseidon,
        segment_arena=before.segment_arena,
        range_check96=before.range_check96,
        add_mod=before.add_mod,
        mul_mod=before.mul_mod,
    );
    return ();
}

// The pointers with another one to bitwise.
func set_bitwise{builtin_pointers: BuiltinPointers*}(bitwise: BitwiseBuiltin*) {
    let before = builtin_pointers;
    tempvar builtin_pointers = new BuiltinPointers(
        pedersen=before.pedersen,
        range_check=before.range_check,
        bitwise=bitwise,
        ec_op=before.ec_op,
        poseidon=before.poseidon,
        segment_arena=before.segment_arena,
        range_check96=before.range_check96,
        add_mod=before.add_mod,
        mul_mod=before.mul_mod,
    );
    return ();
}

// The pointers with others to the builtins of modular arithmetic.
func set_modular{builtin_pointers: BuiltinPointers*}(
    range_check96: felt*, add_mod: ModBuiltin*, mul_mod: ModBuiltin*
) {
    let before = builtin_pointers;
    tempvar builtin_pointers = new BuiltinPointers(
        pedersen=before.pedersen,
        range_check=before.range_check,
        bitwise=before.bitwise,
        ec_op=before.ec_op,
        poseidon=before.poseidon,
        segment_arena=before.segment_arena,
        range_check96=range_check96,
        add_mod=add_mod,
        mul_mod=mul_mod,
    );
    return ();
}
