import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import type { BusEntry } from './ir.ts';

/** Degree of T·Πd - Σ m·Π(other d), the constraint of a batch of fractions m/d. */
function batchDegree(
  batch: readonly number[],
  entries: readonly BusEntry[],
  degrees: readonly number[],
): number {
  const denominators = batch.map((i) => Math.max(...entries[i]!.tuple.map((node) => degrees[node]!)));
  const total = denominators.reduce((sum, d) => sum + d, 0);
  return Math.max(
    1 + total,
    ...batch.map((i, k) => degrees[entries[i]!.multiplicity]! + total - denominators[k]!),
  );
}

/**
 * Groups look-up entries, in order, into as few columns of sums of fractions as the degree allows.
 * @throws CairnError `DEGREE_TOO_HIGH` for an entry that does not even fit alone.
 */
export function planBatches(
  table: string,
  entries: readonly BusEntry[],
  degrees: readonly number[],
  maxDegree: number,
): number[][] {
  const batches: number[][] = [];
  entries.forEach((entry, i) => {
    const open = batches.at(-1);
    if (open !== undefined && batchDegree([...open, i], entries, degrees) <= maxDegree) {
      open.push(i);
    } else if (batchDegree([i], entries, degrees) <= maxDegree) {
      batches.push([i]);
    } else {
      throw new CairnError<StarkErrorCode>(
        'DEGREE_TOO_HIGH',
        `${table}.${entry.name}: the look-up needs degree ${batchDegree([i], entries, degrees)}, expected at most ${maxDegree}`,
        { details: { table, constraint: entry.name } },
      );
    }
  });
  return batches;
}
