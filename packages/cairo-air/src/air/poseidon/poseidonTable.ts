import type { Felt } from '@cairn/primitives';
import {
  type AirBuilder,
  anyM31,
  type BusHandle,
  type ColumnExpr,
  type Expr,
  type PublicCell,
} from '@cairn/stark';
import { fillPoseidon } from '../../witness/fillPoseidon.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import type { CairoBuses } from '../buses.ts';
import { declareConstants } from '../constantsTable.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { bitFrom, bitsFrom, PAIR_COUNT, PRIME_PAIRS, rangeFrom, upTo } from '../valueForm.ts';
import { declareCubes } from './cubeTable.ts';
import {
  COMBINATIONS,
  type Combination,
  POSEIDON_ROWS,
  POSEIDON_SCHEDULE,
  poseidonRows,
  SCHEDULE_FIELDS,
  SLOTS,
  STEP_KINDS,
} from './poseidonSchedule.ts';

/** Added to carries and quotients to look them up as nine bits. */
export const LINEAR_BIAS = 256;
/** Cells of an instance. */
export const POSEIDON_CELLS = 6;

/** Buses that the rows of permutations use. */
export interface PoseidonBuses {
  readonly core: CairoBuses;
  readonly pairs: BusHandle;
  readonly cubes: BusHandle;
  readonly schedule: BusHandle;
}

/**
 * The permutations, 38 rows each, instance by instance. The schedule fixes what kind of row follows; the message of its
 * look-up is what the row's identities say the constants are, so the identities need no constraints.
 */
export function declarePoseidon(
  a: AirBuilder,
  { core, pairs, cubes, schedule }: PoseidonBuses,
  ranges: RangeChecks,
  start: PublicCell,
): void {
  a.table('poseidon', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
    const one = t.constant(1);
    const more = one.sub(t.isLast);
    const step = t.free('step', anyM31, { reason: 'counts: constraints say so' });
    const kinds = STEP_KINDS.map((kind) =>
      t.free(kind, bitFrom('schedule'), { reason: 'bound by the schedule' }),
    );
    const kindOf = (kind: (typeof STEP_KINDS)[number]): ColumnExpr => kinds[STEP_KINDS.indexOf(kind)]!;
    const [isInput, isOutput] = [kindOf('input'), kindOf('output')];
    t.assertZero('begins with inputs', t.isFirst.mul(step));
    t.assertZero('steps count up', more.mul(step.next.sub(one.sub(isOutput).mul(step.add(1)))));
    const address = t.free('address', anyM31, { reason: 'counts from the start of the segment' });
    t.assertZero('first address', t.isFirst.mul(address.sub(t.publicValue(start))));
    t.assertZero('addresses count up', more.mul(address.next.sub(address).sub(isOutput.mul(POSEIDON_CELLS))));
    const values = (name: string) =>
      upTo(SLOTS).map((slot) =>
        upTo(PAIR_COUNT).map((i) =>
          t.free(`${name}${slot} ${i}`, bitsFrom(18, 'value or cube'), { reason: 'bound by value or cube' }),
        ),
      );
    const [y, z] = [values('y'), values('z')];

    const linear = (slot: number, i: number): Expr => {
      let sum = t.constant(0);
      STEP_KINDS.forEach((kind, k) => {
        const { y: ofY = [], z: ofZ = [], nextY = [], nextZ = [] }: Combination = COMBINATIONS[kind][slot]!;
        let terms: Expr | undefined;
        const addTerm = (factor: number | undefined, value: Expr) => {
          if (factor === undefined || factor === 0) return;
          terms = terms === undefined ? value.mul(factor) : terms.add(value.mul(factor));
        };
        for (let other = 0; other < SLOTS; other++) {
          addTerm(ofY[other], y[other]![i]!);
          addTerm(ofZ[other], z[other]![i]!);
          addTerm(nextY[other], y[other]![i]!.next);
          addTerm(nextZ[other], z[other]![i]!.next);
        }
        if (terms !== undefined) sum = sum.add(kinds[k]!.mul(terms));
      });
      return sum;
    };
    const constants: Expr[] = [];
    const checked: Expr[] = [];
    const nine = rangeFrom('signed nine bits', -LINEAR_BIAS, LINEAR_BIAS - 1, 'look-up of its own');
    for (const slot of upTo(SLOTS)) {
      const quotient = t.free(`quotient${slot}`, nine, { reason: 'bound by the carries' });
      checked.push(quotient.add(LINEAR_BIAS));
      let carryIn: Expr = t.constant(0);
      for (const i of upTo(PAIR_COUNT)) {
        // y' + quotient·P = combination + constant, pair by pair with carries.
        let own = y[slot]![i]!.next.add(quotient.mul(PRIME_PAIRS[i]!)).sub(carryIn);
        if (i < PAIR_COUNT - 1) {
          const carry = t.free(`carry${slot} ${i}`, nine, { reason: 'bound by the pairs below' });
          checked.push(carry.add(LINEAR_BIAS));
          own = own.add(carry.mul(2 ** 18));
          carryIn = carry;
        }
        constants.push(one.sub(isOutput).mul(own).sub(linear(slot, i)));
      }
    }
    ranges.nineBits(t, 'carries', checked);

    for (const slot of upTo(SLOTS)) {
      const id = t.free(`id${slot}`, anyM31, { reason: 'bound by memory where it is a value' });
      const cell = address.add(slot).add(isOutput.mul(SLOTS));
      const notCubed = one.sub(one.sub(isInput).mul(one.sub(isOutput)));
      t.use(`cell ${slot}`, core.memory, [cell, id], notCubed);
      t.use(`value ${slot}`, pairs, [id, ...y[slot]!], notCubed);
      t.use(`cube ${slot}`, cubes, [...y[slot]!, ...z[slot]!], one.sub(isInput).mul(one.sub(isOutput)));
    }
    // The last row has no next one to speak of; it lies within a permutation, as 38 divides no power of 2 or one more.
    t.assertZero('last row is no input', t.isLast.mul(isInput));
    t.assertZero('last row is no output', t.isLast.mul(isOutput));
    t.use('schedule', schedule, [step, ...kinds, ...constants], more);
  });
}

const ALL_ZERO: readonly Felt[] = [0n, 0n, 0n];

/** Instances [three inputs, three outputs] of the poseidon builtin: Starknet's Hades permutation. */
export const poseidonTable: BuiltinTable = {
  name: 'poseidon',
  cellsPerInstance: POSEIDON_CELLS,
  rowsPerInstance: POSEIDON_ROWS,
  paddingInstance: () => [...ALL_ZERO, ...poseidonRows(ALL_ZERO).at(-1)!.y],
  declare(a, { buses, ranges, pairs, start }) {
    const cubes = declareCubes(a, ranges);
    const schedule = declareConstants(a, POSEIDON_SCHEDULE, SCHEDULE_FIELDS);
    declarePoseidon(a, { core: buses, pairs: pairs!, cubes, schedule }, ranges, start);
  },
  fill: fillPoseidon,
};
