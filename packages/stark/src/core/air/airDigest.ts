import { keccak256 } from '@cairn/primitives';
import type { Air } from './ir.ts';

/**
 * Keccak-256 of everything in the AIR that a verifier evaluates: expression graphs, constraints, look-ups, order and
 * bounds of tables. Left out are the functions that fill columns; the contents of fixed columns are bound by their
 * Merkle cap.
 */
export function airDigest(air: Air): Uint8Array {
  const text = JSON.stringify(air, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    return typeof value === 'function' ? undefined : value;
  });
  return keccak256(new TextEncoder().encode(text));
}
