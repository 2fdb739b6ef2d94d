import { PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { signedFelt } from './hints/integers.ts';
import { giving, inputs, outputOf, type ReplacedHints, runTest, succeeds } from './testing/runZero.ts';

const R = 1n << 128n;
const EDGES = [
  0n,
  1n,
  2n,
  3n,
  255n,
  R - 1n,
  R,
  R + 1n,
  1n << 249n,
  (1n << 250n) - 1n,
  1n << 250n,
  (1n << 251n) - 257n,
  (1n << 251n) - 256n,
  (1n << 251n) - 1n,
  1n << 251n,
  PRIME / 3n,
  PRIME / 2n,
  PRIME / 2n + 1n,
  PRIME - R - 1n,
  PRIME - R,
  PRIME - R + 1n,
  PRIME - 2n,
  PRIME - 1n,
];
const mod = (x: bigint): bigint => ((x % PRIME) + PRIME) % PRIME;

const MATH =
  'assert_250_bit, assert_in_range, assert_is_power_of_2, assert_le, assert_le_felt, assert_lt, assert_lt_felt, assert_nn, assert_nn_le, assert_not_equal, assert_not_nullptr, assert_not_zero, abs_value, horner_eval, is_quad_residue, safe_div, safe_mult, sign, signed_div_rem, split_felt, split_int, sqrt, unsigned_div_rem';
const CMP = 'is_in_range, is_le, is_le_felt, is_nn, is_nn_le, is_not_zero';
const imports = [`math: ${MATH}`, `math_cmp: ${CMP}`, 'registers: get_fp_and_pc'];

/** Felts in a body become inputs, so that bodies of one form are compiled once. */
function prepared(
  body: string,
  replaced?: ReplacedHints,
): [{ imports: string[]; body: string }, ReplacedHints] {
  const values: Record<string, bigint> = {};
  const text = body.replace(/(?<![\w])(?:0x[0-9a-f]+|\d+)(?=[,)])/g, (digits) => {
    const name = `x${Object.keys(values).length}`;
    values[name] = mod(BigInt(digits));
    return name;
  });
  return [
    { imports, body: `${inputs(...Object.keys(values))}\n${text}` },
    { ...giving(values), ...replaced },
  ];
}
const run = (body: string, replaced?: ReplacedHints): bigint[] => outputOf(...prepared(body, replaced));
const holds = (body: string, replaced?: ReplacedHints): boolean => succeeds(...prepared(body, replaced));

describe('assertions of math.cairo', () => {
  const pairs = EDGES.flatMap((a) =>
    [0n, 1n, R - 1n, PRIME / 2n, PRIME - R, PRIME - 1n, a, mod(a + 1n)].map((b) => [a, b] as const),
  );
  const inRange = (x: bigint): boolean => mod(x) < R;
  const UNARY: [string, (a: bigint) => boolean][] = [
    ['assert_not_zero', (a) => a !== 0n],
    ['assert_nn', inRange],
    ['assert_250_bit', (a) => a < 1n << 250n],
  ];
  it.each(UNARY)('%s', (name, model) => {
    for (const a of EDGES) expect(holds(`${name}(${a});`), `${name}(${a})`).toBe(model(a));
  });
  const BINARY: [string, (a: bigint, b: bigint) => boolean][] = [
    ['assert_not_equal', (a, b) => a !== b],
    ['assert_le', (a, b) => inRange(b - a)],
    ['assert_lt', (a, b) => inRange(b - 1n - a)],
    ['assert_nn_le', (a, b) => inRange(a) && inRange(b - a)],
    ['assert_le_felt', (a, b) => a <= b],
    ['assert_lt_felt', (a, b) => a < b],
  ];
  it.each(BINARY)('%s', (name, model) => {
    for (const [a, b] of pairs)
      expect(holds(`${name}(${a}, ${b});`), `${name}(${a}, ${b})`).toBe(model(a, b));
  });
  it('assert_in_range, assert_is_power_of_2', () => {
    expect(holds('assert_in_range(5, 5, 6);')).toBe(true);
    expect(holds('assert_in_range(6, 5, 6);')).toBe(false);
    expect(holds('assert_in_range(4, 5, 6);')).toBe(false);
    expect(holds('assert_is_power_of_2(1, 0);')).toBe(true);
    expect(holds('assert_is_power_of_2(8, 3);')).toBe(true);
    expect(holds('assert_is_power_of_2(8, 2);')).toBe(false);
    expect(holds('assert_is_power_of_2(0, 5);')).toBe(false);
    expect(holds('assert_is_power_of_2(6, 5);')).toBe(false);
  });
});

describe('values of math.cairo and math_cmp.cairo', () => {
  it('split_felt, is_nn, sign-free comparisons at the edges', () => {
    const body = EDGES.map(
      (a) =>
        `let (h, l) = split_felt(${a}); out(h); out(l); let r = is_nn(${a}); out(r); let z = is_not_zero(${a}); out(z);`,
    );
    expect(run(body.join('\n'))).toEqual(
      EDGES.flatMap((a) => [a / R, a % R, a < R ? 1n : 0n, a === 0n ? 0n : 1n]),
    );
  });
  it('is_le, is_nn_le, is_in_range, is_le_felt', () => {
    const pairs = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));
    const body = pairs.map(([a, b]) =>
      run(
        `let r = is_le(${a}, ${b}); out(r); let r = is_nn_le(${a}, ${b}); out(r); let r = is_in_range(${a}, 3, ${b}); out(r); let r = is_le_felt(${a}, ${b}); out(r);`,
      ),
    );
    const bit = (x: boolean): bigint => (x ? 1n : 0n);
    expect(body.flat()).toEqual(
      pairs.flatMap(([a, b]) => [
        bit(mod(b - a) < R),
        bit(a < R && mod(b - a) < R),
        bit(mod(a - 3n) < R && mod(b - 1n - a) < R),
        bit(a <= b),
      ]),
    );
  });
  it('abs_value, sign', () => {
    const near = EDGES.filter((a) => signedFelt(a) < R && signedFelt(a) > -R);
    const body = near.map((a) => `let r = abs_value(${a}); out(r); let r = sign(${a}); out(r);`);
    expect(run(body.join('\n'))).toEqual(
      near.flatMap((a) => {
        const s = signedFelt(a);
        return [s < 0n ? -s : s, mod(s < 0n ? -1n : s > 0n ? 1n : 0n)];
      }),
    );
    for (const a of [R, PRIME - R, PRIME / 2n]) {
      expect(holds(`abs_value(${a});`)).toBe(false);
      expect(holds(`sign(${a});`)).toBe(false);
    }
  });
  const MAX_DIV = (PRIME - 1n) / R;
  it('unsigned_div_rem', () => {
    for (const [a, d] of [
      [0n, 1n],
      [7n, 7n],
      [R - 1n, 1n],
      [(1n << 200n) + 5n, 1n << 80n],
      [PRIME - 1n, MAX_DIV],
      [MAX_DIV * R - 1n, MAX_DIV],
    ] as const) {
      const fits = a / d < R;
      expect(holds(`unsigned_div_rem(${a}, ${d});`)).toBe(fits);
      if (fits)
        expect(run(`let (q, r) = unsigned_div_rem(${a}, ${d}); out(q); out(r);`)).toEqual([a / d, a % d]);
    }
    for (const d of [0n, MAX_DIV + 1n, PRIME - 1n, R])
      expect(holds(`unsigned_div_rem(10, ${d});`)).toBe(false);
  });
  it('signed_div_rem', () => {
    const model = (v: bigint, d: bigint): [bigint, bigint] => {
      const r = ((v % d) + d) % d;
      return [(v - r) / d, r];
    };
    for (const [v, d, b] of [
      [-5n, 3n, 10n],
      [-30n, 3n, 10n],
      [29n, 3n, 10n],
      [0n, 1n, 1n],
      [-1n, 1n, 1n],
    ] as const) {
      const [q, r] = model(v, d);
      expect(run(`let (q, r) = signed_div_rem(${mod(v)}, ${d}, ${b}); out(q); out(r);`)).toEqual([mod(q), r]);
    }
    for (const [v, d, b] of [
      [-31n, 3n, 10n],
      [30n, 3n, 10n],
      [1n, 1n, 1n],
      [5n, 0n, 9n],
      [5n, 1n, (R >> 1n) + 1n],
      [5n, MAX_DIV + 1n, 9n],
    ] as const)
      expect(holds(`signed_div_rem(${mod(v)}, ${d}, ${b});`)).toBe(false);
  });
  it('safe_div, safe_mult, horner_eval, split_int, sqrt, is_quad_residue', () => {
    expect(run('let r = safe_div(12, 4); out(r); let r = safe_mult(3, 5); out(r);')).toEqual([3n, 15n]);
    expect(holds('safe_div(13, 4);')).toBe(false);
    expect(holds(`safe_div(0, 0);`)).toBe(false);
    expect(holds(`safe_mult(${R}, 1);`)).toBe(false);
    expect(holds(`safe_mult(1, ${MAX_DIV + 1n});`)).toBe(false);
    expect(
      run(
        'tempvar c = new (1 + 0, 2, 3, 4 + 0); let d = cast(c, felt*); let (r) = horner_eval(4, d, 10); out(r); let (r) = horner_eval(0, d, 10); out(r);',
      ),
    ).toEqual([4321n, 0n]);
    expect(
      run(
        'let (__fp__, _) = get_fp_and_pc(); local a; local b; local c; let (__fp__, _) = get_fp_and_pc(); split_int(0x123456, 3, 256, 256, &a); out(a); out(b); out(c);',
      ).slice(0, 3),
    ).toEqual([0x56n, 0x34n, 0x12n]);
    expect(
      holds('let (__fp__, _) = get_fp_and_pc(); local a; local b; split_int(0x123456, 2, 256, 256, &a);'),
    ).toBe(false);
    const roots = [
      0n,
      1n,
      2n,
      3n,
      4n,
      R,
      (R * R) / 128n,
      (1n << 250n) - 1n,
      (1n << 125n) ** 2n - (1n << 126n) + 1n,
    ];
    expect(
      run(roots.map((v) => `let r = sqrt(${v}); out(r);`).join('\n')).every(
        (r, i) => r * r <= roots[i]! && roots[i]! < (r + 1n) ** 2n,
      ),
    ).toBe(true);
    for (const v of [1n << 250n, PRIME - 1n]) expect(holds(`sqrt(${v});`)).toBe(false);
    expect(
      run(
        'let r = is_quad_residue(0); out(r); let r = is_quad_residue(4); out(r); let r = is_quad_residue(3); out(r); let r = is_quad_residue(12); out(r);',
      ),
    ).toEqual([1n, 1n, 0n, 0n]);
  });
});

describe('wrong hints of math', () => {
  const write =
    (...values: bigint[]) =>
    (h: any): void =>
      h.writeAll(h.pointer('range_check_ptr'), values.map(mod));
  it('cannot move the halves of a felt', () => {
    const name = 'cairn.math.halves_to_range_checks';
    for (const v of [0n, 5n, R, PRIME - 1n]) {
      const [hi, lo] = [v / R, v % R];
      for (const [l, u] of [
        [lo + 1n, hi],
        [lo, hi + 1n],
        [lo + R, hi - 1n],
        [lo - R, hi + 1n],
        [(v + PRIME) % R, (v + PRIME) / R],
        [hi, lo],
      ]) {
        if (l === lo && u === hi) continue;
        expect(holds(`split_felt(${v});`, { [name]: write(l!, u!) })).toBe(false);
      }
    }
    const over = (1n << 250n) + 3n;
    expect(
      holds(`assert_250_bit(${over});`, { [name]: write(over - ((1n << 122n) - 1n) * R, (1n << 122n) - 1n) }),
    ).toBe(false);
  });
  it('cannot prove a false order of felts', () => {
    const SHORT = 0x2aaaaaaaaaaaab05555555555555555n;
    const LONG = 0x4000000000000088000000000000000n;
    const split = (v: bigint, w: bigint): bigint[] => [
      v - (v / w < R ? v / w : R - 1n) * w,
      v / w < R ? v / w : R - 1n,
    ];
    for (const [a, b] of [
      [1n, 0n],
      [PRIME - 1n, 0n],
      [PRIME / 2n, PRIME / 2n - 1n],
      [PRIME - 1n, PRIME - 2n],
      [R, 1n],
    ] as const) {
      const lengths = [a, mod(b - a), PRIME - 1n - b];
      for (const [i, j] of [
        [0, 1],
        [1, 0],
        [0, 2],
        [2, 0],
        [1, 2],
        [2, 1],
      ] as const)
        for (const last of [0, 1])
          for (const swapped of [0, 1])
            for (const gap of [0, 1])
              expect(
                holds(`assert_le_felt(${a}, ${b});`, {
                  'cairn.math.le_felt_arcs': write(...split(lengths[i]!, SHORT), ...split(lengths[j]!, LONG)),
                  'cairn.math.le_felt_shows_last_arc': () => last,
                  'cairn.math.le_felt_is_swapped': () => swapped,
                  'cairn.math.le_felt_shows_gap': () => gap,
                }),
              ).toBe(false);
    }
  });
  it('cannot turn comparisons around', () => {
    for (const v of EDGES)
      for (const outside of [0, 1])
        for (const far of [0, 1]) {
          const replaced = {
            'cairn.math_cmp.is_outside': () => outside,
            'cairn.math_cmp.is_far': () => far,
            'cairn.math_cmp.far_to_range_checks': (h: any) => {
              const t = mod(v - R);
              const w = 0x800000000000010fffffffffffffffen;
              const u = t / w < R ? t / w : R - 1n;
              write(t - u * w, u)(h);
            },
          };
          if (holds(`is_nn(${v});`, replaced))
            expect(run(`let r = is_nn(${v}); out(r);`, replaced)).toEqual([v < R ? 1n : 0n]);
        }
    for (const [a, b] of [
      [0n, 1n],
      [1n, 0n],
      [5n, 5n],
      [PRIME - 1n, 0n],
    ] as const)
      expect(holds(`is_le_felt(${a}, ${b});`, { 'cairn.math_cmp.is_greater_felt': () => a <= b })).toBe(
        false,
      );
    for (const v of [5n, PRIME - 5n]) {
      const replaced = { 'cairn.math.is_negative': () => signedFelt(v) > 0n };
      expect(holds(`abs_value(${v});`, replaced)).toBe(false);
      expect(holds(`sign(${v});`, replaced)).toBe(false);
    }
  });
  it('cannot change quotients', () => {
    for (const [r, q] of [
      [1n, 3n],
      [4n, 2n],
      [-3n, 4n],
      [1n + PRIME, 3n],
      [1n, 3n + R],
      [1n - 3n * 3n, 6n],
    ] as const)
      if (r !== 1n || q !== 3n)
        for (const d of [3n])
          if (mod(r) !== 1n || mod(q) !== 3n)
            expect(
              holds(`unsigned_div_rem(10, ${d});`, { 'cairn.math.quotient_to_range_checks': write(r, q) }),
              `${r} ${q}`,
            ).toBe(false);
    // 10 + P, divided by a large divisor that is out of bounds.
    const d = R - 1n;
    const wrapped = 10n + PRIME;
    expect(
      holds(`unsigned_div_rem(10, ${d});`, {
        'cairn.math.quotient_to_range_checks': write(wrapped % d, wrapped / d),
      }),
    ).toBe(false);
    expect(
      holds('signed_div_rem(10, 3, 100);', { 'cairn.math.signed_quotient_to_range_checks': write(4n, 102n) }),
    ).toBe(false);
    expect(
      holds('signed_div_rem(10, 3, 100);', {
        'cairn.math.signed_quotient_to_range_checks': write(-2n, 104n),
      }),
    ).toBe(false);
  });
  it('cannot change limbs, roots and residues', () => {
    const limbs = (...values: bigint[]) => ({
      'cairn.math.limbs_to_output': (h: any) => h.writeAll(h.pointer('output'), values.map(mod)),
    });
    for (const wrong of [
      [0x57n, 0x34n],
      [0x156n, 0x33n],
      [0x34n, 0x56n],
      [-1n, 0n],
      [0x3456n, 0n],
    ])
      expect(
        holds(
          'let (__fp__, _) = get_fp_and_pc(); local a; local b; split_int(0x3456, 2, 256, 256, &a);',
          limbs(...wrong),
        ),
      ).toBe(false);
    for (const root of [3n, 5n, -4n, 4n + R, 1n << 126n])
      expect(holds('sqrt(17);', { 'cairn.math.root_to_range_check': write(root) })).toBe(false);
    expect(holds('sqrt(16);', { 'cairn.math.root_to_range_check': write(3n) })).toBe(false);
    expect(holds('is_quad_residue(4);', { 'cairn.math.is_square': () => 0 })).toBe(false);
    expect(holds('is_quad_residue(3);', { 'cairn.math.is_square': () => 1 })).toBe(false);
    expect(holds('is_quad_residue(0);', { 'cairn.math.is_square': () => 0 })).toBe(false);
    expect(holds('is_quad_residue(4);', { 'cairn.math.square_root': () => 3n })).toBe(false);
  });
});

it.each([
  ['assert_nn(3)', 6],
  ['assert_le(1, 3)', 8],
  ['assert_250_bit(5)', 11],
  ['assert_le_felt(1, 5)', 19],
  ['is_nn(5)', 9],
  [`is_nn(${PRIME - 3n})`, 12],
  [`is_nn(${1n << 200n})`, 13],
  ['is_le_felt(3, 4)', 27],
])('%s takes at most %i steps', (call, most) => {
  const steps = (body: string): number => runTest({ imports, body }).resources.steps;
  expect(steps(`${call};`) - steps('')).toBeLessThanOrEqual(most);
});
