// The curve secp256r1, numbers in three limbs of 86 bits.
const BASE = 2 ** 86;
const D2_BOUND = 2 ** 84;

// 2^256 modulo the prime in limbs.
const SECP_REM0 = 1;
const SECP_REM1 = -(2 ** 10);
const SECP_REM2 = 2 ** 52 - 2 ** 20;

// The prime, 2^256 - 2^224 + 2^192 + 2^96 - 1.
const P0 = 0x3fffffffffffffffffffff;
const P1 = 0x3ff;
const P2 = 0xffffffff0000000100000;

// BASE^3 and BASE^4 modulo the prime.
const BASE3_MOD_P0 = 4;
const BASE3_MOD_P1 = -(2 ** 12);
const BASE3_MOD_P2 = 2 ** 54 - 2 ** 22;
const BASE4_MOD_P0 = 2 ** 56;
const BASE4_MOD_P1 = 4 - 2 ** 66;
const BASE4_MOD_P2 = -(2 ** 76) - 2 ** 12;

// y^2 = x^3 + ALPHA x + BETA
const ALPHA = -3;
const BETA0 = 0x13b0f63bce3c3e27d2604b;
const BETA1 = 0x3555da621af194741ac331;
const BETA2 = 0x5ac635d8aa3a93e7b3ebb;

// The prime in halves of 128 bits.
const SECP_PRIME_HIGH = 0xffffffff000000010000000000000000;
const SECP_PRIME_LOW = 0xffffffffffffffffffffffff;
