// Makes dst[0 .. n) equal value. The hint only chooses how many cells are set at once, as in memcpy.
func memset(dst: felt*, value: felt, n) {
    if (n == 0) {
        return ();
    }
    tempvar target = dst;
    tempvar left = n;

    next:
    let target = cast([ap - 2], felt*);
    let left = [ap - 1];
    %{ cairn.memset.is_block %}
    jmp block if [ap] != 0, ap++;

    assert [target] = value;
    tempvar target = target + 1;
    tempvar left = left - 1;
    jmp next if left != 0;
    return ();

    block:
    assert target[0] = value;
    assert target[1] = value;
    assert target[2] = value;
    assert target[3] = value;
    assert target[4] = value;
    assert target[5] = value;
    assert target[6] = value;
    assert target[7] = value;
    tempvar target = target + 8;
    tempvar left = left - 8;
    jmp next if left != 0;
    return ();
}
