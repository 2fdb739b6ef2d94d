import type { ProofRun } from '@cairn/cairo';
import { CairnError, type Felt } from '@cairn/primitives';
import { C96, type Profile, verifyingKey } from '@cairn/stark';
import { type ProveOptions, prove, type Trace } from '@cairn/stark/prover';
import { type CairoAir, cairoAir } from './air/cairoAir.ts';
import { type CairoLayout, layoutName, PROVABLE_BUILTINS } from './air/layout.ts';
import type { CairoAirErrorCode } from './errors.ts';
import { type FixedCommitments, fixedCommitment } from './fixedCommitment.ts';
import {
  type CairoStatement,
  ENTRY_WORDS,
  publicMemory,
  type SegmentBounds,
} from './statement/cairoStatement.ts';
import { encodeProofFile } from './statement/proofFile.ts';
import { publicValues, statementEntries } from './statement/statementEntries.ts';
import { cairoTrace } from './witness/cairoTrace.ts';
import { type FlatRun, flattenRun } from './witness/flattenRun.ts';

/** What a Cairo proof is asked for with. */
export interface ProveCairoOptions extends ProveOptions {
  /** By default the smallest layout that has the program's builtins, with range tables that suit the run's length. */
  readonly layout?: CairoLayout;
  /** By default `C96`. */
  readonly profile?: Profile;
  /** Commitments to the fixed columns of the layout that are known already, under this profile. */
  readonly commitments?: FixedCommitments;
}

/** Steps from which on the wide range tables pay. */
const WIDE_STEPS = 2 ** 19;

/** The smallest layout for a run. @throws CairnError `UNPROVABLE_RUN` for a builtin that no layout has. */
export function layoutFor(run: ProofRun): CairoLayout {
  const modules = run.builtins.flatMap(({ name }) => {
    const known = PROVABLE_BUILTINS.find((builtin) => builtin.name === name);
    if (known === undefined)
      throw new CairnError<CairoAirErrorCode>('UNPROVABLE_RUN', `builtin ${name}: no layout proves it`);
    return known.module === undefined ? [] : [known.module];
  });
  if (run.machine.blakeCount > 0) modules.push('blake');
  return { modules: [...new Set(modules)], ranges: run.resources.steps > WIDE_STEPS ? 'wide' : 'narrow' };
}

/** The statement that a run laid out in flat addresses makes. */
export function statementOf(run: ProofRun, flat: FlatRun, layout: CairoAir): CairoStatement {
  const { values, ids } = flat.memory;
  const names = run.builtins.map(({ name }) => name);
  const builtins = names.map((name, i): SegmentBounds => {
    const stop = values.signed(ids[flat.finalAp - names.length + i]!);
    return { name, start: flat.builtins.get(name)!.start, stop: Number.isNaN(stop) ? 0 : stop };
  });
  const output = builtins.find(({ name }) => name === 'output');
  const outputIds = output === undefined ? [] : [...ids.subarray(output.start, output.stop)];
  return {
    program: statedWords(run, layout),
    entryOffset: run.program.start,
    output: outputIds.map((id) => values.felt(id)),
    initialAp: flat.initialAp,
    finalAp: flat.finalAp,
    builtins,
    unusedBuiltins: layout.builtins.flatMap(({ table }) => {
      if (names.includes(table.name)) return [];
      const { start } = flat.builtins.get(table.name)!;
      return [{ name: table.name, start, stop: start }];
    }),
  };
}

/** The words that the statement tells: all, or those before the program that the layout has. */
function statedWords({ program: { data } }: ProofRun, { layout: { program } }: CairoAir): readonly Felt[] {
  if (program === undefined) return data;
  const { words } = program;
  if (data.length !== ENTRY_WORDS + words.length || words.some((word, i) => data[ENTRY_WORDS + i] !== word))
    throw new CairnError<CairoAirErrorCode>(
      'UNPROVABLE_RUN',
      'the run is of another program than the layout',
    );
  return data.slice(0, ENTRY_WORDS);
}

/** The statement of a run with everything that a proof of it is made from. */
export interface CairoWitness {
  readonly layout: CairoAir;
  readonly statement: CairoStatement;
  /** Ids of the values in the cells of the statement. */
  readonly ids: readonly number[];
  readonly trace: Trace;
}

/** Lays out a run and fills all tables. @throws CairnError `UNPROVABLE_RUN`. */
export function cairoWitness(run: ProofRun, layout: CairoLayout = layoutFor(run)): CairoWitness {
  const known = cairoAir(layout);
  const flat = flattenRun(run, known);
  const statement = statementOf(run, flat, known);
  const addresses = publicMemory(statement).map(({ address }) => address);
  const ids = addresses.map((address) => flat.memory.ids[address]!);
  return { layout: known, statement, ids, trace: cairoTrace(known, flat, addresses) };
}

/**
 * Proves a run; the proof file as bytes.
 * @throws CairnError `UNPROVABLE_RUN`, and those of `prove`.
 */
export async function proveCairo(run: ProofRun, options: ProveCairoOptions): Promise<Uint8Array> {
  const { layout, statement, ids, trace } = cairoWitness(run, options.layout);
  const profile = options.profile ?? C96;
  const logMaxHeight = Math.max(...trace.map((table) => table.logHeight));
  const fixed =
    options.commitments?.(layout.layout, logMaxHeight) ??
    (await fixedCommitment(layout.layout, profile, logMaxHeight, options.backend));
  const key = verifyingKey(layout.air, profile, fixed);
  const stark = await prove(key, trace, publicValues(layout, statement, ids), {
    ...options,
    entries: statementEntries(layout, statement, ids),
  });
  return encodeProofFile({ layoutName: layoutName(layout.layout), statement, ids, stark });
}
