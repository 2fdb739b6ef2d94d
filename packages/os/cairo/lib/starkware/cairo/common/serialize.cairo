// Writes one word to the output.
func serialize_word{output_ptr: felt*}(word) {
    assert [output_ptr] = word;
    let output_ptr = output_ptr + 1;
    return ();
}

// Applies callback(value, element), which returns the next value, to each element of an array in order.
func array_rfold(value, array: felt*, n_elms, elm_size, callback: felt*) -> (res: felt) {
    if (n_elms == 0) {
        return (res=value);
    }
    [ap] = value, ap++;
    [ap] = array, ap++;
    call abs callback;
    return array_rfold(
        value=[ap - 1],
        array=array + elm_size,
        n_elms=n_elms - 1,
        elm_size=elm_size,
        callback=callback,
    );
}

// Writes the number of elements, then each element by callback{output_ptr}(element).
func serialize_array{output_ptr: felt*}(array: felt*, n_elms, elm_size, callback: felt*) {
    serialize_word(n_elms);
    let (end) = array_rfold(
        value=cast(output_ptr, felt), array=array, n_elms=n_elms, elm_size=elm_size, callback=callback
    );
    let output_ptr = cast(end, felt*);
    return ();
}
