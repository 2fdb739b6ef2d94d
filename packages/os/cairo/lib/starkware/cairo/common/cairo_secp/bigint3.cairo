// Integers d0 + d1 * 2^86 + d2 * 2^172.

// Limbs are any felts that stand for integers.
struct UnreducedBigInt3 {
    d0: felt,
    d1: felt,
    d2: felt,
}

// Limbs are in [0, 2^86) for numbers that are proven; sums of few limbs elsewhere.
struct BigInt3 {
    d0: felt,
    d1: felt,
    d2: felt,
}

// Limbs are sums of few limbs of a BigInt3, or their negatives.
struct SumBigInt3 {
    d0: felt,
    d1: felt,
    d2: felt,
}
