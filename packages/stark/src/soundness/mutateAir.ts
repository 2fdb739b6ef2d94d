import type { Air, BusEntry, Table } from '../core/air/ir.ts';
import { maxDegree } from '../core/air/ir.ts';
import { planBatches } from '../core/air/planBatches.ts';
import { addM31 } from '../core/field/m31.ts';
import { checkTrace, type TraceFault } from '../prover/checkTrace.ts';
import { entryRows, recountUses, type Trace } from '../prover/trace.ts';

/** A weakened AIR: something that the original demands is left out. */
export interface Mutant {
  /** What was left out: table, name, and how. */
  readonly name: string;
  /** True when the mutant accepts what the original rejects. */
  readonly accepts: (attack: RejectedAttack) => boolean;
}

/** Faults of each kind that are looked for in an attack. */
const MAX_FAULTS = 200;

/** A trace with public values that an attacker would like to get through. */
export interface Attack {
  readonly name: string;
  readonly trace: Trace;
  readonly publicValues: readonly number[];
}

/** An attack with the faults that the original finds in it: all of them. */
export class RejectedAttack implements Attack {
  readonly name: string;
  readonly trace: Trace;
  readonly publicValues: readonly number[];
  readonly faults: readonly TraceFault[];
  readonly #air: Air;
  readonly #offered = new Map<BusEntry, ReadonlySet<string>>();

  constructor(air: Air, attack: Attack, faults: readonly TraceFault[]) {
    this.name = attack.name;
    this.trace = attack.trace;
    this.publicValues = attack.publicValues;
    this.faults = faults;
    this.#air = air;
  }

  /** True when each of these tuples is one that some row has in this entry, whatever its multiplicity. */
  offers(t: number, entry: BusEntry, faults: readonly TraceFault[]): boolean {
    let offered = this.#offered.get(entry);
    if (offered === undefined) {
      const tuples = new Set<string>();
      entryRows(this.#air.tables[t]!, this.trace[t]!, entry, this.publicValues, (_row, tuple) =>
        tuples.add(tuple.join()),
      );
      offered = tuples;
      this.#offered.set(entry, offered);
    }
    const bus = this.#air.buses[entry.bus]!.name;
    return faults.every(
      (fault) => fault.kind === 'bus' && fault.bus === bus && offered.has(Object.values(fault.tuple).join()),
    );
  }
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
      ({ trace, faults }: RejectedAttack) =>
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
        // What is left unbalanced must be tuples that rows of the entry have: it can then make up for them. What the original
        // finds is looked at first, for without the entry other tuples stay as they were.
        accepts: (attack) => {
          if (!attack.offers(t, entry, attack.faults)) return false;
          const recounted = recountUses(without, attack.trace, attack.publicValues);
          const faults = checkTrace(without, recounted, attack.publicValues, Number.POSITIVE_INFINITY);
          return attack.offers(t, entry, faults);
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
        accepts: ({ publicValues, faults }) => {
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
export function scoreMutants(
  air: Air,
  attacks: readonly Attack[],
  mutants: readonly Mutant[] = mutantsOf(air),
): MutantResult[] {
  const rejected = attacks.flatMap((attack) => {
    const trace = recountUses(air, attack.trace, attack.publicValues);
    const faults = checkTrace(air, trace, attack.publicValues, MAX_FAULTS);
    // Faults beyond the limit could be of any kind: such an attack is too broad to say anything.
    const isComplete = (['constraint', 'bus'] as const).every(
      (kind) => faults.filter((fault) => fault.kind === kind).length < MAX_FAULTS,
    );
    return faults.length > 0 && isComplete ? [new RejectedAttack(air, { ...attack, trace }, faults)] : [];
  });
  return mutants.map(({ name, accepts }) => ({
    mutant: name,
    killedBy: rejected.find((attack) => accepts(attack))?.name,
  }));
}
