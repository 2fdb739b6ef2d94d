import type { Air, BusEntry } from '../core/air/ir.ts';
import { negM31 } from '../core/field/m31.ts';
import { entryRows } from '../prover/trace.ts';
import type { Mutant, RejectedAttack } from './mutateAir.ts';

/** Tuples of a bus that rows with a counted multiplicity yield: as many of them as are used. */
function countedTuples(air: Air, attack: RejectedAttack, bus: number): number[][] {
  const tuples: number[][] = [];
  air.tables.forEach((table, t) => {
    for (const entry of table.entries) {
      if (entry.bus !== bus || !isCounted(air, t, entry)) continue;
      entryRows(table, attack.trace[t]!, entry, attack.publicValues, (_row, tuple) => tuples.push(tuple));
    }
  });
  return tuples;
}

function isCounted(air: Air, t: number, { kind, multiplicity }: BusEntry): boolean {
  const table = air.tables[t]!;
  const node = table.nodes[multiplicity]!;
  return (
    kind === 'yield' && node.op === 'column' && table.columns[node.column]!.source.kind === 'multiplicity'
  );
}

/** True when the attack's faults go away once field f of the entry's tuples may be anything, row by row. */
function acceptsAnyField(air: Air, t: number, entry: BusEntry, f: number, attack: RejectedAttack): boolean {
  const bus = air.buses[entry.bus]!.name;
  const faults: { tuple: number[]; balance: number }[] = [];
  for (const fault of attack.faults) {
    if (fault.kind !== 'bus' || fault.bus !== bus) return false;
    faults.push({ tuple: Object.values(fault.tuple), balance: fault.balance });
  }
  // Tuples of the entry's own rows, with what each row adds to the balance.
  const own: { key: string; m: number }[] = [];
  entryRows(air.tables[t]!, attack.trace[t]!, entry, attack.publicValues, (_row, tuple, m) => {
    if (m !== 0) own.push({ key: tuple.join(), m: entry.kind === 'use' ? m : negM31(m) });
  });
  const isOwn = ({ tuple, balance }: (typeof faults)[number]) =>
    own.some(({ key, m }) => key === tuple.join() && m === balance);
  const differsInField = (a: readonly number[], b: readonly number[]) =>
    a.every((value, i) => i === f || value === b[i]);
  const left = new Set(faults.filter((fault) => !isOwn(fault)));
  const unmatched = faults.filter((fault) => {
    if (!isOwn(fault)) return false;
    for (const other of left) {
      if (other.balance !== negM31(fault.balance) || !differsInField(fault.tuple, other.tuple)) continue;
      left.delete(other);
      return false;
    }
    return true;
  });
  if (left.size > 0) return false;
  const counted = unmatched.length > 0 ? countedTuples(air, attack, entry.bus) : [];
  return unmatched.every(({ tuple }) => counted.some((row) => differsInField(tuple, row)));
}

/**
 * Mutants of look-ups with several fields: one field of an entry may be anything, in each row. Not among `mutantsOf`: most
 * fields are bound by other entries of their row as well, so that many of these mutants survive for good reasons.
 */
export function fieldMutantsOf(air: Air): Mutant[] {
  return air.tables.flatMap((table, t) =>
    table.entries.flatMap((entry): Mutant[] => {
      const { fields } = air.buses[entry.bus]!;
      if (fields.length === 1 || isCounted(air, t, entry)) return [];
      return fields.map((field, f) => ({
        name: `${table.name}: ${entry.kind} "${entry.name}" with any ${field}`,
        accepts: (attack) => acceptsAnyField(air, t, entry, f, attack),
      }));
    }),
  );
}
