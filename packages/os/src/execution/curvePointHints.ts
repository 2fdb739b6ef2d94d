import { type HintContext, MODULAR_HINTS, type Relocatable } from '@cairn/cairo';
import { modPow } from '../hints/integers.ts';
import type { LibraryHint } from '../hints/libraryHint.ts';

/** Cells of a number, of 96 bits each. */
const LIMBS = 4;
const LIMB_BITS = 96n;
const SCALAR = 'cairn.scalar';

/** How `check_sum` of `curve_points.cairo` names two points. */
const RELATION = { differentX: 1, equal: 2, opposite: 3 } as const;

/** Hints of `curve_points.cairo` and `curve_syscalls.cairo`. */
export const CURVE_POINT_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.execution.fill_gates': MODULAR_HINTS.fillModularBuiltins,
  'cairn.execution.points_relation': (h) => {
    const p = number(h, h.pointer('curve'));
    const [first, second] = [h.pointer('first'), h.pointer('second')].map((point) => ({
      x: number(h, point) % p,
      y: number(h, point, 1) % p,
    })) as [Coordinates, Coordinates];
    if (first.x !== second.x) return RELATION.differentX;
    return first.y === second.y ? RELATION.equal : RELATION.opposite;
  },
  'cairn.execution.begin_scalar_high': (h) => void h.vars.set(SCALAR, h.felt('request.scalar.high')),
  'cairn.execution.begin_scalar_low': (h) => void h.vars.set(SCALAR, h.felt('request.scalar.low')),
  'cairn.execution.scalar_bit': (h) => (h.local<bigint>(SCALAR) >> (h.felt('left') - 1n)) & 1n,
  'cairn.execution.is_a_less': (h) => h.felt('a') < h.felt('b'),
  'cairn.execution.number_parts': (h) =>
    h.writeAll(h.pointer('range_check_ptr'), [
      h.felt('number.low') >> LIMB_BITS,
      h.felt('number.high') & ((1n << 64n) - 1n),
    ]),
  'cairn.execution.curve_root': (h) => {
    const curve = h.pointer('curve');
    const [p, a, b] = [number(h, curve), number(h, curve, 1), number(h, curve, 2)];
    const x = h.uint256('request.x');
    const rightSide = (x ** 3n + a * x + b) % p;
    const root = modPow(rightSide, (p + 1n) / 4n, p);
    // Where there is no root, this is one of the negative.
    const isOther = root ** 2n % p === rightSide && (root & 1n) !== h.felt('request.is_odd');
    h.setUint256('y', isOther ? p - root : root);
  },
};

interface Coordinates {
  x: bigint;
  y: bigint;
}

/** The number at a place of a list of numbers. */
function number(h: HintContext, list: Relocatable, index = 0): bigint {
  const start = { segment: list.segment, offset: list.offset + LIMBS * index };
  return h.memory.readFelts(start, LIMBS).reduceRight((value, limb) => (value << LIMB_BITS) + limb, 0n);
}
