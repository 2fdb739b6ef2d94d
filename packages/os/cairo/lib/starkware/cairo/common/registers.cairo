from starkware.cairo.lang.compiler.lib.registers import get_ap, get_fp_and_pc

// The address of a label, which in the program is an offset from the program's start.
func get_label_location(label_value: codeoffset) -> (res: felt*) {
    let (_, pc_val) = get_fp_and_pc();

    after_call:
    return (res=pc_val + (label_value - after_call));
}
