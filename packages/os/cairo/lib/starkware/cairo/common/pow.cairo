from starkware.cairo.common.math import abs_value

// base^exp for exp in [0, 2^251). The bits of exp are read from the top; their count, at most 251, is proven, so
// that they cannot be those of exp + P.
func pow{range_check_ptr}(base, exp) -> (res: felt) {
    const MAX_BITS = 251;
    if (exp == 0) {
        return (res=1);
    }
    %{ cairn.pow.bit_count_to_range_check %}
    assert [range_check_ptr + 1] = MAX_BITS - [range_check_ptr];
    tempvar exponent = 0;
    tempvar power = 1;
    tempvar left = [range_check_ptr];

    next_bit:
    let exponent = [ap - 3];
    let power = [ap - 2];
    let left = [ap - 1];
    %{ cairn.pow.bit %}
    jmp one if [ap] != 0, ap++;
    tempvar exponent = exponent + exponent;
    tempvar power = power * power;
    tempvar left = left - 1;
    jmp next_bit if left != 0;
    jmp end;

    one:
    tempvar doubled = exponent + exponent;
    tempvar squared = power * power;
    tempvar exponent = doubled + 1;
    tempvar power = squared * base;
    tempvar left = left - 1;
    jmp next_bit if left != 0;

    end:
    assert exp = [ap - 3];
    let range_check_ptr = range_check_ptr + 2;
    return (res=[ap - 2]);
}

// base^exp for exp in (-2^128, 2^128).
func signed_pow{range_check_ptr}(base, exp) -> felt {
    alloc_locals;
    let distance = abs_value(exp);
    let (local power) = pow(base, distance);
    if (distance == exp) {
        return power;
    }
    return 1 / power;
}
