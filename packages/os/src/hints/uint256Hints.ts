import type { HintContext } from '@cairn/cairo';
import { integerRoot, RANGE_CHECK_BOUND } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const HALF_BOUND = 1n << 64n;

/** Hints of `uint256.cairo`. */
export const UINT256_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.uint256.low_carry': (h) => h.felt('a.low') + h.felt('b.low') >= RANGE_CHECK_BOUND,
  'cairn.uint256.carry': (h) => (h.uint256('a') + h.uint256('b')) >> 256n,
  'cairn.uint256.split_64': (h) => {
    const a = h.felt('a');
    h.writeAll(h.pointer('range_check_ptr'), [a % HALF_BOUND, a / HALF_BOUND]);
  },
  'cairn.uint256.mul_over': (h) =>
    h.felt('a2') * h.felt('b.high') + h.felt('p4') + h.felt('carry') >= HALF_BOUND * RANGE_CHECK_BOUND,
  'cairn.uint256.root': root,
  'cairn.uint256.half_excess': (h) => excess(h) >> 1n,
  'cairn.uint256.excess_bit': (h) => excess(h) & 1n,
  'cairn.uint256.quotient': (h) => {
    const [a, div] = [h.uint256('a'), h.uint256('div')];
    h.setUint256('quotient', a / div);
    h.setUint256('remainder', a % div);
  },
  'cairn.uint256.product_quotient': (h) => {
    const [product, div] = [h.uint256('a') * h.uint256('b'), h.uint256('div')];
    const quotient = product / div;
    h.setUint256('quotient_low', quotient & ((1n << 256n) - 1n));
    h.setUint256('quotient_high', quotient >> 256n);
    h.setUint256('remainder', product % div);
  },
};

function root(h: HintContext): bigint {
  return integerRoot(h.uint256('n'));
}

function excess(h: HintContext): bigint {
  return h.uint256('n') - root(h) ** 2n;
}
