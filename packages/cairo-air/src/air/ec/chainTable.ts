import { type AirBuilder, anyM31, type BusHandle, bit, type Expr } from '@cairn/stark';
import { feltLimbs } from '../../statement/feltLimbs.ts';
import type { CairoBuses } from '../buses.ts';
import { declareZeroModuloPrime, multiplyLimbs } from '../productIdentity.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { bitsFrom, LIMB_COUNT, upTo } from '../valueForm.ts';
import { PEDERSEN_WINDOWS, pedersenTable } from './pedersenPoints.ts';

/** Bits of a scalar of ec_op. */
export const EC_OP_BITS = 9 * LIMB_COUNT;
/** Names of the two points that a row holds: the running sum, and what is added to it. */
export const POINT_COLUMNS = ['sum x', 'sum y', 'term x', 'term y'] as const;
/** Ids of a chain's inputs: those of a hash are the first two. */
export const INPUT_COUNT = 5;
/** 1/9 in M31. */
const NINTH = 1908874353;

/** Buses of the chains of point additions. */
export interface ChainBuses {
  readonly core: CairoBuses;
  readonly points: BusHandle;
  readonly digits: BusHandle;
  /** (a, b, hash) of values. */
  readonly pedersen: BusHandle;
  /** (p, q, m, r = p + m·q) of values. */
  readonly ecOp: BusHandle;
}

/**
 * Chains of additions and doublings of points, one per row. A hash is 56 additions of table points, one per limb of its
 * inputs. An ec_op goes through the bits of m from the lowest: where the bit is 1 the term is added to the sum, then the term
 * is doubled. The last row of a chain has the result as its sum.
 */
export function declareChains(a: AirBuilder, buses: ChainBuses, ranges: RangeChecks): void {
  a.table('point chains', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const one = t.constant(1);
    const more = one.sub(t.isLast);
    const flag = (name: string, reason: string) => t.free(name, bit, { reason });
    const adds = flag('adds', 'the next sum is sum + term');
    const doubles = flag('doubles', 'the next term is 2·term');
    const ends = flag('ends', 'last row of a chain, or none');
    const isHash = flag('is hash', 'row of a Pedersen hash');
    const isEcOp = flag('is ec_op', 'row of an ec_op');
    const first = flag('first', 'first row of a chain');
    const second = flag('second', 'row of the second input of a hash');
    const ninth = flag('ninth', 'last bit of a limb');
    const added = flag('added', 'the bit: the term was added in the row before');
    const position = t.free('position', anyM31, { reason: 'window or bit: constraints say so' });
    const weight = t.free('weight', anyM31, { reason: 'weight of the bit: constraints say so' });
    const digit = t.free('digit', anyM31, { reason: 'digit, or lower bits of the limb: constraints say so' });
    const inverse = t.free('inverse', anyM31, { reason: 'shows that two x differ' });
    const inputs = upTo(INPUT_COUNT).map((i) =>
      t.free(`id input${i}`, anyM31, { reason: 'which values are hashed is for those who ask' }),
    );
    const results = upTo(2).map((i) => t.free(`id result${i}`, anyM31, { reason: 'bound by the result' }));
    const uses = t.multiplicity('uses');

    const limbsOf = (name: string) =>
      upTo(LIMB_COUNT).map((i) =>
        t.free(`${name} ${i}`, bitsFrom(9, 'look-up of its own'), { reason: 'bound by the identities' }),
      );
    const [sumX, sumY, termX, termY, slope] = [
      limbsOf('sum x'),
      limbsOf('sum y'),
      limbsOf('term x'),
      limbsOf('term y'),
      limbsOf('slope'),
    ];
    const checked: Expr[] = [...sumX, ...sumY, ...termX, ...termY, ...slope];
    // Both x are below P, so that equal values have equal limbs.
    for (const [name, limbs] of [
      ['sum x', sumX],
      ['term x', termX],
    ] as const) {
      const top = flag(`${name} top`, 'the upper limb is 256');
      const full = flag(`${name} full`, 'limb 21 is 136 below a full top');
      const total = (from: number, to: number) =>
        limbs.slice(from, to).reduce((x: Expr, y) => x.add(y), t.constant(0));
      t.assertZero(`${name}: top limb is 256`, top.mul(limbs[27]!.sub(256)));
      t.assertZero(`${name}: limbs below the top are 0`, top.mul(total(22, 27)));
      t.assertZero(`${name}: full only under top`, full.mul(one.sub(top)));
      t.assertZero(`${name}: full limb is 136`, full.mul(limbs[21]!.sub(136)));
      t.assertZero(`${name}: limbs below full are 0`, full.mul(total(0, 21)));
      checked.push(limbs[27]!.mul(2).sub(top.mul(512)), limbs[21]!.add(top.sub(full).mul(511 - 135)));
    }
    ranges.nineBits(t, 'limbs', checked);
    const distance = sumX
      .map((limb, i) => limb.sub(termX[i]!).mul(limb.sub(termX[i]!)))
      .reduce((x, y) => x.add(y));
    t.assertZero('what is added has another x', adds.mul(distance.mul(inverse).sub(1)));

    // slope·(termX - sumX) = termY - sumY, or slope·2·termY = 3·termX² + 1.
    const square = multiplyLimbs(termX, termX);
    const rise = upTo(LIMB_COUNT).map((i) =>
      adds.mul(termX[i]!.sub(sumX[i]!)).add(doubles.mul(termY[i]!.mul(2))),
    );
    declareZeroModuloPrime(
      t,
      ranges,
      multiplyLimbs(slope, rise).map((coefficient, i) => {
        let value = coefficient.sub(doubles.mul(square[i]!.mul(3)));
        if (i < LIMB_COUNT) value = value.sub(adds.mul(termY[i]!.sub(sumY[i]!)));
        return i === 0 ? value.sub(doubles) : value;
      }),
      'slope ',
      'threefold',
    );
    // slope² = both x and the new x; in the last row of a chain slope is 0.
    declareZeroModuloPrime(
      t,
      ranges,
      multiplyLimbs(slope, slope).map((coefficient, i) => {
        if (i >= LIMB_COUNT) return coefficient;
        const added3 = adds.mul(sumX[i]!.add(termX[i]!).add(sumX[i]!.next));
        return coefficient.sub(added3).sub(doubles.mul(termX[i]!.mul(2).add(termX[i]!.next)));
      }),
      'x ',
    );
    // slope·(x - new x) = y + new y.
    const run = upTo(LIMB_COUNT).map((i) =>
      adds.mul(sumX[i]!.sub(sumX[i]!.next)).add(doubles.mul(termX[i]!.sub(termX[i]!.next))),
    );
    declareZeroModuloPrime(
      t,
      ranges,
      multiplyLimbs(slope, run).map((coefficient, i) => {
        if (i >= LIMB_COUNT) return coefficient;
        return coefficient
          .sub(adds.mul(sumY[i]!.add(sumY[i]!.next)))
          .sub(doubles.mul(termY[i]!.add(termY[i]!.next)));
      }),
      'y ',
    );
    // What an ec_op does not change stays; the terms of a hash come from the table.
    for (const i of upTo(LIMB_COUNT)) {
      for (const [name, limbs] of [
        ['x', sumX],
        ['y', sumY],
      ] as const)
        t.assertZero(`sum ${name} ${i} stays`, doubles.mul(limbs[i]!.next.sub(limbs[i]!)));
      for (const [name, limbs] of [
        ['x', termX],
        ['y', termY],
      ] as const)
        t.assertZero(`term ${name} ${i} stays`, adds.mul(isEcOp).mul(limbs[i]!.next.sub(limbs[i]!)));
    }

    t.assertZero('one thing a row', adds.add(doubles).add(ends).sub(1));
    const isChain = isHash.add(isEcOp);
    t.assertZero('one kind of chain', isHash.mul(isEcOp));
    t.assertZero('no chain does nothing', one.sub(isChain).mul(one.sub(ends)));
    t.assertZero('a hash doubles nothing', isHash.mul(doubles));
    t.assertZero('only chains have first rows', first.mul(one.sub(isChain)));
    t.assertZero('the first chain begins', t.isFirst.mul(isChain.sub(first)));
    t.assertZero('the last chain ends', t.isLast.mul(one.sub(ends)));
    t.assertZero(
      'after an end another begins',
      more.mul(ends).mul(isHash.next.add(isEcOp.next).sub(first.next)),
    );
    const goesOn = one.sub(ends);
    t.assertZero('none begins before an end', goesOn.mul(first.next));
    t.assertZero('a hash goes on', goesOn.mul(isHash.next.sub(isHash)));
    t.assertZero('an ec_op goes on', goesOn.mul(isEcOp.next.sub(isEcOp)));
    for (const [i, id] of inputs.entries()) t.assertZero(`input ${i} stays`, goesOn.mul(id.next.sub(id)));
    const advance = isHash.add(isEcOp.mul(doubles));
    t.assertZero('first position', first.mul(position));
    t.assertZero('positions count up', goesOn.mul(position.next.sub(position).sub(advance)));
    t.assertZero(
      'a chain ends at its end',
      ends.mul(isHash.mul(PEDERSEN_WINDOWS).add(isEcOp.mul(EC_OP_BITS)).sub(isChain.mul(position))),
    );
    t.assertZero('uses at ends', uses.mul(goesOn));

    const { initial } = pedersenTable();
    for (const [name, limbs, value] of [
      ['x', sumX, initial.x],
      ['y', sumY, initial.y],
    ] as const) {
      feltLimbs(value).forEach((limb, i) => {
        t.assertZero(`a hash begins with ${name} ${i}`, first.mul(isHash).mul(limbs[i]!.sub(limb)));
      });
    }
    const isWindow = isHash.mul(adds);
    const scalar = inputs[0]!.add(second.mul(inputs[1]!.sub(inputs[0]!)));
    t.use('digit of a hash', buses.digits, [scalar, position.sub(second.mul(LIMB_COUNT)), digit], isWindow);
    t.use('point', buses.points, [position.mul(512).add(digit), ...termX, ...termY], isWindow);

    // Bits of m: every bit has a row that doubles; the row before it adds when the bit is 1.
    t.assertZero('after an addition the term doubles', isEcOp.mul(adds).mul(one.sub(doubles.next)));
    t.assertZero(
      'the bit says what was added',
      isEcOp.mul(goesOn).mul(doubles.next).mul(added.next.sub(adds)),
    );
    t.assertZero('nothing was added before the first', first.mul(doubles).mul(added));
    t.assertZero('first weight', first.mul(isEcOp).mul(weight.sub(1)));
    t.assertZero('first digit', first.mul(isEcOp).mul(digit));
    const whole = digit.add(added.mul(weight));
    t.assertZero('ninth bit has weight 256', ninth.mul(weight.sub(256)));
    t.assertZero('weight stays while adding', isEcOp.mul(adds).mul(weight.next.sub(weight)));
    t.assertZero('digit stays while adding', isEcOp.mul(adds).mul(digit.next.sub(digit)));
    t.assertZero(
      'weight doubles or begins anew',
      doubles.mul(weight.next.sub(ninth).sub(one.sub(ninth).mul(weight.mul(2)))),
    );
    t.assertZero('digit grows or begins anew', doubles.mul(digit.next.sub(one.sub(ninth).mul(whole))));
    t.assertZero('ends behind a limb', ends.mul(isEcOp).mul(weight.sub(1)));
    t.use('limb of m', buses.digits, [inputs[4]!, position.sub(8).mul(NINTH), whole], doubles.mul(ninth));

    const startsEcOp = first.mul(isEcOp);
    for (const [i, limbs] of [sumX, sumY, termX, termY].entries())
      t.use(`${POINT_COLUMNS[i]} of an ec_op`, buses.core.limbs, [inputs[i]!, ...limbs], startsEcOp);
    t.use('hash of the result', buses.core.limbs, [results[0]!, ...sumX], ends.mul(isHash));
    t.use('x of the result', buses.core.limbs, [results[0]!, ...sumX], ends.mul(isEcOp));
    t.use('y of the result', buses.core.limbs, [results[1]!, ...sumY], ends.mul(isEcOp));
    t.yield('hash', buses.pedersen, [inputs[0]!, inputs[1]!, results[0]!], uses.mul(isHash));
    t.yield('ec_op', buses.ecOp, [...inputs, ...results], uses.mul(isEcOp));
  });
}
