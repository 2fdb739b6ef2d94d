import { CairnError } from './cairnError.ts';
import { ecMul } from './curve.ts';
import { type Felt, PRIME } from './felt.ts';
import { kernels, readCell, writeInteger } from './kernels.ts';
import { generatorKernels } from './kernelTables.ts';
import { rfc6979Nonce } from './rfc6979.ts';
import { SIGNATURE_BOUND, STARK_CURVE } from './starkCurve.ts';

/** s⁻¹ modulo the curve order, for 0 < s < order. */
function orderInverse(s: bigint): bigint {
  const k = kernels();
  writeInteger(0, s);
  k.orderInverse();
  return readCell(0) % STARK_CURVE.order;
}

function checkPrivateKey(privateKey: bigint): void {
  if (privateKey <= 0n || privateKey >= STARK_CURVE.order) {
    throw new CairnError('INVALID_PRIVATE_KEY', 'private key out of range: expected 1 ≤ key < curve order');
  }
}

/** x coordinate of privateKey·G. @throws CairnError `INVALID_PRIVATE_KEY` outside [1, order). */
export function getPublicKey(privateKey: bigint): Felt {
  checkPrivateKey(privateKey);
  return ecMul(privateKey, STARK_CURVE.generator)!.x;
}

/**
 * Signature of a message hash with the deterministic nonce of RFC 6979; `seed` adds entropy to the nonce. In the
 * (practically impossible) case that a nonce yields halves out of range the seed is raised by one, as cairo-lang does.
 * @throws CairnError `INVALID_PRIVATE_KEY` or `INVALID_MESSAGE_HASH` (outside [0, 2^251))
 */
export function sign(privateKey: bigint, messageHash: Felt, seed = 0n): { r: bigint; s: bigint } {
  checkPrivateKey(privateKey);
  if (messageHash < 0n || messageHash >= SIGNATURE_BOUND) {
    throw new CairnError(
      'INVALID_MESSAGE_HASH',
      `message hash out of range: got ${messageHash}, expected 0 ≤ hash < 2^251`,
    );
  }
  const { order, generator } = STARK_CURVE;
  for (let trySeed = seed; ; trySeed++) {
    const nonce = rfc6979Nonce(privateKey, messageHash, trySeed);
    const r = ecMul(nonce, generator)!.x;
    const s = ((messageHash + r * privateKey) * orderInverse(nonce)) % order;
    const inRange = r > 0n && r < SIGNATURE_BOUND && s > 0n && s < SIGNATURE_BOUND;
    if (inRange && orderInverse(s) < SIGNATURE_BOUND) return { r, s };
  }
}

/**
 * Whether (r, s) signs `messageHash` for the key with this x coordinate (either y is accepted). False, never an
 * error, for values out of range: 0 ≤ hash < 2^251, 1 ≤ r, s < 2^251, s⁻¹ < 2^251.
 * @see starknet-crypto 0.8, ecdsa.rs, `verify`
 */
export function verifySignature(publicKeyX: Felt, messageHash: Felt, r: bigint, s: bigint): boolean {
  if (publicKeyX < 0n || publicKeyX >= PRIME || messageHash < 0n || messageHash >= SIGNATURE_BOUND)
    return false;
  if (r <= 0n || r >= SIGNATURE_BOUND || s <= 0n || s >= SIGNATURE_BOUND) return false;
  const k = generatorKernels();
  const w = orderInverse(s);
  if (w >= SIGNATURE_BOUND) return false;
  writeInteger(0, (messageHash * w) % STARK_CURVE.order);
  writeInteger(1, (r * w) % STARK_CURVE.order);
  writeInteger(2, publicKeyX);
  writeInteger(3, r);
  return k.ecdsaCheck() !== 0;
}
