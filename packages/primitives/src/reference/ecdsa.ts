import { ecNeg } from '../curve.ts';
import { type Felt, feltMod, modInverse, PRIME } from '../felt.ts';
import { type AffinePoint, SIGNATURE_BOUND, STARK_CURVE } from '../starkCurve.ts';
import { ecAdd, ecMul } from './curve.ts';
import { feltSqrt } from './feltSqrt.ts';

/** The curve point with this x coordinate and the smaller y, or undefined when there is none. */
export function pointFromX(x: Felt): AffinePoint | undefined {
  if (x < 0n || x >= PRIME) return undefined;
  const y = feltSqrt(feltMod(x * x * x + STARK_CURVE.alpha * x + STARK_CURVE.beta));
  return y === undefined ? undefined : { x, y };
}

/**
 * Whether (r, s) signs `messageHash` for the key with this x coordinate (either y is accepted). False, never an
 * error, for values out of range: 0 ≤ hash < 2^251, 1 ≤ r, s < 2^251, s⁻¹ < 2^251.
 * @see starknet-crypto 0.8, ecdsa.rs, `verify`
 */
export function verifySignature(publicKeyX: Felt, messageHash: Felt, r: bigint, s: bigint): boolean {
  if (messageHash < 0n || messageHash >= SIGNATURE_BOUND) return false;
  if (r <= 0n || r >= SIGNATURE_BOUND || s <= 0n || s >= SIGNATURE_BOUND) return false;
  const w = modInverse(s, STARK_CURVE.order);
  const publicKey = pointFromX(publicKeyX);
  if (w >= SIGNATURE_BOUND || publicKey === undefined) return false;
  const fromHash = ecMul((messageHash * w) % STARK_CURVE.order, STARK_CURVE.generator);
  const fromKey = ecMul((r * w) % STARK_CURVE.order, publicKey);
  return ecAdd(fromHash, fromKey)?.x === r || ecAdd(fromHash, ecNeg(fromKey))?.x === r;
}
