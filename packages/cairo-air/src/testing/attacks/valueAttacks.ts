import { type Felt, PRIME } from '@cairn/primitives';
import type { Attack } from '@cairn/stark/soundness';
import { FIRST_BIG_ID, LIMB_COUNT, upTo } from '../../air/valueForm.ts';
import { feltLimbs } from '../../statement/feltLimbs.ts';
import { forge, inverse } from './coreWitness.ts';

const ZEROS = upTo(LIMB_COUNT).map(() => 0);
const limbsWith = (changes: Record<number, number>) => ZEROS.map((zero, i) => changes[i] ?? zero);

/** Values that are none, in rows that nobody reads. */
export function valueAttacks(): Attack[] {
  const attacks: Attack[] = [];
  const big = (name: string, limbs: readonly number[], flags?: { top?: number; full?: number }) => {
    const forged = forge();
    forged.addBig(limbs, flags);
    attacks.push(forged.attack(`big value ${name}`));
  };
  for (const i of upTo(27)) big(`with limb ${i} of 512`, limbsWith({ [i]: 512, [i === 0 ? 1 : 0]: 1 }));
  // P itself, P + 2^189, and more than P by the upper limbs; the same with flags that hide it.
  big('P', feltLimbs(PRIME));
  big('P with limb 21 of 137', limbsWith({ 21: 137, 27: 256 }), { top: 1, full: 0 });
  big('P with full and limb 21 of 137', limbsWith({ 21: 137, 27: 256 }), { top: 1, full: 1 });
  big('2^251 and limb 22', limbsWith({ 22: 1, 27: 256 }));
  big('beyond 2^251 under top', limbsWith({ 27: 257, 0: 1 }), { top: 1, full: 0 });
  big('beyond 2^251 without top', limbsWith({ 27: 257, 0: 1 }), { top: 0 });
  big('full without top', limbsWith({ 21: 136, 0: 0, 22: 1 }), { top: 0, full: 1 });
  big('0', ZEROS);
  big('with top of 2', limbsWith({ 27: 256 }), { top: 2, full: 0 });
  const doubled = forge();
  doubled.addBig(limbsWith({ 21: 136, 27: 256 }), { top: 1, full: 1 });
  doubled.set('big values', 'inverse', doubled.height('big values') - 1, 1);
  attacks.push(doubled.attack('big value with a wrong inverse'));

  big('with limb 27 of 1/2', limbsWith({ 27: HALF, 0: 1 }), { top: 0 });
  // 2·256 - 512·top = 64, and limb 21 of 150 is taken for 479.
  big('with top of 7/8', limbsWith({ 21: 150, 27: 256 }), { top: fraction(7, 8), full: 0 });
  big('P - 1 with another full', limbsWith({ 21: 136, 27: 256 }), { top: 1, full: fraction(375, 376) });
  // The sum -2^27 - 1 is only read as a signed number: other limbs would show the same.
  const signed = bigRow(PRIME - 2n ** 27n - 1n);
  for (const [limb, value, top] of [
    [27, 255, 0],
    [5, 510, 1],
    [21, 134, 1],
  ] as const) {
    const forged = forge();
    const limbs = upTo(LIMB_COUNT).map((i) => forged.get('big values', `limb${i}`, signed));
    const rows = forged.height('big values');
    forged.addBig(limbs.with(limb, value), { top, full: 0 }, rows - signed);
    attacks.push(forged.attack(`signed number with limb ${limb} of ${value}`));
  }
  const seventy = forge().find('small values', 'limb0', 70);
  attacks.push(
    forge()
      .set('small values', 'limb3', seventy, 1)
      .set('small values', 'inverse', seventy, inverse(71))
      .attack('signed number of more than 27 bits'),
  );
  const last = forge().height('small values') - 1;
  for (const i of upTo(8)) {
    attacks.push(
      forge()
        .set('small values', 'limb0', last, i === 0 ? 512 : 1)
        .set('small values', `limb${i}`, last, 512)
        .set('small values', 'inverse', last, inverse(i === 0 ? 512 : 513))
        .attack(`small value with limb ${i} of 512`),
    );
  }
  attacks.push(
    forge()
      .set('small values', 'limb0', last, 0)
      .set('small values', 'inverse', last, 0)
      .attack('a second 0'),
    forge()
      .set('small values', 'row', last, last - 1)
      .attack('a small value under a second id'),
    forge()
      .set('big values', 'row', forge().height('big values') - 1, 0)
      .attack('a big value under a second id'),
    forge()
      .set('memory', 'row', forge().height('memory') - 1, 0)
      .attack('a cell under a second address'),
    shiftedMemory(),
    forge().set('nine bits', 'value', 300, 512).attack('nine bits of 512'),
    forge().set('ten bits', 'value', 900, 1024).attack('ten bits of 1024'),
  );
  return attacks;
}

/** Memory that begins four addresses below 0, what lies from 0 on as it was. */
function shiftedMemory(): Attack {
  const forged = forge();
  const honest = forge();
  for (let row = 0; row < forged.height('memory'); row++) {
    forged.set('memory', 'row', row, row - 1);
    for (const k of upTo(4))
      forged.set('memory', `id${k}`, row, row === 0 ? 0 : honest.get('memory', `id${k}`, row - 1));
  }
  return forged.attack('memory below address 0');
}

const HALF = 2 ** 30;

/** a/b in M31. */
function fraction(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(inverse(b))) % (2n ** 31n - 1n));
}

/** Row of a value in the table of big values. */
function bigRow(value: Felt): number {
  const forged = forge();
  for (let row = 0; row < forged.height('big values'); row++)
    if (forged.felt(FIRST_BIG_ID + row) === value) return row;
  throw new Error(`no value ${value}`);
}
