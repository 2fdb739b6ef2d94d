import { describe, expect, it } from 'vitest';
import type { Air } from '../core/air/ir.ts';
import { P } from '../core/field/m31.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../examples/wideFibonacci.ts';
import { checkTrace } from '../prover/checkTrace.ts';
import { generateTrace, recountUses, type Trace } from '../prover/trace.ts';
import { columnGroups, unnoticedChanges } from './cellMutation.ts';
import { type Attack, scoreMutants } from './mutateAir.ts';
import { fieldMutantsOf } from './mutateFields.ts';

/** Values of named columns of a table, to be changed in place; the trace shares them. */
function editable(air: Air, trace: Trace, table: string) {
  const t = air.tables.findIndex(({ name }) => name === table);
  return (column: string): Uint32Array =>
    trace[t]!.columns[air.tables[t]!.columns.findIndex(({ name }) => name === column)]!;
}

/** Mutants that survive, without the parts of names that repeat. */
const survivors = (air: Air, attacks: Attack[]) =>
  scoreMutants(air, attacks)
    .filter(({ killedBy }) => killedBy === undefined)
    .map(({ mutant }) => mutant);

const edges = (height: number) => [0, 1, height / 2, height - 2, height - 1];

describe('range-checked sum', () => {
  const air = rangeCheckedSumAir;
  const summands = Array.from({ length: 32 }, (_, i) => 0x7fa3 + 0x6b3a17 * i);

  function honest(count = 20, logHeight = 5) {
    const { input, publicValues } = rangeCheckedSumInput(summands.slice(0, count), logHeight);
    return { trace: generateTrace(air, input, publicValues), publicValues };
  }

  /** The honest trace with cells set, every later total moved along, and the statement made to fit. */
  function attack(
    name: string,
    rows: number,
    change: (cell: (column: string) => Uint32Array, publicValues: number[]) => void,
  ): Attack {
    const { trace, publicValues } = honest(rows);
    const values = [...publicValues];
    change(editable(air, trace, 'additions'), values);
    return { name, trace, publicValues: values };
  }

  const LIMBS = [0, 1, 2, 3];

  function attacks(): Attack[] {
    const list: Attack[] = [];
    for (const rows of [20, 32]) {
      for (const row of new Set([0, 7, rows - 1])) {
        for (const limb of LIMBS) {
          const at = `row ${row} of ${rows}, limb ${limb}`;
          // Totals after this row, and before the next, are off by so much in one limb.
          for (const delta of [1, -1, 256, -256]) {
            list.push(
              attack(`total off by ${delta}, ${at}`, rows, (cell, values) => {
                for (let r = row; r < rows; r++) {
                  if (r > row) cell(`before${limb}`)[r] = (cell(`before${limb}`)[r]! + delta + P) % P;
                  cell(`after${limb}`)[r] = (cell(`after${limb}`)[r]! + delta + P) % P;
                }
                values[1 + limb] = (values[1 + limb]! + delta + P) % P;
              }),
            );
          }
          if (row !== rows - 1 && row !== 0) continue;
          // In one row: limb and summand shifted together, so that the limb's identity holds.
          for (const wanted of [256, P - 1, 255, 0]) {
            list.push(
              attack(`summand and total moved to ${wanted}, ${at}`, rows, (cell, values) => {
                const delta = wanted - cell(`after${limb}`)[row]!;
                cell(`summand${limb}`)[row] = (cell(`summand${limb}`)[row]! + delta + P) % P;
                for (let r = row; r < rows; r++) {
                  if (r > row)
                    cell(`summand${limb}`)[r] =
                      (cell(`summand${limb}`)[r]! - (r === row + 1 ? delta : 0) + 2 * P) % P;
                  if (r === row) cell(`after${limb}`)[r] = (cell(`after${limb}`)[r]! + delta + P) % P;
                  if (r === row + 1) cell(`before${limb}`)[r] = (cell(`before${limb}`)[r]! + delta + P) % P;
                }
                if (row === rows - 1) values[1 + limb] = (values[1 + limb]! + delta + P) % P;
              }),
            );
          }
        }
      }
    }
    // One row whose carries are anything: limb by limb the identities say what they must be for a total of one's choice.
    for (const rows of [20, 32]) {
      for (const row of [0, rows - 1]) {
        for (const limb of LIMBS) {
          for (const goal of ['limb', 'next limb', 'range', 'summand'] as const) {
            for (const carryBy of [1, -1, 2]) {
              list.push(
                attack(
                  `carry ${limb} moved by ${carryBy} for the ${goal}, row ${row} of ${rows}`,
                  rows,
                  (cell, values) => {
                    const put = (name: string, delta: number) => {
                      cell(name)[row] = (((cell(name)[row]! + delta) % P) + P) % P;
                    };
                    put(`carry${limb}`, carryBy);
                    const down = -256 * carryBy;
                    if (goal === 'limb') put(`after${limb}`, down);
                    if (goal === 'range') {
                      put(`after${limb}`, down);
                      if (limb < 3) put(`after${limb + 1}`, carryBy);
                    }
                    if (goal === 'summand') put(`summand${limb}`, -down);
                    if (goal !== 'limb' && goal !== 'range' && limb < 3) put(`summand${limb + 1}`, -carryBy);
                    for (const i of LIMBS) {
                      const after = cell(`after${i}`)[row]!;
                      if (row === rows - 1) values[1 + i] = after;
                      else cell(`before${i}`)[row + 1] = after;
                    }
                  },
                ),
              );
            }
          }
        }
      }
    }
    // Carries chosen in the field, 1/256 and such, so that all identities hold for a total that is off by a multiple of p.
    for (const rows of [20, 32]) {
      for (const row of [0, rows - 1]) {
        for (const top of [0, 1]) {
          for (const wrong of LIMBS) {
            list.push(
              attack(
                `carries in the field, total wrong in limb ${wrong}, top ${top}, row ${row} of ${rows}`,
                rows,
                (cell, values) => {
                  const sums = LIMBS.map((i) => cell(`summand${i}`)[row]! + cell(`before${i}`)[row]!);
                  const total = sums.reduce((n, v, i) => n + v * 256 ** i, 0);
                  // A total below 2^32 that is congruent modulo p (top carry 0), or whose top carry makes up for 2^32 = 2.
                  const other = top === 0 ? (total >= P ? total - P : total + P) : total - 2 - 256 ** wrong;
                  if (other < 0 || other >= 2 ** 32) return;
                  let carry = 0;
                  const quarter = modInverse256;
                  LIMBS.forEach((i) => {
                    const after = Math.floor(other / 256 ** i) % 256;
                    cell(`after${i}`)[row] = after;
                    const rest = (((sums[i]! + carry - after) % P) + P) % P;
                    carry = Number((BigInt(rest) * BigInt(quarter)) % BigInt(P));
                    cell(`carry${i}`)[row] = carry;
                    if (row === rows - 1) values[1 + i] = after;
                    else {
                      // The next row takes the difference back with its summand, where that is in range.
                      cell(`before${i}`)[row + 1] = after;
                    }
                  });
                  if (row !== rows - 1) repair(cell, row + 1);
                },
              ),
            );
          }
        }
      }
    }
    // A last sum beyond 2^32: the top carry is 1.
    for (const rows of [1, 32]) {
      const big = Array.from({ length: rows }, (_, i) => (i === rows - 1 ? 2 ** 32 - 1 : 1));
      const { input, publicValues } = rangeCheckedSumInput(rows === 1 ? [2 ** 32 - 1, 3] : big, 5);
      list.push({
        name: `overflow after ${rows}`,
        trace: generateTrace(air, input, publicValues),
        publicValues,
      });
    }
    for (const value of [0, 1, 2, P - 1]) {
      for (const row of [0, 10, 19, 20, 31]) {
        list.push(attack(`enabler ${value} in row ${row}`, 20, (cell) => (cell('enabler')[row] = value)));
      }
    }
    const copyRow = (cell: (c: string) => Uint32Array, from: number, to: number) => {
      for (const { name } of air.tables[1]!.columns) cell(name)[to] = cell(name)[from]!;
    };
    // Rows may be anywhere: a gap hurts the enabler's rule alone.
    list.push(
      attack('a gap before the last row', 20, (cell) => {
        copyRow(cell, 19, 25);
        copyRow(cell, 30, 19);
      }),
      attack('a gap in the first row', 20, (cell) => {
        copyRow(cell, 0, 20);
        copyRow(cell, 30, 0);
      }),
      // An enabler of 2 is one row for two: the sequence runs twice, one row of it doubled.
      ...[0, 31].map((doubled) =>
        attack(`a doubled row ${doubled}`, 2, (cell) => {
          copyRow(cell, 0, 2);
          copyRow(cell, 1, doubled === 0 ? 0 : 31);
          for (let r = 0; r < 31 && doubled === 31; r++) cell('enabler')[r] = r < 3 ? 1 : 0;
        }),
      ),
      attack('the first row twice', 2, (cell) => {
        copyRow(cell, 1, 2);
        copyRow(cell, 0, 1);
      }),
      attack('the second row twice', 2, (cell) => copyRow(cell, 1, 2)),
      // A row several times over, the last of them taken off again: only that one may be no bit.
      ...[31, 20].map((last) =>
        attack(`a row ${last} times, taken off again`, 2, (cell) => {
          for (let r = 2; r <= last; r++) copyRow(cell, 1, r);
          cell('enabler')[last] = P - (last - 2);
        }),
      ),
      attack('another count', 20, (_cell, values) => (values[0] = 21)),
      ...LIMBS.map((i) =>
        attack(`another total in limb ${i}`, 20, (_cell, values) => (values[1 + i] = values[1 + i]! ^ 1)),
      ),
      ...LIMBS.map((i) =>
        attack(`a start with limb ${i} of 7`, 1, (cell, values) => {
          cell(`before${i}`)[0] = 7;
          cell(`after${i}`)[0] = cell(`after${i}`)[0]! + 7;
          values[1 + i] = values[1 + i]! + 7;
        }),
      ),
      attack('a start at row 5', 1, (cell, values) => {
        cell('row')[0] = 5;
        values[0] = 6;
      }),
    );
    // The order of rows is free: every attack again with the rows of data turned round.
    return list.flatMap((one) => [
      one,
      { ...one, name: `${one.name}, turned round`, trace: turnedRound(one.trace) },
    ]);
  }

  function turnedRound(trace: Trace): Trace {
    const { columns, logHeight } = trace[1]!;
    const used = columns[0]!.findLastIndex((enabler) => enabler !== 0) + 1;
    return [
      trace[0]!,
      {
        logHeight,
        columns: columns.map((values) => values.map((v, row) => (row < used ? values[used - 1 - row]! : v))),
      },
    ];
  }

  const modInverse256 = Number(2n ** 23n % BigInt(P)); // 256 · 2^23 = 2^31 = 1

  /** Makes a row's summand, sum and carries fit its `before` and what the row after it has. */
  function repair(cell: (c: string) => Uint32Array, row: number): void {
    const value = (name: string) => LIMBS.reduce((n, i) => n + cell(`${name}${i}`)[row]! * 256 ** i, 0);
    const summand = value('after') - value('before');
    if (summand < 0) return;
    let carry = 0;
    for (const i of LIMBS) {
      const limb = Math.floor(summand / 256 ** i) % 256;
      cell(`summand${i}`)[row] = limb;
      carry = limb + cell(`before${i}`)[row]! + carry >= 256 ? 1 : 0;
      cell(`carry${i}`)[row] = carry;
    }
  }

  it('has the honest trace right', () => {
    const { trace, publicValues } = honest();
    expect(checkTrace(air, trace, publicValues)).toEqual([]);
  });
  it('has a killing attack for every mutant but the redundant ones', () => {
    const inAnyRow = (name: string) =>
      ['', ' in the first row', ' in the last row'].map(
        (row) => `additions: constraint "${name}" deleted${row}`,
      );
    expect(survivors(air, attacks())).toEqual([
      // An enabler that is no bit lets only zeros follow: it would be that of the one row there is, and the bus counts it once.
      'additions: constraint "enabler is a bit" deleted in the first row',
      // Its factor (1 - isLast) is there because the row after the last is the first.
      'additions: constraint "enabler never rises" deleted in the last row',
      // One carry alone is forced to be a bit by the identities of its limb and of the next, whose carry is one, and the
      // ranges of the limbs: 256·c is a difference of small integers. (All of them together are needed.)
      ...LIMBS.flatMap((i) => inAnyRow(`carry${i} is a bit`)),
    ]);
  });
  it('needs every field of its look-ups', () => {
    const results = scoreMutants(air, attacks(), fieldMutantsOf(air));
    expect(results.length).toBe(10);
    expect(results.filter(({ killedBy }) => killedBy === undefined)).toEqual([]);
  });
  it('needs the carries to be bits: without all of these constraints a total that is off by p gets through', () => {
    const isCarryBit = (constraint: string) => /^carry. is a bit$/.test(constraint);
    const found = attacks().filter(({ trace, publicValues }) => {
      const faults = checkTrace(air, recountUses(air, trace, publicValues), publicValues);
      return (
        faults.length > 0 &&
        faults.every((fault) => fault.kind === 'constraint' && isCarryBit(fault.constraint))
      );
    });
    expect(found.length).toBeGreaterThan(0);
  });
  it('notices every changed cell', () => {
    const { trace, publicValues } = honest();
    const free = unnoticedChanges(air, trace, publicValues, edges).filter(
      ({ column, row }) => !(column === 'row' && row >= 20),
    );
    // The row number of padding rows says nothing: the enabler takes it off the bus.
    expect(free).toEqual([]);
  });
  it('is connected', () => {
    for (const { groups } of columnGroups(air)) expect(groups.length).toBe(1);
  });
});

describe('wide Fibonacci', () => {
  const WIDTH = 6;
  const air = wideFibonacciAir(WIDTH);
  const publicValues = [wideFibonacciResult(WIDTH, 1, 2)];
  const start = (shift: number) => Array.from({ length: 16 }, (_, i) => i + shift);
  const honest = () =>
    generateTrace(air, { sequence: { rowCount: 16, columns: { a0: start(1), a1: start(2) } } }, publicValues);

  /** Changes a cell and makes the rest of its row fit. */
  function attack(row: number, from: number, fits: boolean): Attack {
    const trace = honest();
    const cells = trace[0]!.columns;
    cells[from]![row] = cells[from]![row]! + 1;
    for (let i = Math.max(2, from + 1); i < WIDTH; i++) {
      const [x, y] = [BigInt(cells[i - 2]![row]!), BigInt(cells[i - 1]![row]!)];
      cells[i]![row] = Number((x * x + y * y) % BigInt(P));
    }
    const values = row === 0 && fits ? [cells[WIDTH - 1]![0]!] : publicValues;
    return { name: `cell ${from} of row ${row}`, trace, publicValues: values };
  }

  it('has a killing attack for every mutant but the redundant ones', () => {
    const columns = Array.from({ length: WIDTH }, (_, i) => i);
    const attacks = [0, 7, 15].flatMap((row) =>
      columns.flatMap((i) => [attack(row, i, true), attack(row, i, false)]),
    );
    expect(survivors(air, attacks)).toEqual([
      // It says something about the first row only.
      'sequence: constraint "public result" deleted in the last row',
    ]);
  });
  it('notices every changed cell but a sign', () => {
    // a0 enters as its square alone: -a0 gives the same sequence.
    expect(unnoticedChanges(air, honest(), publicValues, edges)).toEqual([
      { table: 'sequence', column: 'a0', row: 0, from: 1, to: P - 1 },
    ]);
  });
});
