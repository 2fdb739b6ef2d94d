export { blake2s256, blake2sCompress, blakeMany } from './blake2s.ts';
export { BLAKE2S_256_INITIAL_STATE, BLAKE2S_IV, BLAKE2S_LANES, BLAKE2S_SIGMA } from './blake2sParameters.ts';
export { bigIntToBytes, bytesToBigInt, bytesToHex, concatBytes, hexToBytes } from './bytes.ts';
export { CairnError, hasCode, invariant } from './cairnError.ts';
export { ecAdd, ecMul, ecNeg, ecOp, isOnCurve, pointFromX } from './curve.ts';
export { getPublicKey, sign, verifySignature } from './ecdsa.ts';
export type { PrimitivesErrorCode } from './errors.ts';
export {
  ADDRESS_BOUND,
  type ClassHash,
  type ContractAddress,
  type Felt,
  feltAdd,
  feltDiv,
  feltInv,
  feltMod,
  feltMul,
  feltNeg,
  feltPow,
  feltSqrt,
  feltSub,
  modInverse,
  PRIME,
} from './felt.ts';
export { decodeShortString, formatFelt, parseFelt, shortString } from './feltText.ts';
export { hashPairsInto, type PairHash, pedersenBatch, poseidonBatch } from './hashPairs.ts';
export { keccak256, keccak256Batch, keccakF1600 } from './keccak.ts';
export { pedersen, pedersenArray } from './pedersen.ts';
export { PEDERSEN_LOW_BIT_COUNT, PEDERSEN_POINTS } from './pedersenPoints.ts';
export { hadesPermutation, poseidon, poseidonMany } from './poseidon.ts';
export { poseidonRoundConstants } from './poseidonParameters.ts';
export { SHA256_INITIAL_STATE, sha256, sha256Compress } from './sha256.ts';
export { type AffinePoint, STARK_CURVE } from './starkCurve.ts';
export { selectorFromName, starknetKeccak } from './starknetKeccak.ts';
