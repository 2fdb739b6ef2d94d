import { modInverse } from '@cairn/primitives';
import type { HintContext } from '../hintContext.ts';
import { isqrt, mod, modPow } from './integers.ts';

const MASK_128 = (1n << 128n) - 1n;
const MASK_64 = (1n << 64n) - 1n;

/** Hints of `uint256.cairo` and of wider integers. */
export const UINT_HINTS = {
  uint256Add: (h: HintContext) => {
    const shift = h.felt('SHIFT');
    const carryLow = h.felt('a.low') + h.felt('b.low') >= shift ? 1n : 0n;
    h.set('carry_low', carryLow);
    h.set('carry_high', h.felt('a.high') + h.felt('b.high') + carryLow >= shift);
  },
  uint128Add: (h: HintContext) => h.set('carry', h.felt('a') + h.felt('b') >= h.felt('SHIFT')),
  uint256Sub: (h: HintContext) => h.setUint256('res', mod(h.uint256('a') - h.uint256('b'), 1n << 256n)),
  split64: (h: HintContext) => {
    h.set('low', h.felt('a') & MASK_64);
    h.set('high', h.felt('a') >> 64n);
  },
  split128: (h: HintContext) => {
    h.set('low', h.felt('a') & MASK_128);
    h.set('high', h.felt('a') >> 128n);
  },
  uint256Sqrt: (h: HintContext) => h.setUint256('root', isqrt(h.uint256('n'))),
  uint256SqrtFelt: (h: HintContext) => h.set('root', isqrt(h.uint256('n'))),
  uint256SignedNn: (h: HintContext) => h.setAp(h.felt('a.high') < 1n << 127n),
  uint256DivRem: (h: HintContext) => divRem(h, h.uint256('div')),
  uint256DivRemExpanded: (h: HintContext) => divRem(h, h.uint256('div', 'b01', 'b23')),
  uint256MulDivMod: (h: HintContext) => {
    const div = h.uint256('div');
    const product = h.uint256('a') * h.uint256('b');
    const quotient = product / div;
    h.setUint256('quotient_low', quotient & ((1n << 256n) - 1n));
    h.setUint256('quotient_high', quotient >> 256n);
    h.setUint256('remainder', product % div);
  },
  inverseModUint512: (h: HintContext) => {
    const x = ['d0', 'd1', 'd2', 'd3'].reduce(
      (sum, limb, i) => sum + (h.felt(`x.${limb}`) << BigInt(128 * i)),
      0n,
    );
    h.setUint256('x_inverse_mod_p', modInverse(x, h.uint256('p')));
  },
  ed25519Sqrt: (h: HintContext) => {
    const prime = 2n ** 255n - 19n;
    const square = h.uint256('xx');
    let x = modPow(square, (prime + 3n) / 8n, prime);
    if (mod(x * x - square, prime) !== 0n) x = (x * modPow(2n, (prime - 1n) / 4n, prime)) % prime;
    h.setUint256('x', x % 2n === 0n ? x : prime - x);
  },
};

function divRem(h: HintContext, div: bigint): void {
  const a = h.uint256('a');
  h.assert(div !== 0n, 'division by zero');
  h.setUint256('quotient', a / div);
  h.setUint256('remainder', a % div);
}
