import type { Air } from '../core/air/ir.ts';
import { addM31, type M31, subM31 } from '../core/field/m31.ts';
import { ColumnEvaluator } from './evaluateColumns.ts';
import { entryRows, type Trace } from './trace.ts';

/** What is wrong with a trace, and where. */
export type TraceFault =
  | {
      readonly kind: 'constraint';
      readonly table: string;
      readonly row: number;
      readonly constraint: string;
      readonly value: M31;
    }
  /** A tuple used more or less often than yielded: uses minus yields, modulo p. */
  | {
      readonly kind: 'bus';
      readonly bus: string;
      readonly tuple: Readonly<Record<string, M31>>;
      readonly balance: M31;
      /** A row and entry that has the tuple; absent where the statement alone has it. */
      readonly place?: BusPlace;
    };

/** Where a tuple is used or yielded. */
export interface BusPlace {
  readonly table: string;
  readonly row: number;
  readonly entry: string;
}

/** All rows against all written constraints. */
function constraintFaults(air: Air, trace: Trace, publicValues: readonly M31[], limit: number): TraceFault[] {
  const faults: TraceFault[] = [];
  for (const [t, table] of air.tables.entries()) {
    const { columns, logHeight } = trace[t]!;
    const evaluator = new ColumnEvaluator(table, logHeight, columns, publicValues);
    for (const { name, node } of table.constraints) {
      const values = evaluator.values(node);
      for (let row = 0; row < values.length; row++) {
        if (values[row] === 0) continue;
        faults.push({ kind: 'constraint', table: table.name, row, constraint: name, value: values[row]! });
        if (faults.length >= limit) return faults;
      }
    }
  }
  return faults;
}

/** All tuples of all buses, with uses minus yields where that is not 0. */
function busFaults(air: Air, trace: Trace, publicValues: readonly M31[], limit: number): TraceFault[] {
  const balances = air.buses.map(() => new Map<string, { balance: M31; place?: BusPlace }>());
  const count = (
    bus: number,
    tuple: readonly M31[],
    kind: 'use' | 'yield',
    m: M31,
    place?: () => BusPlace,
  ) => {
    if (m === 0) return;
    const key = tuple.join();
    let known = balances[bus]!.get(key);
    if (known === undefined) {
      known = { balance: 0, ...(place === undefined ? {} : { place: place() }) };
      balances[bus]!.set(key, known);
    }
    known.balance = kind === 'use' ? addM31(known.balance, m) : subM31(known.balance, m);
  };
  air.tables.forEach((table, t) => {
    for (const entry of table.entries) {
      entryRows(table, trace[t]!, entry, publicValues, (row, tuple, m) =>
        count(entry.bus, tuple, entry.kind, m, () => ({ table: table.name, row, entry: entry.name })),
      );
    }
  });
  for (const entry of air.publicEntries) {
    const tuple = entry.tuple.map((v) => ('constant' in v ? v.constant : publicValues[v.publicCell]!));
    count(entry.bus, tuple, entry.kind, 1);
  }
  const faults: TraceFault[] = [];
  for (const [b, bus] of air.buses.entries()) {
    for (const [key, { balance, place }] of balances[b]!) {
      if (balance === 0) continue;
      const tuple = Object.fromEntries(key.split(',').map((v, i) => [bus.fields[i]!, Number(v)]));
      faults.push({
        kind: 'bus',
        bus: bus.name,
        tuple,
        balance,
        ...(place === undefined ? {} : { place }),
      });
      if (faults.length >= limit) return faults;
    }
  }
  return faults;
}

/**
 * Every violated constraint (table, row, name) and every unbalanced tuple of a trace, up to `limit` of each kind.
 */
export function checkTrace(air: Air, trace: Trace, publicValues: readonly M31[], limit = 100): TraceFault[] {
  return [
    ...constraintFaults(air, trace, publicValues, limit),
    ...busFaults(air, trace, publicValues, limit),
  ];
}

/** A fault as one line. */
export function describeFault(fault: TraceFault): string {
  if (fault.kind === 'constraint') {
    return `table ${fault.table}, row ${fault.row}: constraint "${fault.constraint}" is ${fault.value}, expected 0`;
  }
  const tuple = Object.entries(fault.tuple).map(([name, value]) => `${name}=${value}`);
  const { place } = fault;
  const where =
    place === undefined
      ? 'in the statement'
      : `in table ${place.table}, row ${place.row}, entry "${place.entry}"`;
  return `bus ${fault.bus}: (${tuple.join(', ')}) ${where} has uses minus yields ${fault.balance}, expected 0`;
}
