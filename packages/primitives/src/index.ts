export { bigIntToBytes, bytesToBigInt, bytesToHex, concatBytes, hexToBytes } from './bytes.ts';
export { CairnError, hasCode, invariant } from './cairnError.ts';
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
