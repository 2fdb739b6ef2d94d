import type { HintContext } from './hintContext.ts';
import { DICT_HINTS } from './library/dict.ts';
import { HASH_HINTS } from './library/hashes.ts';
import { LIMB_HINTS } from './library/limbs.ts';
import { MATH_HINTS } from './library/math.ts';
import { MEMORY_HINTS } from './library/memory.ts';
import { MODULAR_HINTS } from './library/modular.ts';
import { SECP_HINTS } from './library/secp.ts';
import { SIGNATURE_HINTS } from './library/signature.ts';
import { UINT_HINTS } from './library/uint.ts';

/** What the hints of the Cairo Zero common library do, by our names for them. */
export const LIBRARY_HINTS = {
  ...MATH_HINTS,
  ...MEMORY_HINTS,
  ...UINT_HINTS,
  ...LIMB_HINTS,
  ...DICT_HINTS,
  ...SECP_HINTS,
  ...HASH_HINTS,
  ...SIGNATURE_HINTS,
  ...MODULAR_HINTS,
} satisfies Record<string, (h: HintContext) => void>;

export type LibraryHintName = keyof typeof LIBRARY_HINTS;
