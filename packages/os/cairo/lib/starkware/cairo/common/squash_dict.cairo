// Turns a log of dictionary accesses into one access for each key, sorted by key as integers in [0, P), with the
// first previous and the last new value of the key. Proves that each access begins with the value that the access
// before it with the same key left.
//
// For each key its accesses are walked in the order of the log. The walk goes forward by distances in range
// [0, 2^128), so it meets no access twice and cannot wrap, and ends inside the log. Keys grow strictly. The walks
// make as many stops as the log has accesses, so they stop at each one.
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.math import assert_lt_felt

// Writes to squashed_dict and returns where that ends.
func squash_dict{range_check_ptr}(
    dict_accesses: DictAccess*, dict_accesses_end: DictAccess*, squashed_dict: DictAccess*
) -> (squashed_dict: DictAccess*) {
    tempvar cell_count = dict_accesses_end - dict_accesses;
    if (cell_count == 0) {
        return (squashed_dict=squashed_dict);
    }
    tempvar first_key = nondet %{ cairn.squash_dict.enter %};
    %{ cairn.squash_dict.has_big_keys %}
    jmp big_keys if [ap] != 0, ap++;

    // Keys that grow from one in range by steps in range: too few to reach P.
    assert [range_check_ptr] = first_key;
    let (range_check_ptr, squashed_end) = squash_keys(
        range_check_ptr=range_check_ptr + 1,
        accesses=dict_accesses,
        last_access=dict_accesses_end - DictAccess.SIZE,
        key=first_key,
        // Not a small number where the log holds a part of an access: then the count cannot come out.
        left=cell_count / DictAccess.SIZE,
        squashed=squashed_dict,
        has_big_keys=0,
    );
    return (squashed_dict=squashed_end);

    big_keys:
    let (range_check_ptr, squashed_end) = squash_keys(
        range_check_ptr=range_check_ptr,
        accesses=dict_accesses,
        last_access=dict_accesses_end - DictAccess.SIZE,
        key=first_key,
        left=cell_count / DictAccess.SIZE,
        squashed=squashed_dict,
        has_big_keys=1,
    );
    return (squashed_dict=squashed_end);
}

// Squashes the accesses of `key` and of the keys above it, `left` accesses in all.
func squash_keys(
    range_check_ptr,
    accesses: DictAccess*,
    last_access: DictAccess*,
    key,
    left,
    squashed: DictAccess*,
    has_big_keys,
) -> (range_check_ptr: felt, squashed: DictAccess*) {
    %{ cairn.squash_dict.first_distance %}
    tempvar skipped = [range_check_ptr] * DictAccess.SIZE;
    tempvar first_access = accesses + skipped;
    assert squashed.key = key;
    assert first_access.key = key;
    assert squashed.prev_value = first_access.prev_value;
    tempvar access = first_access;
    tempvar value = first_access.new_value;
    tempvar next_range_check = range_check_ptr + 1;
    %{ cairn.squash_dict.is_last_access %}
    jmp end if [ap] != 0, ap++;

    next:
    let access = cast([ap - 4], DictAccess*);
    let value = [ap - 3];
    let next_range_check = [ap - 2];
    %{ cairn.squash_dict.distance %}
    tempvar skipped = [next_range_check] * DictAccess.SIZE;
    tempvar before = access + skipped;
    let met = before + DictAccess.SIZE;
    assert met.key = key;
    assert met.prev_value = value;
    tempvar access = before + DictAccess.SIZE;
    tempvar value = met.new_value;
    tempvar next_range_check = next_range_check + 1;
    %{ cairn.squash_dict.has_more_accesses %}
    jmp next if [ap] != 0, ap++;

    end:
    let access = cast([ap - 4], DictAccess*);
    let value = [ap - 3];
    let next_range_check = [ap - 2];
    assert [next_range_check] = last_access - access;
    assert squashed.new_value = value;
    // Each stop used one range check.
    tempvar still_left = left - (next_range_check - range_check_ptr);
    jmp next_key if still_left != 0;
    return (
        range_check_ptr=next_range_check + 1, squashed=squashed + DictAccess.SIZE
    );

    next_key:
    tempvar greater_key = nondet %{ cairn.squash_dict.next_key %};
    jmp big_key if has_big_keys != 0;
    assert [next_range_check + 1] = greater_key - key - 1;
    return squash_keys(
        range_check_ptr=next_range_check + 2,
        accesses=accesses,
        last_access=last_access,
        key=greater_key,
        left=still_left,
        squashed=squashed + DictAccess.SIZE,
        has_big_keys=0,
    );

    big_key:
    let range_check_ptr = next_range_check + 1;
    assert_lt_felt{range_check_ptr=range_check_ptr}(key, greater_key);
    return squash_keys(
        range_check_ptr=range_check_ptr,
        accesses=accesses,
        last_access=last_access,
        key=greater_key,
        left=still_left,
        squashed=squashed + DictAccess.SIZE,
        has_big_keys=1,
    );
}
