import { keccak256 } from '@cairn/primitives';
import { type Air, type M31, type PublicBusEntry, withPublicEntries } from '@cairn/stark';
import type { CairoAir } from '../air/cairoAir.ts';
import { layoutName } from '../air/layout.ts';
import { type CairoStatement, PROGRAM_START, publicMemory, WORDS_BEFORE_END } from './cairoStatement.ts';
import { feltLimbs } from './feltLimbs.ts';
import { encodeProofHead } from './proofFile.ts';

/**
 * The statement's memory cells as bus entries: cell i holds the value with id ids[i], and that value is so and so. The ids
 * are the prover's choice; the entries see to it that they name the right values.
 */
export function statementEntries(
  { air }: CairoAir,
  statement: CairoStatement,
  ids: readonly number[],
): PublicBusEntry[] {
  const busOf = (name: string) => air.buses.findIndex((bus) => bus.name === name);
  const [memory, limbs] = [busOf('memory'), busOf('limbs')];
  const use = (name: string, bus: number, values: readonly number[]): PublicBusEntry => ({
    name,
    bus,
    kind: 'use',
    tuple: values.map((constant) => ({ constant })),
  });
  return publicMemory(statement).flatMap(({ address, value }, i) => [
    use(`cell ${i}`, memory, [address, ids[i]!]),
    use(`value ${i}`, limbs, [ids[i]!, ...feltLimbs(value)]),
  ]);
}

/** The layout's AIR with the statement's entries as its own: what a trace is checked against. */
export function statementAir(layout: CairoAir, statement: CairoStatement, ids: readonly number[]): Air {
  return withPublicEntries(layout.air, statementEntries(layout, statement, ids));
}

/**
 * The values of the AIR's public cells, in their order. Among them is Keccak-256 of layout, statement and ids: so every
 * challenge depends on the statement's entries.
 */
export function publicValues(layout: CairoAir, statement: CairoStatement, ids: readonly number[]): M31[] {
  const values: M31[] = layout.air.publicCells.map(() => 0);
  const { boundary, builtins, digest } = layout;
  const entry = PROGRAM_START + statement.entryOffset;
  values[boundary.initialPc.publicCell] = entry;
  values[boundary.finalPc.publicCell] = entry + WORDS_BEFORE_END;
  values[boundary.initialAp.publicCell] = statement.initialAp;
  values[boundary.finalAp.publicCell] = statement.finalAp;
  const segments = [...statement.builtins, ...statement.unusedBuiltins];
  for (const { table, start } of builtins)
    values[start.publicCell] = segments.find(({ name }) => name === table.name)!.start;
  const hash = keccak256(encodeProofHead({ layoutName: layoutName(layout.layout), statement, ids }));
  digest.forEach(({ publicCell }, i) => {
    values[publicCell] = 256 * hash[2 * i]! + hash[2 * i + 1]!;
  });
  return values;
}
