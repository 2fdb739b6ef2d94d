import { BLAKE2S_256_INITIAL_STATE, BLAKE2S_IV, BLAKE2S_LANES, BLAKE2S_SIGMA } from '@cairn/primitives';
import { anyM31, bit, type ColumnType, checkedElsewhere } from '../core/air/columnType.ts';
import { defineAir, type TableBuilder } from '../core/air/defineAir.ts';
import type { ColumnExpr, Expr } from '../core/air/expr.ts';
import type { Air } from '../core/air/ir.ts';
import type { TraceInput } from '../prover/trace.ts';

// Blake2s-256 of a message of whole blocks: one table row per mixing function G, one per block. A 32-bit word is eight
// 4-bit digits where it is xored, two 16-bit halves where it is added or travels over a bus. @see RFC 7693

const WORDS = Array.from({ length: 8 }, (_, i) => i);
const DIGITS = WORDS;
const HALF_ROUNDS = 20;

/** Half round, slots of a, b, c, d, and the two message words, of each of the 80 calls of G. */
const SCHEDULE = Array.from({ length: 4 * HALF_ROUNDS }, (_, step) => {
  const half = Math.floor(step / 4);
  const lane = (half % 2) * 4 + (step % 4);
  const order = BLAKE2S_SIGMA[Math.floor(half / 2)]!;
  return [half, ...BLAKE2S_LANES[lane]!, order[2 * lane]!, order[2 * lane + 1]!];
});
const SCHEDULE_FIELDS = ['half round', 'a', 'b', 'c', 'd', 'first word', 'second word'];

const rotateRight = (word: number, by: number) => ((word >>> by) | (word << (32 - by))) >>> 0;
const digitOf = (word: number, k: number) => (word >>> (4 * k)) & 15;
const wordOfDigits = (digits: readonly number[]) =>
  digits.reduce((n, digit, k) => (n | (digit << (4 * k))) >>> 0, 0);
const wordOfHalves = ([low, high]: readonly number[]) => (low! | (high! << 16)) >>> 0;

/** A word as the language sees it. */
interface WordExpr {
  readonly low: Expr;
  readonly high: Expr;
}

interface DigitWord extends WordExpr {
  readonly digits: readonly Expr[];
}

function ofDigits(digits: readonly Expr[]): DigitWord {
  const half = (from: number) =>
    digits.slice(from, from + 4).reduce((sum, digit, k) => sum.add(digit.mul(16 ** k)));
  return { digits, low: half(0), high: half(4) };
}

/** The word rotated right by so many digits. */
function rotatedDigits(digits: readonly Expr[], by: number): DigitWord {
  return ofDigits(DIGITS.map((k) => digits[(k + by) % 8]!));
}

function mixingTable(
  t: TableBuilder,
  types: { digit: ColumnType; u16: ColumnType; u3: ColumnType },
  lookup: {
    schedule: Parameters<TableBuilder['use']>[1];
    xor: Parameters<TableBuilder['use']>[1];
    word: Parameters<TableBuilder['use']>[1];
    message: Parameters<TableBuilder['use']>[1];
  },
): void {
  const block = t.free('block', anyM31, { reason: 'bound by the bus of words' });
  const schedule = SCHEDULE_FIELDS.map((name) => t.free(name, anyM31, { reason: 'bound by the schedule' }));
  t.use('scheduled', lookup.schedule, schedule);
  const halves = (name: string, reason: string) =>
    ['low', 'high'].map((half) => t.free(`${name} ${half}`, types.u16, { reason }));
  const digits = (name: string) =>
    DIGITS.map((k) => t.free(`${name} ${k}`, types.digit, { reason: 'bound by the bus of words' }));
  const [a, c] = [halves('a', 'bound by the bus of words'), halves('c', 'bound by the bus of words')];
  const [m0, m1] = [
    halves('m0', 'bound by the bus of messages'),
    halves('m1', 'bound by the bus of messages'),
  ];
  const [b, d] = [digits('b'), digits('d')];
  const inputs = [...a, ...c, ...m0, ...m1, ...b, ...d];
  const [half, sa, sb, sc, sd, i0, i1] = [0, 1, 2, 3, 4, 5, 6].map((i): Expr => schedule[i]!) as [
    Expr,
    Expr,
    Expr,
    Expr,
    Expr,
    Expr,
    Expr,
  ];

  /** All words of the mixing function from a row's inputs. */
  const trace = (v: readonly number[]) => {
    const add = (...terms: number[]) => terms.reduce((x, y) => (x + y) >>> 0);
    const [A, C, M0, M1] = [0, 2, 4, 6].map((i) => wordOfHalves(v.slice(i, i + 2))) as [
      number,
      number,
      number,
      number,
    ];
    const [B, D] = [wordOfDigits(v.slice(8, 16)), wordOfDigits(v.slice(16, 24))];
    const a1 = add(A, B, M0);
    const x1 = (D ^ a1) >>> 0;
    const d1 = rotateRight(x1, 16);
    const c1 = add(C, d1);
    const x2 = (B ^ c1) >>> 0;
    const b1 = rotateRight(x2, 12);
    const a2 = add(a1, b1, M1);
    const x3 = (d1 ^ a2) >>> 0;
    const d2 = rotateRight(x3, 8);
    const c2 = add(c1, d2);
    return { A, B, C, M0, M1, a1, x1, d1, c1, x2, b1, a2, x3, d2, c2, x4: (b1 ^ c2) >>> 0 };
  };
  type Words = ReturnType<typeof trace>;
  const deducedDigits = (
    name: (k: number) => string,
    type: ColumnType,
    word: (w: Words) => number,
    part: (digit: number) => number,
  ) =>
    t.deducedTogether(
      DIGITS.map((k) => ({ name: name(k), type })),
      inputs,
      (v) => {
        const value = word(trace(v));
        return DIGITS.map((k) => part(digitOf(value, k)));
      },
    );
  const deduced = (name: string, word: (w: Words) => number) =>
    deducedDigits(
      (k) => `${name} ${k}`,
      types.digit,
      word,
      (digit) => digit,
    );
  const trit: ColumnType = checkedElsewhere({ ...bit, name: 'trit', max: 2n }, 'a constraint of its own');
  const sum = (
    name: string,
    terms: readonly WordExpr[],
    result: DigitWord,
    parts: (w: Words) => number[],
  ) => {
    const type = terms.length === 3 ? trit : bit;
    const [low, high] = t.deducedTogether(
      ['low', 'high'].map((which) => ({ name: `${name} carry ${which}`, type })),
      inputs,
      (v) => {
        const words = parts(trace(v));
        const carry = Math.floor(words.reduce((n, w) => n + (w & 0xffff), 0) / 65536);
        return [carry, Math.floor(words.reduce((n, w) => n + (w >>> 16), carry) / 65536)];
      },
    ) as [ColumnExpr, ColumnExpr];
    for (const [which, carry] of [
      ['low', low],
      ['high', high],
    ] as const) {
      if (type === trit)
        t.assertZero(`${name} carry ${which} is a trit`, carry.mul(carry.sub(1)).mul(carry.sub(2)));
    }
    const total = (key: 'low' | 'high') => terms.map((term) => term[key]).reduce((x, y) => x.add(y));
    t.intEq(`${name} low`, total('low'), result.low.add(low.mul(65536)));
    t.intEq(`${name} high`, total('high').add(low), result.high.add(high.mul(65536)));
  };
  const xor = (name: string, x: readonly Expr[], y: readonly Expr[], z: readonly Expr[]) => {
    for (const k of DIGITS) t.use(`${name} ${k}`, lookup.xor, [x[k]!, y[k]!, z[k]!]);
  };
  const word = ([low, high]: readonly Expr[]): WordExpr => ({ low: low!, high: high! });

  const a1 = ofDigits(deduced('a1', (w) => w.a1));
  sum('a1', [word(a), ofDigits(b), word(m0)], a1, (w) => [w.A, w.B, w.M0]);
  const x1 = deduced('x1', (w) => w.x1);
  xor('d ^ a1', d, a1.digits, x1);
  const d1 = rotatedDigits(x1, 4);
  const c1 = ofDigits(deduced('c1', (w) => w.c1));
  sum('c1', [word(c), d1], c1, (w) => [w.C, w.d1]);
  const x2 = deduced('x2', (w) => w.x2);
  xor('b ^ c1', b, c1.digits, x2);
  const b1 = rotatedDigits(x2, 3);
  const a2 = ofDigits(deduced('a2', (w) => w.a2));
  sum('a2', [a1, b1, word(m1)], a2, (w) => [w.a1, w.b1, w.M1]);
  const x3 = deduced('x3', (w) => w.x3);
  xor('d1 ^ a2', d1.digits, a2.digits, x3);
  const d2 = rotatedDigits(x3, 2);
  const c2 = ofDigits(deduced('c2', (w) => w.c2));
  sum('c2', [c1, d2], c2, (w) => [w.c1, w.d2]);
  // The last rotation, by 7, cuts digits: each is three low bits and a high one.
  const x4 = (w: Words) => w.x4;
  const low3 = deducedDigits(
    (k) => `x4 ${k} low`,
    types.u3,
    x4,
    (digit) => digit & 7,
  );
  const top = deducedDigits(
    (k) => `x4 ${k} top`,
    bit,
    x4,
    (digit) => digit >> 3,
  );
  xor(
    'b1 ^ c2',
    b1.digits,
    c2.digits,
    DIGITS.map((k) => low3[k]!.add(top[k]!.mul(8))),
  );
  const b2 = ofDigits(DIGITS.map((k) => top[(k + 1) % 8]!.add(low3[(k + 2) % 8]!.mul(2))));

  const chained = (name: string, slot: Expr, from: WordExpr, to: WordExpr) =>
    t.chain(
      name,
      lookup.word,
      [block, half, slot, from.low, from.high],
      [block, half.add(1), slot, to.low, to.high],
    );
  chained('a', sa, word(a), a2);
  chained('b', sb, ofDigits(b), b2);
  chained('c', sc, word(c), c2);
  chained('d', sd, ofDigits(d), d2);
  t.use('m0', lookup.message, [block, i0, ...m0]);
  t.use('m1', lookup.message, [block, i1, ...m1]);
}

/** The statement: there is a message of `blocks` whole blocks whose Blake2s-256 has these sixteen 16-bit halves. */
export const blake2sAir: Air = defineAir('blake2s', (a) => {
  const blocks = a.publicCell('blocks');
  const digest = Array.from({ length: 16 }, (_, i) => a.publicCell(`digest half ${i}`));
  const u3 = a.rangeType('u3', 3);
  const digit = checkedElsewhere(
    { name: 'u4', min: 0n, max: 15n, enforcement: { kind: 'none' } },
    'an xor look-up',
  );
  const u16 = checkedElsewhere(
    { name: 'u16', min: 0n, max: 65535n, enforcement: { kind: 'none' } },
    'the bus it comes from',
  );
  const xor = a.bus('xor', ['x', 'y', 'x ^ y']);
  const schedule = a.bus('schedule', SCHEDULE_FIELDS);
  const word = a.bus('word', ['block', 'half round', 'slot', 'low', 'high']);
  const message = a.bus('message', ['block', 'index', 'low', 'high']);
  const chaining = a.bus('chaining', ['block', 'done', ...digest.map((_, i) => `half ${i}`)]);
  const start = [...BLAKE2S_256_INITIAL_STATE].flatMap((value) => [value & 0xffff, value >>> 16]);
  a.publicYield('start', chaining, [0, 0, ...start]);
  a.publicUse('end', chaining, [blocks, 1, ...digest]);

  a.table('xor', { logHeight: 8, padding: 'none' }, (t) => {
    const [x, y] = [t.fixed('x', anyM31, (row) => row & 15), t.fixed('y', anyM31, (row) => row >> 4)];
    const z = t.fixed('x ^ y', anyM31, (row) => (row & 15) ^ (row >> 4));
    t.yield('xor', xor, [x, y, z], t.multiplicity('uses'));
  });
  a.table('schedule', { logHeight: 7, padding: 'none' }, (t) => {
    const fields = SCHEDULE_FIELDS.map((name, i) =>
      t.fixed(name, anyM31, (row) => SCHEDULE[Math.min(row, SCHEDULE.length - 1)]![i]!),
    );
    t.yield('step', schedule, fields, t.multiplicity('uses'));
  });
  a.table('mixing', { logHeight: { min: 4, max: 22 }, padding: 'enabler' }, (t) =>
    mixingTable(t, { digit, u16, u3 }, { schedule, xor, word, message }),
  );
  a.table('blocks', { logHeight: { min: 4, max: 10 }, padding: 'enabler' }, (t) => {
    const block = t.free('block', anyM31, { reason: 'bound by the bus of chaining values' });
    const last = t.free('last', bit, { reason: 'bound by the bus of chaining values' });
    const wordColumns = (name: string, reason: string) =>
      WORDS.map((w) => DIGITS.map((k) => t.free(`${name}${w} digit ${k}`, digit, { reason })));
    const h = wordColumns('h', 'bound by the bus of chaining values');
    const v = [
      ...wordColumns('v low ', 'bound by the bus of words'),
      ...wordColumns('v high ', 'bound by the bus of words'),
    ];
    const m = Array.from({ length: 16 }, (_, i) =>
      ['low', 'high'].map((half) =>
        t.free(`m${i} ${half}`, u16, { reason: 'the message is the witness; additions bound it' }),
      ),
    );
    const xorDigits = (name: string, x: readonly ColumnExpr[], y: readonly ColumnExpr[]) =>
      x.map((left, k) => {
        const z = t.deduced(`${name} digit ${k}`, digit, [left, y[k]!], ([p, q]) => p! ^ q!);
        t.use(`${name} digit ${k} is the xor`, xor, [left, y[k]!, z]);
        return z;
      });
    // The byte counter 64·(block + 1), below 2^16, goes into v12; the last block turns v14 over.
    const counter = [0, 1, 2, 3].map((k) =>
      t.deduced(`counter digit ${k}`, digit, [block], ([index]) => digitOf(64 * (index! + 1), k)),
    );
    const counterValue = counter.map((c, k) => c.mul(16 ** k)).reduce((x, y) => x.add(y));
    t.assertZero('counter', t.enabler.mul(counterValue.sub(block.add(1).mul(64))));
    const v12 = counter.map((c, k) => {
      const z = t.deduced(`v12 digit ${k}`, digit, [c], ([value]) => value! ^ digitOf(BLAKE2S_IV[4]!, k));
      t.use(`v12 digit ${k} is the xor`, xor, [c, digitOf(BLAKE2S_IV[4]!, k), z]);
      return z;
    });
    const initial = (slot: number): WordExpr => {
      if (slot < 8) return ofDigits(h[slot]!);
      const iv = BLAKE2S_IV[slot - 8]!;
      const [low, high] = [t.constant(iv & 0xffff), t.constant(iv >>> 16)];
      if (slot === 12) return { low: v12.map((z, k) => z.mul(16 ** k)).reduce((x, y) => x.add(y)), high };
      if (slot !== 14) return { low, high };
      const turn = (half: Expr, value: number) => half.add(last.mul(65535 - 2 * value));
      return { low: turn(low, iv & 0xffff), high: turn(high, iv >>> 16) };
    };
    for (let slot = 0; slot < 16; slot++) {
      const { low, high } = initial(slot);
      t.yield(`word ${slot} in`, word, [block, 0, slot, low, high]);
      const out = ofDigits(v[slot]!);
      t.use(`word ${slot} out`, word, [block, HALF_ROUNDS, slot, out.low, out.high]);
      t.yield(`message ${slot}`, message, [block, slot, ...m[slot]!], t.enabler.mul(10));
    }
    const halvesOf = (words: readonly WordExpr[]) => words.flatMap(({ low, high }) => [low, high]);
    const mixed = WORDS.map((w) => xorDigits(`h ^ v${w}`, h[w]!, v[w]!));
    const next = WORDS.map((w) => xorDigits(`next h${w}`, mixed[w]!, v[w + 8]!));
    t.chain(
      'chaining value',
      chaining,
      [block, 0, ...halvesOf(h.map(ofDigits))],
      [block.add(1), last, ...halvesOf(next.map(ofDigits))],
    );
  });
});

/** Trace data and public values for a message of whole 64-byte blocks, as 32-bit words. */
export function blake2sInput(message: readonly number[]): { input: TraceInput; publicValues: number[] } {
  const mixing: Record<string, number[]> = {};
  const blocks: Record<string, number[]> = {};
  const push = (table: Record<string, number[]>, name: string, value: number) => {
    (table[name] ??= []).push(value);
  };
  const pushHalves = (table: Record<string, number[]>, name: string, value: number) => {
    push(table, `${name} low`, value & 0xffff);
    push(table, `${name} high`, value >>> 16);
  };
  const pushDigits = (table: Record<string, number[]>, name: string, value: number) => {
    for (const k of DIGITS) push(table, `${name} ${k}`, digitOf(value, k));
  };
  const blockCount = message.length / 16;
  let h = [...BLAKE2S_256_INITIAL_STATE];
  for (let block = 0; block < blockCount; block++) {
    const m = message.slice(16 * block, 16 * block + 16);
    const isLast = block === blockCount - 1;
    const v = [...h, ...BLAKE2S_IV];
    v[12] = (v[12]! ^ (64 * (block + 1))) >>> 0;
    if (isLast) v[14] = ~v[14]! >>> 0;
    for (const step of SCHEDULE) {
      const [, a, b, c, d, i0, i1] = step as [number, number, number, number, number, number, number];
      push(mixing, 'block', block);
      step.forEach((value, i) => {
        push(mixing, SCHEDULE_FIELDS[i]!, value);
      });
      pushHalves(mixing, 'a', v[a]!);
      pushHalves(mixing, 'c', v[c]!);
      pushHalves(mixing, 'm0', m[i0]!);
      pushHalves(mixing, 'm1', m[i1]!);
      pushDigits(mixing, 'b', v[b]!);
      pushDigits(mixing, 'd', v[d]!);
      for (const [word, turnD, turnB] of [
        [m[i0]!, 16, 12],
        [m[i1]!, 8, 7],
      ] as const) {
        v[a] = (v[a]! + v[b]! + word) >>> 0;
        v[d] = rotateRight((v[d]! ^ v[a]!) >>> 0, turnD);
        v[c] = (v[c]! + v[d]!) >>> 0;
        v[b] = rotateRight((v[b]! ^ v[c]!) >>> 0, turnB);
      }
    }
    push(blocks, 'block', block);
    push(blocks, 'last', isLast ? 1 : 0);
    for (const w of WORDS) {
      for (const k of DIGITS) {
        push(blocks, `h${w} digit ${k}`, digitOf(h[w]!, k));
        push(blocks, `v low ${w} digit ${k}`, digitOf(v[w]!, k));
        push(blocks, `v high ${w} digit ${k}`, digitOf(v[w + 8]!, k));
      }
    }
    m.forEach((value, i) => {
      pushHalves(blocks, `m${i}`, value);
    });
    h = h.map((value, w) => (value ^ v[w]! ^ v[w + 8]!) >>> 0);
  }
  return {
    input: {
      mixing: { rowCount: SCHEDULE.length * blockCount, columns: mixing },
      blocks: { rowCount: blockCount, columns: blocks },
    },
    publicValues: [blockCount, ...h.flatMap((value) => [value & 0xffff, value >>> 16])],
  };
}
