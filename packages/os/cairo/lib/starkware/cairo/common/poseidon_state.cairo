// The three felts of a Poseidon (Hades) state; s2 is the capacity.
struct PoseidonBuiltinState {
    s0: felt,
    s1: felt,
    s2: felt,
}
