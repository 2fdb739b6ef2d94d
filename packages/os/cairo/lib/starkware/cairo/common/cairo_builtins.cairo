// One instance of each builtin.
from starkware.cairo.common.ec_point import EcPoint
from starkware.cairo.common.keccak_state import KeccakBuiltinState
from starkware.cairo.common.poseidon_state import PoseidonBuiltinState

// Pedersen.
struct HashBuiltin {
    x: felt,
    y: felt,
    result: felt,
}

// ECDSA on the Stark curve; the signature itself is given outside memory.
struct SignatureBuiltin {
    pub_key: felt,
    message: felt,
}

// Bits of numbers below 2^251.
struct BitwiseBuiltin {
    x: felt,
    y: felt,
    x_and_y: felt,
    x_xor_y: felt,
    x_or_y: felt,
}

// r = p + m * q
struct EcOpBuiltin {
    p: EcPoint,
    q: EcPoint,
    m: felt,
    r: EcPoint,
}

struct KeccakBuiltin {
    input: KeccakBuiltinState,
    output: KeccakBuiltinState,
}

struct PoseidonBuiltin {
    input: PoseidonBuiltinState,
    output: PoseidonBuiltinState,
}

// Four 96-bit limbs, least significant first.
struct UInt384 {
    d0: felt,
    d1: felt,
    d2: felt,
    d3: felt,
}

// A batch of additions or multiplications modulo p.
struct ModBuiltin {
    p: UInt384,
    values_ptr: UInt384*,
    offsets_ptr: felt*,
    n: felt,
}
