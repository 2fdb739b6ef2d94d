import { digitsOf } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const LIMB_BITS = 86;
/** A limb stays below 2^128 when it is multiplied by two to this power. */
const RAISED_BITS = 42n;

/** Hints of `cairo_secp/bigint.cairo`. */
export const BIGINT_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.bigint.limbs_to_range_checks': (h) => {
    const limbs = digitsOf(h.local<bigint>('value'), LIMB_BITS, 3);
    h.writeAll(h.pointer('range_check_ptr'), [...limbs, ...limbs.map((limb) => limb << RAISED_BITS)]);
  },
  'cairn.bigint.uint256_parts': (h) =>
    h.writeAll(h.pointer('range_check_ptr'), [
      ...digitsOf(h.felt('x.low'), LIMB_BITS, 2),
      ...digitsOf(h.felt('x.high'), 44, 2),
    ]),
};
