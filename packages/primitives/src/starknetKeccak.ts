import { bytesToBigInt } from './bytes.ts';
import type { Felt } from './felt.ts';
import { keccak256 } from './keccak.ts';

const MASK_250 = (1n << 250n) - 1n;

/** The low 250 bits of Keccak-256. @see Starknet book, "Starknet keccak" */
export function starknetKeccak(bytes: Uint8Array): Felt {
  return bytesToBigInt(keccak256(bytes)) & MASK_250;
}

/** Selector of an entry point: starknetKeccak of its UTF-8 name, and 0 for `__default__` and `__l1_default__`. */
export function selectorFromName(name: string): Felt {
  if (name === '__default__' || name === '__l1_default__') return 0n;
  return starknetKeccak(new TextEncoder().encode(name));
}
