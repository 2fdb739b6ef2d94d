import { feltMod } from '@cairn/primitives';
import type { Attack } from '@cairn/stark/soundness';
import { FLAG_NAMES, OFFSET_PARTS } from '../../air/decodeTable.ts';
import { forge, inverse } from './coreWitness.ts';

/** Puts an instruction that nobody runs, with any offsets and flags, behind the end of memory. */
function instructionAttack(
  name: string,
  parts: readonly number[],
  flags: Record<string, number>,
  cells: Record<string, number> = {},
): Attack {
  const forged = forge();
  const [row, pc] = [forged.height('instructions') - 1, 4 * forged.height('memory') - 1];
  const flagValues = FLAG_NAMES.map((flag) => flags[flag] ?? 0);
  const at = (i: number) => parts[i] ?? 0;
  const low = at(0) + 512 * at(1) + 2 ** 16 * (at(2) + 512 * at(3));
  const middle =
    at(4) +
    32 * (at(5) + 512 * at(6)) +
    2 ** 21 * flagValues.slice(0, 6).reduce((x, f, k) => x + f * 2 ** k, 0);
  const high = flagValues.slice(6).reduce((x, f, k) => x + f * 2 ** k, 0);
  // The word is what its groups of 27 bits say, were the parts what they should be.
  const word = BigInt(low) + (BigInt(middle) << 27n) + (BigInt(high) << 54n);
  const id = word === 0n ? 0 : forged.addFelt(feltMod(word));
  forged.putMemory(pc, id);
  forged.set('instructions', 'pc', row, pc).set('instructions', 'id', row, id);
  OFFSET_PARTS.forEach((part, i) => {
    forged.set('instructions', part.name, row, at(i));
  });
  FLAG_NAMES.forEach((flag, i) => {
    forged.set('instructions', flag, row, flagValues[i]!);
  });
  for (const [column, value] of Object.entries(cells)) forged.set('instructions', column, row, value);
  return forged.attack(`instruction ${name}`);
}

/** Instructions that are none, in a row that nobody runs. */
export function instructionAttacks(): Attack[] {
  const attacks: Attack[] = [];
  const combination = (...flags: string[]) =>
    attacks.push(
      instructionAttack(flags.join(' and '), BIASED, Object.fromEntries(flags.map((flag) => [flag, 1]))),
    );
  const BIASED = [0, 64, 0, 0, 16, 0, 64];
  combination('op1 imm', 'op1 fp');
  combination('res add', 'res mul');
  combination('pc abs', 'pc rel');
  combination('ap add', 'ap one');
  combination('assert eq', 'pc jnz');
  combination('assert eq', 'ap add');
  combination('pc jnz', 'ap add');
  combination('pc jnz', 'res add');
  const CALL = [0, 64, 1, 0, 16, 0, 64];
  const call = (name: string, parts: readonly number[], flags: Record<string, number> = {}) =>
    attacks.push(instructionAttack(`call ${name}`, parts, { call: 1, ...flags }));
  call('and assert_eq', CALL, { 'assert eq': 1 });
  call('with dst elsewhere', [1, ...CALL.slice(1)]);
  call('with op0 elsewhere', [0, 64, 2, 0, 16, 0, 64]);
  call('with dst from fp', CALL, { 'dst fp': 1 });
  call('and ap one', CALL, { 'ap one': 1 });
  const RET = [510, 63, 0, 0, 16, 511, 63];
  const ret = (name: string, parts: readonly number[], flags: Record<string, number> = {}) =>
    attacks.push(
      instructionAttack(`ret ${name}`, parts, { ret: 1, 'dst fp': 1, 'op1 fp': 1, 'pc abs': 1, ...flags }),
    );
  ret('with dst elsewhere', [509, ...RET.slice(1)]);
  ret('with op1 elsewhere', [...RET.slice(0, 5), 510, 63]);
  ret('with dst from ap', RET, { 'dst fp': 0 });
  ret('with op1 from ap', RET, { 'op1 fp': 0, 'op1 ap': 1 });
  ret('without jump', RET, { 'pc abs': 0 });
  ret('with a sum', RET, { 'res add': 1 });
  ret('and ap add', RET, { 'ap add': 1 });
  // Flags that are no bits: a bit less of one and two of the one below, the same word.
  FLAG_NAMES.forEach((flag, i) => {
    const below = FLAG_NAMES[i - 1];
    attacks.push(instructionAttack(`with ${flag} of 2`, BIASED, { [flag]: 2 }));
    if (below !== undefined)
      attacks.push(instructionAttack(`with ${flag} of 1 as ${below} of 2`, BIASED, { [below]: 2 }));
  });
  const noBits: Record<string, number>[] = [
    { 'op1 imm': -1, 'op1 fp': 1, 'op1 ap': 1 },
    { 'op1 imm': 1, 'op1 fp': -1, 'op1 ap': 1 },
    { 'op1 imm': 1, 'op1 fp': 1, 'op1 ap': -1, 'res add': 1 },
    { 'res add': 1, 'res mul': -1, 'pc abs': 1 },
    { 'pc abs': -1, 'pc rel': 1, 'pc jnz': 1 },
    { 'pc abs': 1, 'pc rel': -1, 'pc jnz': 1 },
    { 'pc abs': 1, 'pc rel': 1, 'pc jnz': -1, 'ap add': 1 },
  ];
  for (const flags of noBits)
    attacks.push(instructionAttack(`with flags ${JSON.stringify(flags)}`, BIASED, flags));
  call('and ap one of -1', CALL, { 'ap one': -1 });
  attacks.push(
    instructionAttack('with call of -1', CALL, { call: -1, 'ap one': 1, 'assert eq': 1 }),
    instructionAttack('at another address', BIASED, {}, { pc: 1 }),
    instructionAttack('of another word', BIASED, {}, { 'dst fp': 1 }),
    instructionAttack(
      'with off dst high of 1/4',
      [128],
      {},
      { 'off dst low': 0, 'off dst high': inverse(4) },
    ),
    instructionAttack(
      'with off op0 middle of 1/128',
      [0, 0, 4],
      {},
      {
        'off op0 low': 0,
        'off op0 middle': inverse(128),
      },
    ),
    instructionAttack(
      'with off op1 high of 1/4',
      [0, 0, 0, 0, 0, 128],
      {},
      {
        'off op1 low': 0,
        'off op1 high': inverse(4),
      },
    ),
  );
  // Parts of offsets that reach into the next: 512 of a lower part, and so much less above.
  for (const [i, wide] of [
    [0, 512],
    [1, 128],
    [2, 512],
    [3, 4],
    [4, 32],
    [5, 512],
    [6, 128],
  ] as const)
    attacks.push(instructionAttack(`with part ${i} of ${wide}`, BIASED.with(i, wide), {}));
  return attacks;
}
