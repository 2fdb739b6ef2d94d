// Makes dst[i] equal src[indices[i]] for the len indices.
func copy_indices(dst: felt*, src: felt*, indices: felt*, len: felt) {
    if (len == 0) {
        return ();
    }
    assert [dst] = src[[indices]];
    return copy_indices(dst=dst + 1, src=src, indices=indices + 1, len=len - 1);
}
