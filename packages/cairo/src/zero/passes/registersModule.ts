/** The module every program has, because `new` calls its `get_ap`. */
export const REGISTERS_MODULE = 'starkware.cairo.lang.compiler.lib.registers';

/** Our text of that module, for where the module reader has none: fp and the return address lie below ap. */
export const REGISTERS_SOURCE = `\
func get_fp_and_pc() -> (fp_val: felt*, pc_val: felt*) {
    return (fp_val=cast([ap - 2], felt*), pc_val=cast([ap - 1], felt*));
}

@known_ap_change
func get_ap() -> (ap_val: felt*) {
    let (fp_val, pc_val) = get_fp_and_pc();
    return (ap_val=fp_val - 2);
}
`;
