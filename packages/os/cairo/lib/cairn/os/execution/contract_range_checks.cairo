// Range checks of contracts stand in a segment of their own, behind those of the OS at the end: what contracts say of
// their builtins is checked with cells whose place no contract can choose.
from starkware.cairo.common.segments import relocate_segment

// Reserves the first cell, which will prove that contracts' cells are not fewer than none.
func open_contract_range_checks{range_check_ptr}() -> (length_cell: felt*, contract_range_checks: felt) {
    let length_cell = cast(range_check_ptr, felt*);
    let range_check_ptr = range_check_ptr + 1;
    tempvar contract_range_checks = nondet %{ cairn.execution.new_temporary_segment %};
    return (length_cell=length_cell, contract_range_checks=contract_range_checks);
}

// Puts contracts' range checks, from start to end, behind all others. Nothing may use range_check_ptr afterwards. The
// host's memory takes a slow path from here on: call it last.
func join_range_checks{range_check_ptr}(length_cell: felt*, start: felt, end: felt) {
    assert [length_cell] = end - start;
    relocate_segment(src_ptr=cast(start, felt*), dest_ptr=cast(range_check_ptr, felt*));
    let range_check_ptr = range_check_ptr + [length_cell];
    return ();
}
