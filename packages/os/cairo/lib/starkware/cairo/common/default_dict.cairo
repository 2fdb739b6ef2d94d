// Dictionaries whose keys all begin with one value.
from starkware.cairo.common.dict import dict_squash
from starkware.cairo.common.dict_access import DictAccess

func default_dict_new(default_value: felt) -> (res: DictAccess*) {
    %{ cairn.dict.new_default %}
    ap += 1;
    return (res=cast([ap - 1], DictAccess*));
}

// Squashes the log and proves that each key began with default_value.
func default_dict_finalize{range_check_ptr}(
    dict_accesses_start: DictAccess*, dict_accesses_end: DictAccess*, default_value: felt
) -> (squashed_dict_start: DictAccess*, squashed_dict_end: DictAccess*) {
    alloc_locals;
    let (local start, local end) = dict_squash(
        dict_accesses_start=dict_accesses_start, dict_accesses_end=dict_accesses_end
    );
    assert_first_values(access=start, left=end - start, value=default_value);
    return (squashed_dict_start=start, squashed_dict_end=end);
}

// All accesses in the next `left` cells had that previous value.
func assert_first_values(access: DictAccess*, left: felt, value: felt) {
    if (left == 0) {
        return ();
    }
    assert access.prev_value = value;
    return assert_first_values(
        access=access + DictAccess.SIZE, left=left - DictAccess.SIZE, value=value
    );
}
