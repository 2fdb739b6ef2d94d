from starkware.cairo.common.memcpy import memcpy

const SET_ADD_RANGE_CHECK_USAGE_ON_DUPLICATE = 2;
const SET_ADD_RANGE_CHECK_USAGE_ON_NO_DUPLICATE = 0;

// Appends an element to the list [set_ptr, set_end_ptr), unless the hint shows where it already stands. Proven: the
// element is in the list and nothing else was added. Not proven: that the list holds it only once.
func set_add{range_check_ptr, set_end_ptr: felt*}(set_ptr: felt*, elm_size, elm_ptr: felt*) {
    alloc_locals;
    local range_checks = range_check_ptr;
    local end: felt* = set_end_ptr;
    %{ cairn.set.is_known %}
    jmp known if [ap] != 0, ap++;
    memcpy(dst=end, src=elm_ptr, len=elm_size);
    let range_check_ptr = range_checks;
    let set_end_ptr = end + elm_size;
    return ();

    known:
    %{ cairn.set.index_to_range_check %}
    tempvar offset = [range_checks] * elm_size;
    assert [range_checks + 1] = (end - set_ptr) - elm_size - offset;
    memcpy(dst=set_ptr + offset, src=elm_ptr, len=elm_size);
    let range_check_ptr = range_checks + SET_ADD_RANGE_CHECK_USAGE_ON_DUPLICATE;
    let set_end_ptr = end;
    return ();
}
