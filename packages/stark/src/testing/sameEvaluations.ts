import fc from 'fast-check';
import { expect } from 'vitest';
import { constraintValues, evaluateNodes, SECURE_FIELD } from '../core/air/evaluate.ts';
import type { Air } from '../core/air/ir.ts';
import { P } from '../core/field/m31.ts';
import { powers, type QM31 } from '../core/field/qm31.ts';
import { type LiteralQM31, literal, literalConstraints } from './literalInterpreter.ts';

const word = fc.integer({ min: 0, max: P - 1 });
const secure = fc.tuple(word, word, word, word) as fc.Arbitrary<QM31>;

/** T8: the same random assignment in the flat evaluator and the literal interpreter. */
export function expectSameEvaluations(air: Air): void {
  for (const table of air.tables) {
    const count = table.columns.length;
    const batches = table.batches.length;
    fc.assert(
      fc.property(
        fc.array(secure, { minLength: 2 * count + batches + 6, maxLength: 2 * count + batches + 6 }),
        fc.array(word, { minLength: air.publicCells.length, maxLength: air.publicCells.length }),
        (v, publicValues) => {
          const [z, alpha, isFirst, isLast, nextSum, meanSum, ...rest] = v as [
            QM31,
            QM31,
            QM31,
            QM31,
            QM31,
            QM31,
            ...QM31[],
          ];
          const column = (c: number, next: boolean) => rest[c + (next ? count : 0)]!;
          const sums = rest.slice(2 * count);
          const fast = constraintValues(
            table,
            evaluateNodes(table.nodes, SECURE_FIELD, { column, publicValues, isFirst, isLast }),
            batches === 0
              ? undefined
              : {
                  challenges: { z, alphaPowers: powers(alpha, 40) },
                  busIds: air.buses.map(({ id }) => id),
                  sums,
                  nextSum,
                  meanSum,
                },
          );
          const slow = literalConstraints(air, table, {
            column: (c, next) => literal.of(column(c, next)),
            publicValues,
            isFirst: literal.of(isFirst),
            isLast: literal.of(isLast),
            z: literal.of(z),
            alpha: literal.of(alpha),
            sums: sums.map(literal.of),
            nextSum: literal.of(nextSum),
            meanSum: literal.of(meanSum),
          });
          expect(fast.map((q): LiteralQM31 => literal.of(q))).toEqual(slow);
        },
      ),
      { numRuns: 20 },
    );
  }
}
