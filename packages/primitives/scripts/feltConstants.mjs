// Prints the constants of the field kernels as static data. `limbData` text is nine 29-bit limbs.

const PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n;
const R = 2n ** 261n;
// The Stark curve of src/starkCurve.ts; the tests of curve and ECDSA fail should they differ.
const ORDER = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;
const BETA = 0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89n;

function inverseModulo(a, modulus) {
  let [r0, r1, t0, t1] = [modulus, a % modulus, 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}

function limbData(value) {
  const words = Array.from(
    { length: 9 },
    (_, i) => `0x${((value >> BigInt(29 * i)) & 0x1fffffffn).toString(16)}`,
  );
  return `memory.data<u32>([${words.join(', ')}])`;
}

const inMontgomeryForm = (value) => limbData((((value % PRIME) + PRIME) * R) % PRIME);

/** The text of the module `feltConstants`. */
export function feltConstantsText() {
  return `
export const PRIME_LIMBS: usize = ${limbData(PRIME)};
export const PLAIN_ONE: usize = ${limbData(1n)};
export const MONTGOMERY_ONE: usize = ${inMontgomeryForm(1n)};
export const MONTGOMERY_SQUARED: usize = ${inMontgomeryForm(R)};
export const MONTGOMERY_CUBED: usize = ${inMontgomeryForm(R * R)};
export const MONTGOMERY_TWO: usize = ${inMontgomeryForm(2n)};
export const MONTGOMERY_HALF: usize = ${inMontgomeryForm((PRIME + 1n) / 2n)};
export const MINUS_ONE: usize = ${inMontgomeryForm(-1n)};
export const BETA: usize = ${inMontgomeryForm(BETA)};
export const MINUS_BETA: usize = ${inMontgomeryForm(-BETA)};
export const ORDER_LIMBS: usize = ${limbData(ORDER)};
export const ORDER_LOW_INVERSE: i64 = ${inverseModulo(ORDER, 2n ** 29n)};
`;
}
