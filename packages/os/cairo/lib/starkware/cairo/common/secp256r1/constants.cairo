// The curve secp256r1, numbers in three limbs of 86 bits.
const BASE = 2 ** 86;

// The prime, 2^256 - 2^224 + 2^192 + 2^96 - 1.
const P0 = 0x3fffffffffffffffffffff;
const P1 = 0x3ff;
const P2 = 0xffffffff0000000100000;

// y^2 = x^3 + ALPHA x + BETA
const ALPHA = -3;
const BETA0 = 0x13b0f63bce3c3e27d2604b;
const BETA1 = 0x3555da621af194741ac331;
const BETA2 = 0x5ac635d8aa3a93e7b3ebb;

// The prime in halves of 128 bits.
const SECP_PRIME_HIGH = 0xffffffff000000010000000000000000;
const SECP_PRIME_LOW = 0xffffffffffffffffffffffff;
