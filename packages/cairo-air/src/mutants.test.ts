import { columnGroups, scoreMutants } from '@cairn/stark/soundness';
import { describe, expect, it } from 'vitest';
import { statementAir } from './statement/statementEntries.ts';
import { coreAir as air, coreWitness as witness } from './testing/attacks/coreWitness.ts';
import { cpuAttacks } from './testing/attacks/cpuAttacks.ts';
import { instructionAttacks } from './testing/attacks/instructionAttacks.ts';
import { operationAttacks, smallProductAttacks } from './testing/attacks/operationAttacks.ts';
import { rangeCheckAttacks } from './testing/attacks/rangeCheckAttacks.ts';
import { runAttacks } from './testing/attacks/runAttacks.ts';
import { valueAttacks } from './testing/attacks/valueAttacks.ts';
import { faultsOf } from './testing/forgery.ts';

const RUN_ATTACKS = runAttacks();

describe('the core', () => {
  it('has an honest trace', () => {
    expect(faultsOf(witness)).toEqual([]);
  });
  it('is connected in every table', () => {
    for (const { table, groups } of columnGroups(air)) expect(groups.length, table).toBe(1);
  });
  it.each(RUN_ATTACKS)('refuses $attack.name', ({ refusedBy, witness, attack }) => {
    const { layout, statement, ids } = witness;
    const results = scoreMutants(statementAir(layout, statement, ids), [attack]);
    const killed = results.filter(({ killedBy }) => killedBy !== undefined).map(({ mutant }) => mutant);
    // By this alone, at most in one row.
    expect(killed).toContain(refusedBy);
    expect(killed.filter((mutant) => !mutant.startsWith(refusedBy))).toEqual([]);
  });
  it('has a killing attack for every mutant but these', () => {
    const attacks = [
      ...valueAttacks(),
      ...instructionAttacks(),
      ...operationAttacks(),
      ...smallProductAttacks(),
      ...rangeCheckAttacks(),
      ...cpuAttacks(),
    ];
    const results = scoreMutants(air, attacks).filter(
      ({ mutant }) => !/ in the (first|last) row$|^statement: /.test(mutant),
    );
    const killedByRuns = new Set(RUN_ATTACKS.map(({ refusedBy }) => refusedBy));
    const survivors = results
      .filter(({ mutant, killedBy }) => killedBy === undefined && !killedByRuns.has(mutant))
      .map(({ mutant }) => mutant);
    expect(results.length).toBeGreaterThan(240);
    expect(survivors).toEqual([
      // Every run needs 0 (limbs of the value 0) and 511 (offset -1 in the entry) of these 512 rows that count up.
      'nine bits: constraint "first is 0" deleted',
      // Needed: a table from 1 on would show 1024; the attack takes a run that checks no 0.
      'ten bits: constraint "first is 0" deleted',
      // Any single flag that is no bit makes a group of the word negative, or breaks another rule.
      'instructions: constraint "res add is a bit" deleted',
      'instructions: constraint "ap add is a bit" deleted',
      'instructions: constraint "ret is a bit" deleted',
      'instructions: constraint "assert eq is a bit" deleted',
      // The group of 27 bits that it ends is below 2^27 anyway.
      'instructions: use "offsets 5" any number of times',
      // A part in sixteenths needs five flags at once, among them two sources of op1.
      'instructions: use "offsets 6" any number of times',
      // c is between 0 and P: no other multiple of P can be taken off.
      'sums: constraint "wraps is a bit" deleted',
      // The range of limb 21 refuses full without top, unless full is no bit.
      'big values: constraint "full only under top" deleted',
      // No other row of either table is 0, and the statement reads a 0 in every run, at initialAp - 1.
      'small values: constraint "value 0 is the first" deleted',
      // One of the three alone: "res is read" adds them up, and each is 0 or 1 by the rules of its own kind of step.
      'cpu: constraint "small is a bit" deleted',
      'cpu: constraint "taken is a bit" deleted',
      'cpu: constraint "reads res is a bit" deleted',
      // "last fp" says it of the last row, and every fp is the first one or ap + 2 at a call, as each ret gives back what its
      // frame's call saved; with the first fp alone only the entry's steps and its last jump are done. So another first fp would
      // need a call whose frame is the statement's cells before the stack; the second of them, the call's return address, is 0,
      // and no instruction lies a call's size before 0.
      'cpu: constraint "first fp" deleted',
    ]);
  });
});
