// The 1600 bits of a Keccak state, 200 in each felt, least significant first.
struct KeccakBuiltinState {
    s0: felt,
    s1: felt,
    s2: felt,
    s3: felt,
    s4: felt,
    s5: felt,
    s6: felt,
    s7: felt,
}
