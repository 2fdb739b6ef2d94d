import { digitsOf } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const LIMB_BITS = 86;

/** Hints of `cairo_secp/bigint.cairo`. */
export const BIGINT_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.bigint.limbs_to_range_checks': (h) =>
    h.writeAll(h.pointer('range_check_ptr'), digitsOf(h.local<bigint>('value'), LIMB_BITS, 3)),
  'cairn.bigint.uint256_parts': (h) =>
    h.writeAll(h.pointer('range_check_ptr'), [
      ...digitsOf(h.felt('x.low'), LIMB_BITS, 2),
      ...digitsOf(h.felt('x.high'), 44, 2),
    ]),
};
