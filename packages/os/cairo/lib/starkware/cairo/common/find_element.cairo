// Look-ups in arrays of n_elms elements of elm_size felts, the first of which is the key.
from starkware.cairo.common.math import assert_lt, assert_nn, assert_nn_le

const FIND_ELEMENT_RANGE_CHECK_USAGE = 2;

// The element at an index in [0, n_elms) that the hint chooses; its key is proven.
func find_element{range_check_ptr}(array_ptr: felt*, elm_size, n_elms, key) -> (elm_ptr: felt*) {
    %{ cairn.find_element.index_of_key %}
    tempvar index = [range_check_ptr];
    assert [range_check_ptr + 1] = n_elms - 1 - index;
    tempvar elm_ptr = array_ptr + elm_size * index;
    assert [elm_ptr] = key;
    let range_check_ptr = range_check_ptr + FIND_ELEMENT_RANGE_CHECK_USAGE;
    return (elm_ptr=elm_ptr);
}

// In an array sorted by keys, all in [0, 2^128): the first element whose key is at least key, the end if none is.
func search_sorted_lower{range_check_ptr}(array_ptr: felt*, elm_size, n_elms, key) -> (elm_ptr: felt*) {
    alloc_locals;
    %{ cairn.find_element.index_of_lower_bound %}
    local index = [range_check_ptr];
    assert [range_check_ptr + 1] = n_elms - index;
    let range_check_ptr = range_check_ptr + 2;
    local elm_ptr: felt* = array_ptr + elm_size * index;
    if (index != n_elms) {
        assert_nn_le(key, [elm_ptr]);
    } else {
        assert_nn(key);
    }
    if (index != 0) {
        let previous = elm_ptr - elm_size;
        assert_nn([previous]);
        assert_lt([previous], key);
    }
    return (elm_ptr=elm_ptr);
}

// The element with that key of a sorted array, and whether there is one; if not, where it would stand.
func search_sorted{range_check_ptr}(array_ptr: felt*, elm_size, n_elms, key) -> (
    elm_ptr: felt*, success: felt
) {
    alloc_locals;
    let (local elm_ptr) = search_sorted_lower(
        array_ptr=array_ptr, elm_size=elm_size, n_elms=n_elms, key=key
    );
    if (elm_ptr == array_ptr + elm_size * n_elms) {
        return (elm_ptr=elm_ptr, success=0);
    }
    if ([elm_ptr] != key) {
        return (elm_ptr=elm_ptr, success=0);
    }
    return (elm_ptr=elm_ptr, success=1);
}

// As search_sorted, cheaper for keys that are there.
func search_sorted_optimistic{range_check_ptr}(array_ptr: felt*, elm_size, n_elms, key) -> (
    elm_ptr: felt*, success: felt
) {
    %{ cairn.find_element.is_missing %}
    jmp missing if [ap] != 0, ap++;
    let (elm_ptr) = find_element(array_ptr=array_ptr, elm_size=elm_size, n_elms=n_elms, key=key);
    return (elm_ptr=elm_ptr, success=1);

    missing:
    return search_sorted(array_ptr=array_ptr, elm_size=elm_size, n_elms=n_elms, key=key);
}
