// Dictionaries as logs of accesses. What a read gives is the prover's word until the log is squashed.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.squash_dict import squash_dict

// A dictionary that begins with the values the host gave; nothing about them is proven here.
func dict_new() -> (res: DictAccess*) {
    %{ cairn.dict.new %}
    ap += 1;
    return (res=cast([ap - 1], DictAccess*));
}

func dict_read{dict_ptr: DictAccess*}(key: felt) -> (value: felt) {
    %{ cairn.dict.read %}
    let access = dict_ptr;
    tempvar value = access.prev_value;
    assert access.key = key;
    assert access.new_value = value;
    let dict_ptr = dict_ptr + DictAccess.SIZE;
    return (value=value);
}

func dict_write{dict_ptr: DictAccess*}(key: felt, new_value: felt) {
    %{ cairn.dict.write %}
    assert dict_ptr.key = key;
    assert dict_ptr.new_value = new_value;
    let dict_ptr = dict_ptr + DictAccess.SIZE;
    return ();
}

// Writes where the value is known to be prev_value.
func dict_update{dict_ptr: DictAccess*}(key: felt, prev_value: felt, new_value: felt) {
    %{ cairn.dict.update %}
    assert [dict_ptr] = DictAccess(key=key, prev_value=prev_value, new_value=new_value);
    let dict_ptr = dict_ptr + DictAccess.SIZE;
    return ();
}

// The log with one access for each key, sorted; see squash_dict.
func dict_squash{range_check_ptr}(
    dict_accesses_start: DictAccess*, dict_accesses_end: DictAccess*
) -> (squashed_dict_start: DictAccess*, squashed_dict_end: DictAccess*) {
    alloc_locals;
    local squashed_dict_start: DictAccess* = nondet %{ cairn.dict.new_squashed %};
    let (squashed_dict_end) = squash_dict(
        dict_accesses=dict_accesses_start,
        dict_accesses_end=dict_accesses_end,
        squashed_dict=squashed_dict_start,
    );
    %{ cairn.dict.set_squashed_end %}
    return (squashed_dict_start=squashed_dict_start, squashed_dict_end=squashed_dict_end);
}
