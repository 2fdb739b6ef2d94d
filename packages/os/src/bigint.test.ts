import { modInverse, PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { digitsOf, fromDigits } from './hints/integers.ts';
import {
  giving,
  inputs,
  outputOf,
  type ReplacedHints,
  succeeds,
  type TestProgram,
} from './testing/runZero.ts';

const R = 1n << 128n;
const EDGES = [
  0n,
  1n,
  (1n << 86n) - 1n,
  1n << 86n,
  R - 1n,
  R,
  1n << 172n,
  (1n << 255n) + 12345n,
  (1n << 256n) - 1n,
];
const imports = [
  'cairo_secp.bigint: BigInt3, bigint_mul, bigint_to_uint256, nondet_bigint3, uint256_to_bigint',
  'uint256: Uint256',
];
const show = 'out(b.d0); out(b.d1); out(b.d2);';

const BOTH: TestProgram = {
  imports,
  body: `${inputs('low', 'high')}\n let (local b: BigInt3) = uint256_to_bigint(Uint256(low, high)); ${show} let (u) = bigint_to_uint256(b); out(u.low); out(u.high);`,
};
const NONDET: TestProgram = {
  imports,
  body: `%{ test.value %}\n let (local b: BigInt3) = nondet_bigint3(); ${show}`,
};
const write =
  (values: readonly bigint[]) =>
  (h: any): void =>
    h.writeAll(
      h.pointer('range_check_ptr'),
      values.map((v) => ((v % PRIME) + PRIME) % PRIME),
    );

describe('integers in limbs of 86 bits', () => {
  const halves = (v: bigint): ReplacedHints => giving({ low: v % R, high: v / R });
  it('become halves of 128 bits and back', () => {
    for (const v of EDGES) expect(outputOf(BOTH, halves(v))).toEqual([...digitsOf(v, 86, 3), v % R, v / R]);
  });
  it('have one form: wrong parts fail', () => {
    const v = (5n << 200n) + (3n << 100n) + 7n;
    const parts = [...digitsOf(v % R, 86, 2), ...digitsOf(v / R, 44, 2)];
    expect(succeeds(BOTH, { ...halves(v), 'cairn.bigint.uint256_parts': write(parts) })).toBe(true);
    for (let i = 0; i < 4; i++)
      for (const d of [1n, -1n, 1n << 86n, R])
        expect(
          succeeds(BOTH, {
            ...halves(v),
            'cairn.bigint.uint256_parts': write(parts.map((p, j) => (i === j ? p + d : p))),
          }),
        ).toBe(false);
    for (const moved of [
      [parts[0]! + (1n << 86n), parts[1]! - 1n, parts[2]!, parts[3]!],
      [parts[0]! - (1n << 86n), parts[1]! + 1n, parts[2]!, parts[3]!],
      [parts[0]!, parts[1]!, parts[2]! + (1n << 44n), parts[3]! - 1n],
    ])
      expect(succeeds(BOTH, { ...halves(v), 'cairn.bigint.uint256_parts': write(moved) })).toBe(false);
  });
  it('of the prover have limbs below 2^86', () => {
    const value = (v: bigint): ReplacedHints => ({ 'test.value': (h) => void h.vars.set('value', v) });
    for (const v of EDGES) expect(fromDigits(outputOf(NONDET, value(v)), 86)).toBe(v);
    for (const limb of [1n << 86n, R - 1n, -1n, PRIME / 2n])
      for (const limbs of [
        [limb, 0n, 0n],
        [0n, limb, 0n],
        [0n, 0n, limb],
      ])
        expect(
          succeeds(NONDET, {
            ...value(0n),
            'cairn.bigint.limbs_to_range_checks': write([...limbs, ...limbs.map((l) => l << 42n)]),
          }),
        ).toBe(false);
  });
  it('of the prover are what their multiples are of', () => {
    const value: ReplacedHints = { 'test.value': (h) => void h.vars.set('value', 0n) };
    const limbs = [5n, 7n, 11n];
    const raised = limbs.map((l) => l << 42n);
    const good = write([...limbs, ...raised]);
    expect(succeeds(NONDET, { ...value, 'cairn.bigint.limbs_to_range_checks': good })).toBe(true);
    const part = modInverse(1n << 42n, PRIME);
    for (let i = 0; i < 3; i++)
      for (const [limb, multiple] of [
        [limbs[i]!, raised[i]! + 1n],
        [limbs[i]! + 1n, raised[i]!],
        // A limb that is no small number.
        [part, 1n],
      ] as const) {
        const at = (values: bigint[], changed: bigint) => values.map((v, j) => (i === j ? changed : v));
        const hint = write([...at(limbs, limb), ...at(raised, multiple)]);
        expect(succeeds(NONDET, { ...value, 'cairn.bigint.limbs_to_range_checks': hint })).toBe(false);
      }
  });
  it('multiply', () => {
    const product: TestProgram = {
      imports,
      body: 'let (r) = bigint_mul(BigInt3(1, 2, 3), BigInt3(5, 7, 11)); out(r.d0); out(r.d1); out(r.d2); out(r.d3); out(r.d4);',
    };
    expect(outputOf(product)).toEqual([5n, 17n, 40n, 43n, 33n]);
  });
});
