from starkware.cairo.common.cairo_builtins import HashBuiltin

// Pedersen hash of two felts.
func hash2{hash_ptr: HashBuiltin*}(x, y) -> (result: felt) {
    let done = hash_ptr;
    assert done.x = x;
    assert done.y = y;
    let hash_ptr = hash_ptr + HashBuiltin.SIZE;
    return (result=done.result);
}
