import { word } from '@cairn/cairo/testing';
import { describe, expect, it } from 'vitest';
import { publicValues } from './statement/statementEntries.ts';
import { CORE_FORGERIES, fibonacci } from './testing/coreForgeries.ts';
import { faultsOf, forgedWitness, verdictOn } from './testing/forgery.ts';

describe('a forger is refused', () => {
  it.each(CORE_FORGERIES)('%s', async (_name, run, lies) => {
    const witness = forgedWitness(run(), lies);
    expect(faultsOf(witness)).not.toEqual([]);
    expect((await verdictOn(witness)).ok).toBe(false);
  });
});

describe('the challenges', () => {
  it('depend on every cell of the statement', () => {
    const { layout, statement, ids } = forgedWitness(fibonacci(), {});
    const valuesOf = (other: typeof statement, otherIds = ids) =>
      publicValues(layout, other, otherIds).join();
    const all = [
      statement,
      { ...statement, program: statement.program.with(20, 5n) },
      { ...statement, output: [5n] },
      { ...statement, builtins: statement.builtins.map((b) => ({ ...b, stop: b.stop + 1 })) },
      { ...statement, finalAp: statement.finalAp + 1 },
    ].map((other) => valuesOf(other));
    all.push(valuesOf(statement, ids.with(3, 77)));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('an entry that is none', () => {
  it('is refused before anything else is looked at', async () => {
    const witness = forgedWitness(fibonacci(), {
      statement: (s) => ({ ...s, program: s.program.with(5, word({})) }),
    });
    expect(await verdictOn(witness)).toMatchObject({ ok: false, code: 'INVALID_STATEMENT' });
  });
});
