import { BIGINT_HINTS } from './bigintHints.ts';
import { CURVE_HINTS } from './curveHints.ts';
import { DICT_HINTS } from './dictHints.ts';
import { HASH_HINTS } from './hashHints.ts';
import type { LibraryHint } from './libraryHint.ts';
import { MATH_HINTS } from './mathHints.ts';
import { MEMORY_HINTS } from './memoryHints.ts';
import { PATRICIA_HINTS } from './patriciaHints.ts';
import { SEARCH_HINTS } from './searchHints.ts';
import { SORT_HINTS } from './sortHints.ts';
import { UINT256_HINTS } from './uint256Hints.ts';
import { WEIERSTRASS_HINTS } from './weierstrassHints.ts';

/** Hints of the library by name. */
export const LIBRARY_HINTS: Readonly<Record<string, LibraryHint>> = {
  ...MEMORY_HINTS,
  ...MATH_HINTS,
  ...DICT_HINTS,
  ...SORT_HINTS,
  ...SEARCH_HINTS,
  ...HASH_HINTS,
  ...CURVE_HINTS,
  ...BIGINT_HINTS,
  ...UINT256_HINTS,
  ...WEIERSTRASS_HINTS,
  ...PATRICIA_HINTS,
};
