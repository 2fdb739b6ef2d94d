import type { Air, Table } from '../core/air/ir.ts';
import { maxDegree } from '../core/air/ir.ts';
import { planBatches } from '../core/air/planBatches.ts';
import { addM31 } from '../core/field/m31.ts';
import { checkTrace, type TraceFault } from '../prover/checkTrace.ts';
import { entryRows, recountUses, type Trace } from '../prover/trace.ts';

/** A weakened AIR: something that the original demands is left out. */
export interface Mutant {
  /** What was left out: table, name, and how. */
  readonly name: string;
  /** True when the mutant accepts a trace of which the original found exactly these faults. */
  readonly accepts: (trace: Trace, publicValues: readonly number[], faults: readonly TraceFault[]) => boolean;
}

/** A trace with public values that an attacker would like to get through. */
export interface Attack {
  readonly name: string;
  readonly trace: Trace;
  readonly publicValues: readonly number[];
}

/** What became of a mutant: the attack that shows the left-out part to be needed, if there is one. */
export interface MutantResult {
  readonly mutant: string;
  readonly killedBy: string | undefined;
}

function replaceTable(air: Air, index: number, table: Partial<Table>): Air {
  return { ...air, tables: air.tables.map((t, i) => (i === index ? { ...t, ...table } : t)) };
}

/** Mutants of one written constraint: left out, or left out in the first or the last row. */
function constraintMutants(air: Air, t: number): Mutant[] {
  const table = air.tables[t]!;
  return table.constraints.flatMap(({ name }): Mutant[] => {
    const only =
      (where: (row: number, height: number) => boolean) =>
      (trace: Trace, _values: readonly number[], faults: readonly TraceFault[]) =>
        faults.length > 0 &&
        faults.every(
          (fault) =>
            fault.kind === 'constraint' &&
            fault.table === table.name &&
            fault.constraint === name &&
            where(fault.row, 2 ** trace[t]!.logHeight),
        );
    return [
      { name: `${table.name}: constraint "${name}" deleted`, accepts: only(() => true) },
      {
        name: `${table.name}: constraint "${name}" deleted in the first row`,
        accepts: only((row) => row === 0),
      },
      {
        name: `${table.name}: constraint "${name}" deleted in the last row`,
        accepts: only((row, height) => row === height - 1),
      },
    ];
  });
}

/**
 * Mutants of look-ups: the multiplicity of an entry may be anything that balances its bus. (Counted yields are so by nature.)
 * Leaving an entry out altogether is one case of it where that is an attack at all.
 */
function entryMutants(air: Air, t: number): Mutant[] {
  const table = air.tables[t]!;
  return table.entries.flatMap((entry, e): Mutant[] => {
    const node = table.nodes[entry.multiplicity]!;
    if (node.op === 'column' && table.columns[node.column]!.source.kind === 'multiplicity') return [];
    const entries = table.entries.filter((_, i) => i !== e);
    const batches = planBatches(table.name, entries, table.degrees, maxDegree(air.logComposition));
    const without = replaceTable(air, t, { entries, batches });
    return [
      {
        name: `${table.name}: ${entry.kind} "${entry.name}" any number of times`,
        accepts: (trace, publicValues) => {
          const recounted = recountUses(without, trace, publicValues);
          const faults = checkTrace(without, recounted, publicValues, Number.POSITIVE_INFINITY);
          // What is left unbalanced must be tuples that rows of the entry have: it can then make up for them.
          if (faults.some((fault) => fault.kind === 'constraint' || fault.bus !== air.buses[entry.bus]!.name))
            return false;
          const offered = new Set<string>();
          entryRows(table, recounted[t]!, entry, publicValues, (_row, tuple) => offered.add(tuple.join()));
          return faults.every(
            (fault) => fault.kind === 'bus' && offered.has(Object.values(fault.tuple).join()),
          );
        },
      },
    ];
  });
}

/** Mutants of the statement: a field of a public entry may be anything. */
function publicMutants(air: Air): Mutant[] {
  return air.publicEntries.flatMap((entry) =>
    air.buses[entry.bus]!.fields.map(
      (field, f): Mutant => ({
        name: `statement: ${entry.kind} "${entry.name}" with any ${field}`,
        accepts: (_trace, publicValues, faults) => {
          const [one, other] = faults;
          if (faults.length !== 2 || one?.kind !== 'bus' || other?.kind !== 'bus') return false;
          if (
            one.bus !== air.buses[entry.bus]!.name ||
            other.bus !== one.bus ||
            addM31(one.balance, other.balance) !== 0
          )
            return false;
          const own = entry.tuple.map((v) => ('constant' in v ? v.constant : publicValues[v.publicCell]!));
          const tuples = [Object.values(one.tuple), Object.values(other.tuple)];
          return (
            tuples.some((tuple) => tuple.join() === own.join()) &&
            tuples.every((tuple) => tuple.every((value, i) => i === f || value === own[i]))
          );
        },
      }),
    ),
  );
}

/** All mutants of an AIR: each constraint, look-up, multiplicity and boundary left out or weakened, one at a time. */
export function mutantsOf(air: Air): Mutant[] {
  return [
    ...air.tables.flatMap((_, t) => [...constraintMutants(air, t), ...entryMutants(air, t)]),
    ...publicMutants(air),
  ];
}

/**
 * Runs attacks against mutants: an attack kills a mutant when the mutant accepts what the original rejects. A mutant that
 * no attack kills is a finding: a redundant constraint, or an attack that is missing.
 */
export function scoreMutants(air: Air, attacks: readonly Attack[]): MutantResult[] {
  const rejected = attacks
    .map((attack) => ({ ...attack, trace: recountUses(air, attack.trace, attack.publicValues) }))
    .map((attack) => ({ ...attack, faults: checkTrace(air, attack.trace, attack.publicValues, 200) }))
    .filter(({ faults }) => faults.length > 0);
  return mutantsOf(air).map(({ name, accepts }) => ({
    mutant: name,
    killedBy: rejected.find(({ trace, publicValues, faults }) => accepts(trace, publicValues, faults))?.name,
  }));
}
