import { type AirBuilder, anyM31, bit, type Expr } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import type { RangeChecks } from './rangeTables.ts';
import { bitsFrom } from './valueForm.ts';

/** Flags of an instruction word, from bit 48 on. @see Cairo whitepaper, section 4.4 */
export const FLAG_NAMES = [
  'dst fp',
  'op0 fp',
  'op1 imm',
  'op1 fp',
  'op1 ap',
  'res add',
  'res mul',
  'pc abs',
  'pc rel',
  'pc jnz',
  'ap add',
  'ap one',
  'call',
  'ret',
  'assert eq',
] as const;

/** Opcode extensions of layouts with Blake2s. */
export const EXTENSION_NAMES = ['blake block', 'blake last block'] as const;

/** Parts of the offsets, with what each is multiplied with to be shown narrower than 9 bits; 1 for nine bits. */
export const OFFSET_PARTS = [
  { name: 'off dst low', scale: 1 },
  { name: 'off dst high', scale: 4 },
  { name: 'off op0 low', scale: 1 },
  { name: 'off op0 middle', scale: 128 },
  { name: 'off op0 high', scale: 16 },
  { name: 'off op1 low', scale: 1 },
  { name: 'off op1 high', scale: 4 },
] as const;

/**
 * Instructions, one row per pc: takes the word at pc apart into offsets and flags, refuses what is no instruction, and gives
 * the CPU what it needs. `ap += …` needs neither dst nor a second operand of its own, so its dst is made the cell at ap: thus
 * ap is shown to be an address before it moves.
 * Refused beyond the reference's rules, as no assembler writes it: `ap +=` together with `assert_eq`, `ret` or `jnz`.
 */
export function declareDecode(
  a: AirBuilder,
  buses: CairoBuses,
  ranges: RangeChecks,
  hasBlake: boolean,
): void {
  a.table('instructions', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const pc = t.free('pc', anyM31, { reason: 'an address: looked up in memory' });
    const id = t.free('id', anyM31, { reason: 'bound by memory' });
    t.use('word', buses.memory, [pc, id], t.constant(1));
    const parts = OFFSET_PARTS.map(({ name, scale }) =>
      t.free(name, bitsFrom(9 - Math.log2(scale), 'look-ups of its own'), { reason: 'part of the word' }),
    );
    const part = (name: (typeof OFFSET_PARTS)[number]['name']): Expr =>
      parts[OFFSET_PARTS.findIndex((candidate) => candidate.name === name)]!;
    ranges.nineBits(
      t,
      'offsets',
      OFFSET_PARTS.flatMap(({ scale }, i) => (scale === 1 ? [parts[i]!] : [parts[i]!, parts[i]!.mul(scale)])),
    );
    const flags = FLAG_NAMES.map((name) => t.free(name, bit, { reason: 'part of the word' }));
    const flag = (name: (typeof FLAG_NAMES)[number]): Expr => flags[FLAG_NAMES.indexOf(name)]!;
    const bits = (from: number, to: number) =>
      flags.slice(from, to).reduce((x: Expr, f, k) => x.add(f.mul(2 ** k)), t.constant(0));

    const offDst = part('off dst low').add(part('off dst high').mul(2 ** 9));
    const op0Bottom = part('off op0 low').add(part('off op0 middle').mul(2 ** 9));
    const op0High = part('off op0 high');
    const offOp1 = part('off op1 low').add(part('off op1 high').mul(2 ** 9));
    // The opcode extension, from bit 63 on: 1 is Blake2s, 2 its last block.
    const extensions = hasBlake
      ? EXTENSION_NAMES.map((name) => t.free(name, bit, { reason: 'part of the word' }))
      : [];
    const extension = extensions.reduce((x: Expr, e, k) => x.add(e.mul(2 ** (9 + k))), t.constant(0));
    const zeros = Array.from({ length: 7 }, () => 0);
    t.use(
      'value of the word',
      buses.groups,
      [
        id,
        offDst.add(op0Bottom.mul(2 ** 16)),
        op0High.add(offOp1.mul(2 ** 5)).add(bits(0, 6).mul(2 ** 21)),
        bits(6, 15).add(extension),
        ...zeros,
      ],
      t.constant(1),
    );

    const atMostOne = (name: string, names: (typeof FLAG_NAMES)[number][]) => {
      const total = names.map(flag).reduce((x, y) => x.add(y));
      t.assertZero(`at most one of ${name}`, total.mul(total.sub(1)));
    };
    atMostOne('op1 sources', ['op1 imm', 'op1 fp', 'op1 ap']);
    atMostOne('results', ['res add', 'res mul']);
    atMostOne('jumps', ['pc abs', 'pc rel', 'pc jnz']);
    atMostOne('opcodes', ['call', 'ret', 'assert eq']);
    // Moving ap by an operand stands alone; ap++ does not go with call.
    atMostOne('moves of ap', ['ap add', 'ap one', 'call']);
    atMostOne('moves of ap, ret, assert_eq, jnz', ['ap add', 'pc jnz', 'assert eq']);
    atMostOne('ap add and ret', ['ap add', 'ret']);
    const arithmetic = flag('res add').add(flag('res mul'));
    t.assertZero('jnz has no result', flag('pc jnz').mul(arithmetic));
    const offOp0 = op0Bottom.add(op0High.mul(2 ** 11));
    const bias = 2 ** 15;
    const demand = (opcode: 'call' | 'ret', what: string, zero: Expr) =>
      t.assertZero(`${opcode}: ${what}`, flag(opcode).mul(zero));
    demand('call', 'dst is at ap', offDst.sub(bias));
    demand('call', 'op0 is at ap + 1', offOp0.sub(bias + 1));
    demand('call', 'dst and op0 from ap', flag('dst fp').add(flag('op0 fp')));
    demand('ret', 'dst is at fp - 2', offDst.sub(bias - 2));
    demand('ret', 'op1 is at fp - 1', offOp1.sub(bias - 1));
    demand('ret', 'dst from fp', flag('dst fp').sub(1));
    demand('ret', 'op1 from fp', flag('op1 fp').sub(1));
    demand('ret', 'jumps to op1', flag('pc abs').sub(1));
    demand('ret', 'has no arithmetic', arithmetic);

    const [plain, final] = extensions;
    const blake: Expr[] = [];
    if (plain !== undefined && final !== undefined) {
      const isBlake = plain.add(final);
      blake.push(isBlake, final);
      t.assertZero('one extension', plain.mul(final));
      const others = (
        ['res add', 'res mul', 'pc abs', 'pc rel', 'pc jnz', 'ap add', 'call', 'ret', 'assert eq'] as const
      )
        .map(flag)
        .reduce((x, y) => x.add(y));
      t.assertZero('blake does nothing else', isBlake.mul(others));
      t.assertZero('blake has op1 from a register', isBlake.mul(flag('op1 fp').add(flag('op1 ap')).sub(1)));
    }
    const stays = t.constant(1).sub(flag('ap add'));
    const deref = t.constant(1).sub(flag('op1 imm')).sub(flag('op1 fp')).sub(flag('op1 ap'));
    const readsOp0 = deref.add(flag('call')).sub(deref.mul(flag('call')));
    t.yield(
      'instruction',
      buses.instruction,
      [
        pc,
        offDst.sub(bias).mul(stays),
        offOp0.sub(bias),
        offOp1.sub(bias),
        flag('dst fp').mul(stays),
        flag('op0 fp'),
        flag('op1 imm'),
        flag('op1 fp'),
        flag('op1 ap'),
        arithmetic,
        flag('res mul'),
        flag('pc abs'),
        flag('pc rel'),
        flag('pc jnz'),
        flag('ap add'),
        flag('ap one'),
        flag('call'),
        flag('call').add(flag('ret')),
        flag('assert eq'),
        readsOp0,
        ...blake,
      ],
      t.multiplicity('uses'),
    );
  });
}
