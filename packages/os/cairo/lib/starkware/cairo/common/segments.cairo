// Puts the temporary segment that begins at src_ptr where dest_ptr points. The hint tells the memory, the
// assertion is what a verifier sees: both are one address.
func relocate_segment(src_ptr: felt*, dest_ptr: felt*) {
    %{ cairn.segments.relocate %}
    assert src_ptr = dest_ptr;
    return ();
}
