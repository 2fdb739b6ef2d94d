import type { Felt } from '@cairn/primitives';
import { LIMB_COUNT } from '../air/valueForm.ts';

/** The felt as 28 limbs of 9 bits. */
export function feltLimbs(value: Felt): number[] {
  return Array.from({ length: LIMB_COUNT }, (_, i) => Number((value >> BigInt(9 * i)) & 511n));
}
