import type { BuiltinName, ProofRun } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import { DEV, verifyingKey } from '@cairn/stark';
import { checkTrace, prove, type Trace, type TraceFault, WasmBackend } from '@cairn/stark/prover';
import { type CairoAir, cairoAir } from '../air/cairoAir.ts';
import { type CairoLayout, layoutName } from '../air/layout.ts';
import { fixedCommitment } from '../fixedCommitment.ts';
import { type CairoWitness, cairoWitness, layoutFor, statementOf } from '../proveCairo.ts';
import { type CairoStatement, publicMemory } from '../statement/cairoStatement.ts';
import { encodeProofFile } from '../statement/proofFile.ts';
import { publicValues, statementAir, statementEntries } from '../statement/statementEntries.ts';
import { type CairoVerdict, verifyCairoProof } from '../verifyCairoProof.ts';
import { cairoTrace } from '../witness/cairoTrace.ts';
import { type FlatRun, flattenRun } from '../witness/flattenRun.ts';

export const BACKEND = new WasmBackend();

/** Where a forger can put his lies. */
export interface Lies {
  readonly layout?: CairoLayout;
  /** Changes memory before the tables are filled from it. */
  readonly memory?: (run: FlatRun) => void;
  readonly statement?: (statement: CairoStatement) => CairoStatement;
  /** Changes cells of the filled tables: cell(table, column) is the column. */
  readonly cells?: (cell: (table: string, column: string) => Uint32Array) => void;
}

/** Puts values under addresses of a builtin's segment, as if the run had had them. */
export const putIn =
  (name: BuiltinName, offset: number, ...values: readonly Felt[]): NonNullable<Lies['memory']> =>
  ({ memory, builtins }) => {
    values.forEach((value, i) => {
      memory.ids[builtins.get(name)!.start + offset + i] = memory.values.idOfFelt(value);
    });
  };

/** The witness of a run with lies in it. */
export function forgedWitness(run: ProofRun, lies: Lies): CairoWitness {
  const layout: CairoAir = cairoAir(lies.layout ?? layoutFor(run));
  const flat = flattenRun(run, layout);
  const honest = statementOf(run, flat, layout);
  lies.memory?.(flat);
  const statement = lies.statement?.(honest) ?? honest;
  const addresses = publicMemory(statement).map(({ address }) => address);
  const ids = addresses.map((address) => flat.memory.ids[address]!);
  const trace = cairoTrace(layout, flat, addresses);
  lies.cells?.((table, column) => columnOf(layout, trace, table, column));
  return { layout, statement, ids, trace };
}

/** A column of a trace by the names of table and column. */
export function columnOf({ air }: CairoAir, trace: Trace, table: string, column: string): Uint32Array {
  const t = air.tables.findIndex(({ name }) => name === table);
  return trace[t]!.columns[air.tables[t]!.columns.findIndex(({ name }) => name === column)]!;
}

/** What checks of the trace find. */
export function faultsOf({ layout, statement, ids, trace }: CairoWitness, limit = 5): TraceFault[] {
  return checkTrace(statementAir(layout, statement, ids), trace, publicValues(layout, statement, ids), limit);
}

/** A proof made without the prover's own checks, and the verifier's answer. */
export async function verdictOn(witness: CairoWitness): Promise<CairoVerdict> {
  const { layout, statement, ids, trace } = witness;
  const logMaxHeight = Math.max(...trace.map((table) => table.logHeight));
  const fixed = await fixedCommitment(layout.layout, DEV, logMaxHeight, BACKEND);
  const key = verifyingKey(layout.air, DEV, fixed);
  const stark = await prove(key, trace, publicValues(layout, statement, ids), {
    entries: statementEntries(layout, statement, ids),
    backend: BACKEND,
    hooks: { skipChecks: true },
  });
  const bytes = encodeProofFile({ layoutName: layoutName(layout.layout), statement, ids, stark });
  return verifyCairoProof(bytes, DEV, () => fixed);
}

/** The witness of a run without lies. */
export const honestWitness = (run: ProofRun, layout?: CairoLayout): CairoWitness =>
  layout === undefined ? cairoWitness(run) : cairoWitness(run, layout);
