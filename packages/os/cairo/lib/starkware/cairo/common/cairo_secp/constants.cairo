// The curve secp256k1, numbers in three limbs of 86 bits.

// 2^256 modulo the prime.
const SECP_REM = 2 ** 32 + 977;
const BASE = 2 ** 86;

// The prime, 2^256 - SECP_REM.
const P0 = 0x3ffffffffffffefffffc2f;
const P1 = 0x3fffffffffffffffffffff;
const P2 = 0xfffffffffffffffffffff;

// The number of points.
const N0 = 0x8a03bbfd25e8cd0364141;
const N1 = 0x3ffffffffffaeabb739abd;
const N2 = 0xfffffffffffffffffffff;

// y^2 = x^3 + BETA
const BETA = 7;

// The prime in halves of 128 bits.
const SECP_PRIME_HIGH = 2 ** 128 - 1;
const SECP_PRIME_LOW = 2 ** 128 - SECP_REM;
