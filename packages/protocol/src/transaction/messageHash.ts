import { bigIntToBytes, bytesToBigInt, concatBytes, type Felt, keccak256 } from '@cairn/primitives';

const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32);

/**
 * Hash under which the L1 core contract stores a message to L2, a 256-bit integer.
 * @see Starknet core contract, `LogMessageToL2`
 */
export function messageToL2Hash(message: {
  fromAddress: bigint;
  toAddress: Felt;
  nonce: Felt;
  selector: Felt;
  payload: readonly Felt[];
}): bigint {
  const { fromAddress, toAddress, nonce, selector, payload } = message;
  return hashWords([fromAddress, toAddress, nonce, selector, BigInt(payload.length), ...payload]);
}

/** Hash under which the L1 core contract stores a message from L2, a 256-bit integer. */
export function messageToL1Hash(message: {
  fromAddress: Felt;
  toAddress: bigint;
  payload: readonly Felt[];
}): bigint {
  const { fromAddress, toAddress, payload } = message;
  return hashWords([fromAddress, toAddress, BigInt(payload.length), ...payload]);
}

function hashWords(words: readonly bigint[]): bigint {
  return bytesToBigInt(keccak256(concatBytes(...words.map(word))));
}
