import type { Attack } from '@cairn/stark/soundness';
import { upTo } from '../../air/valueForm.ts';
import { forge, inverse } from './coreWitness.ts';

/** Parts of an integer of 20 bits that are out of range while it is the same. */
export function twentyBits(attacks: Attack[], table: string, name: string, start = forge): void {
  const forged = start();
  const row = forged.height(table) - 1;
  const [low, high] = [forged.get(table, `${name} low`, row), forged.get(table, `${name} high`, row)];
  attacks.push(
    start()
      .set(table, `${name} low`, row, low + 1024)
      .set(table, `${name} high`, row, high - 1)
      .attack(`${table}.${name} with a low part beyond its range`),
    start()
      .set(table, `${name} low`, row, low + 1)
      .set(table, `${name} high`, row, high - inverse(1024))
      .attack(`${table}.${name} with a high part beyond its range`),
  );
}

/** Range-checked cells that are not, in rows beyond what the program used. */
export function rangeCheckAttacks(): Attack[] {
  const attacks: Attack[] = [];
  for (const table of ['range_check', 'range_check96']) {
    const last = forge().height(table) - 1;
    const at = (row: number) => forge().get(table, 'address', row);
    attacks.push(
      forge().set(table, 'group0', last, 1).attack(`${table} of another value`),
      forge()
        .set(table, 'id', last, forge().find('small values', 'limb0', 2))
        .set(table, 'group0', last, 2)
        .attack(`${table} of another cell`),
      forge()
        .set(table, 'address', last - 1, at(last))
        .attack(`${table} with a cell left out`),
    );
  }
  twentyBits(attacks, 'range_check', 'group4', () => {
    const forged = forge();
    const row = forged.height('range_check') - 1;
    const id = forged.addFelt(5n << 118n);
    forged.putMemory(forged.get('range_check', 'address', row), id).set('range_check', 'id', row, id);
    return forged.set('range_check', 'group4 high', row, 5);
  });
  const shifted = forge();
  const first = shifted.get('range_check', 'address', 0);
  for (let row = 0; row < shifted.height('range_check'); row++) {
    shifted.set('range_check', 'address', row, first + row + 1);
    shifted.set('range_check', 'id', row, 0);
    for (const g of upTo(4)) shifted.set('range_check', `group${g}`, row, 0);
  }
  attacks.push(shifted.attack('range_check that begins a cell too late'));
  const shifted96 = forge();
  const first96 = shifted96.get('range_check96', 'address', 0);
  for (let row = 0; row < shifted96.height('range_check96'); row++)
    shifted96.set('range_check96', 'address', row, first96 - 1 + row);
  attacks.push(shifted96.attack('range_check96 that begins too early'));
  // Upper limbs: the same group of 27 bits from parts that are out of range.
  for (const [name, value, low, high] of [
    ['low of 512', 5n << 90n, 512, 4],
    ['high of 64', 1n << 96n, 0, 64],
    ['high of 1/8', 64n << 81n, 0, inverse(8)],
  ] as const) {
    const forged = forge();
    const row = forged.height('range_check96') - 1;
    const id = forged.addFelt(value);
    forged.putMemory(forged.get('range_check96', 'address', row), id).set('range_check96', 'id', row, id);
    forged.set('range_check96', 'low', row, low).set('range_check96', 'high', row, high);
    attacks.push(forged.attack(`range_check96 with ${name}`));
  }
  return attacks;
}
