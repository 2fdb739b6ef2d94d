from starkware.cairo.common.cairo_secp.bigint3 import BigInt3

// A point of secp256k1 or secp256r1; x = y = 0 is the point at infinity.
struct EcPoint {
    x: BigInt3,
    y: BigInt3,
}
