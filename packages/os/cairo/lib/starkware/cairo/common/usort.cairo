// Sorting without duplicates.
from starkware.cairo.common.alloc import alloc

// The different values of a list of numbers in [0, 2^128), sorted, and how often each occurs. As in squash_dict, a
// walk forward through the list meets the places of each value, the values grow, and the walks make as many stops as
// the list has places.
func usort{range_check_ptr}(input_len: felt, input: felt*) -> (
    output_len: felt, output: felt*, multiplicities: felt*
) {
    alloc_locals;
    let (local output) = alloc();
    let (local multiplicities) = alloc();
    if (input_len == 0) {
        return (output_len=0, output=output, multiplicities=multiplicities);
    }
    %{ cairn.usort.enter %}
    let (range_check_ptr, output_end) = sort_values(
        range_check_ptr=range_check_ptr,
        input=input,
        last=input + input_len - 1,
        left=input_len,
        previous=-1,
        output=output,
        multiplicity=multiplicities,
    );
    %{ cairn.usort.exit %}
    return (output_len=output_end - output, output=output, multiplicities=multiplicities);
}

// Finds the values above `previous`, which have `left` places in all.
func sort_values(
    range_check_ptr,
    input: felt*,
    last: felt*,
    left,
    previous,
    output: felt*,
    multiplicity: felt*,
) -> (range_check_ptr: felt, output_end: felt*) {
    tempvar value = nondet %{ cairn.usort.next_value %};
    assert [range_check_ptr] = value - previous - 1;
    assert [output] = value;
    %{ cairn.usort.first_distance %}
    tempvar place = input + [range_check_ptr + 1];
    assert [place] = value;
    tempvar kept_value = value;
    tempvar place = place;
    tempvar next_range_check = range_check_ptr + 2;
    %{ cairn.usort.is_last_place %}
    jmp end if [ap] != 0, ap++;

    next:
    let value = [ap - 4];
    let place = cast([ap - 3], felt*);
    let next_range_check = [ap - 2];
    %{ cairn.usort.distance %}
    tempvar before = place + [next_range_check];
    assert [before + 1] = value;
    tempvar value = value;
    tempvar place = before + 1;
    tempvar next_range_check = next_range_check + 1;
    %{ cairn.usort.has_more_places %}
    jmp next if [ap] != 0, ap++;

    end:
    let value = [ap - 4];
    let place = cast([ap - 3], felt*);
    let next_range_check = [ap - 2];
    assert [next_range_check] = last - place;
    tempvar place_count = next_range_check - range_check_ptr - 1;
    assert [multiplicity] = place_count;
    if (place_count == left) {
        return (range_check_ptr=next_range_check + 1, output_end=output + 1);
    }
    return sort_values(
        range_check_ptr=next_range_check + 1,
        input=input,
        last=last,
        left=left - place_count,
        previous=value,
        output=output + 1,
        multiplicity=multiplicity + 1,
    );
}
