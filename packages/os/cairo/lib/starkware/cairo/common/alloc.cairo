// A new, empty memory segment. Nothing follows from where it lies: memory is write-once wherever it is.
func alloc() -> (ptr: felt*) {
    %{ cairn.alloc.new_segment %}
    ap += 1;
    return (ptr=cast([ap - 1], felt*));
}
