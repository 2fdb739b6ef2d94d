import { type Felt, feltMul, feltPow, PRIME } from '../felt.ts';

/** Square root with the smaller representative, or undefined for a non-residue (Tonelli–Shanks, 2-adicity 192). */
export function feltSqrt(a: Felt): Felt | undefined {
  if (a === 0n) return 0n;
  if (feltPow(a, (PRIME - 1n) / 2n) !== 1n) return undefined;
  const odd = (PRIME - 1n) >> 192n;
  let m = 192;
  let c = feltPow(3n, odd);
  let t = feltPow(a, odd);
  let r = feltPow(a, (odd + 1n) / 2n);
  while (t !== 1n) {
    let i = 0;
    for (let s = t; s !== 1n; s = feltMul(s, s)) i++;
    const b = feltPow(c, 1n << BigInt(m - i - 1));
    m = i;
    c = feltMul(b, b);
    t = feltMul(t, c);
    r = feltMul(r, b);
  }
  return r > PRIME - r ? PRIME - r : r;
}
