import { modInverse } from '@cairn/primitives';
import type { HintContext } from '../hintContext.ts';
import { isqrt, mod, modPow } from './integers.ts';

const LIMB_BITS = 128n;
const MASK = (1n << LIMB_BITS) - 1n;
/** Member names of an integer of two limbs; wider ones count: d0, d1, … */
const TWO_LIMBS = ['low', 'high'];

function limbNames(count: number): readonly string[] {
  return count === 2 ? TWO_LIMBS : Array.from({ length: count }, (_, i) => `d${i}`);
}

/** The integer in a struct of `count` limbs of 128 bits. */
function pack(h: HintContext, path: string, count: number): bigint {
  return limbNames(count).reduceRight((sum, name) => (sum << LIMB_BITS) + h.felt(`${path}.${name}`), 0n);
}

function split(h: HintContext, path: string, count: number, value: bigint): void {
  for (const [i, name] of limbNames(count).entries())
    h.set(`${path}.${name}`, (value >> (LIMB_BITS * BigInt(i))) & MASK);
}

function divide(
  h: HintContext,
  dividend: string,
  dividendLimbs: number,
  divisorLimbs: number,
  restLimbs: number,
): void {
  const a = pack(h, dividend, dividendLimbs);
  const b = pack(h, 'div', divisorLimbs);
  h.assert(b !== 0n, 'division by zero');
  split(h, 'quotient', dividendLimbs, a / b);
  split(h, 'remainder', restLimbs, a % b);
}

/** Which of x and generator·x is a square modulo p, and their roots; 0 for the one without. */
function roots(h: HintContext, count: number): void {
  const [generator, x, p] = [pack(h, 'generator', count), pack(h, 'x', count), pack(h, 'p', count)];
  const [root, generatorRoot] = [sqrtMod(x, p), sqrtMod(generator * x, p)];
  h.assert(
    x === 0n || (root === undefined) !== (generatorRoot === undefined),
    'exactly one of x and generator·x must be a square',
  );
  h.set('success_x', root !== undefined);
  h.set('success_gx', generatorRoot !== undefined);
  split(h, 'sqrt_x', count, root ?? 0n);
  split(h, 'sqrt_gx', count, generatorRoot ?? 0n);
}

/** The smaller square root modulo an odd prime, undefined when there is none (Tonelli and Shanks). */
function sqrtMod(n: bigint, p: bigint): bigint | undefined {
  const a = mod(n, p);
  if (a === 0n) return 0n;
  if (modPow(a, (p - 1n) / 2n, p) !== 1n) return undefined;
  let odd = p - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  let nonSquare = 2n;
  while (modPow(nonSquare, (p - 1n) / 2n, p) === 1n) nonSquare++;
  let c = modPow(nonSquare, odd, p);
  let t = modPow(a, odd, p);
  let root = modPow(a, (odd + 1n) / 2n, p);
  for (let left = twos; t !== 1n; ) {
    let order = 0;
    for (let power = t; power !== 1n; order++) power = (power * power) % p;
    const factor = modPow(c, 1n << BigInt(left - order - 1), p);
    left = order;
    c = (factor * factor) % p;
    t = (t * c) % p;
    root = (root * factor) % p;
  }
  return root < p - root ? root : p - root;
}

/** Hints of integers of 384 and 768 bits, and of prime fields on them. */
export const LIMB_HINTS = {
  uint512DivRem: (h: HintContext) => divide(h, 'x', 4, 2, 2),
  uint768DivRem: (h: HintContext) => divide(h, 'a', 6, 3, 3),
  uint384DivRem: (h: HintContext) => divide(h, 'a', 3, 3, 3),
  uint256AddLow: (h: HintContext) => h.set('carry_low', h.felt('a.low') + h.felt('b.low') >= h.felt('SHIFT')),
  uint384Add: (h: HintContext) => {
    let carry = 0n;
    for (const limb of limbNames(3)) {
      carry = h.felt(`a.${limb}`) + h.felt(`b.${limb}`) + carry >= h.felt('SHIFT') ? 1n : 0n;
      h.set(`carry_${limb}`, carry);
    }
  },
  uint384SignedNn: (h: HintContext) => h.setAp(h.felt('a.d2') < 1n << 127n),
  uint384Sqrt: (h: HintContext) => split(h, 'root', 3, isqrt(pack(h, 'a', 3))),
  uint384SubMod: (h: HintContext) =>
    split(h, 'res', 3, mod(pack(h, 'a', 3) - pack(h, 'b', 3), pack(h, 'p', 3))),
  inverseModUint256: (h: HintContext) => inverse(h, 2),
  inverseModUint384: (h: HintContext) => inverse(h, 3),
  rootsUint256: (h: HintContext) => roots(h, 2),
  rootsUint384: (h: HintContext) => roots(h, 3),
};

function inverse(h: HintContext, count: number): void {
  split(h, 'b_inverse_mod_p', count, modInverse(pack(h, 'b', count), pack(h, 'p', count)));
}
