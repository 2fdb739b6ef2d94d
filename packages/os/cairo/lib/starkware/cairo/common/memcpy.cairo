// Makes dst[0 .. len) equal src[0 .. len). The hint only chooses how many cells are copied at once: the copies
// add up to len, or the function never returns.
func memcpy(dst: felt*, src: felt*, len) {
    if (len == 0) {
        return ();
    }
    tempvar target = dst;
    tempvar source = src;
    tempvar left = len;

    next:
    let target = cast([ap - 3], felt*);
    let source = cast([ap - 2], felt*);
    let left = [ap - 1];
    %{ cairn.memcpy.is_block %}
    jmp block if [ap] != 0, ap++;

    assert [target] = [source];
    tempvar target = target + 1;
    tempvar source = source + 1;
    tempvar left = left - 1;
    jmp next if left != 0;
    return ();

    block:
    assert target[0] = source[0];
    assert target[1] = source[1];
    assert target[2] = source[2];
    assert target[3] = source[3];
    assert target[4] = source[4];
    assert target[5] = source[5];
    assert target[6] = source[6];
    assert target[7] = source[7];
    tempvar target = target + 8;
    tempvar source = source + 8;
    tempvar left = left - 8;
    jmp next if left != 0;
    return ();
}
