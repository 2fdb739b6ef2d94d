import { columnGroups, scoreMutants } from '@cairn/stark/soundness';
import { describe, expect, it } from 'vitest';
import { coreAir as air, coreWitness as witness } from './testing/attacks/coreWitness.ts';
import { cpuAttacks } from './testing/attacks/cpuAttacks.ts';
import { instructionAttacks } from './testing/attacks/instructionAttacks.ts';
import { operationAttacks, smallProductAttacks } from './testing/attacks/operationAttacks.ts';
import { rangeCheckAttacks } from './testing/attacks/rangeCheckAttacks.ts';
import { valueAttacks } from './testing/attacks/valueAttacks.ts';
import { faultsOf } from './testing/forgery.ts';

describe('the core', () => {
  it('has an honest trace', () => {
    expect(faultsOf(witness)).toEqual([]);
  });
  it('is connected in every table', () => {
    for (const { table, groups } of columnGroups(air)) expect(groups.length, table).toBe(1);
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
    const survivors = results.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant);
    expect(results.length).toBeGreaterThan(240);
    expect(survivors).toEqual([
      // Without them a range table may begin elsewhere; a run without a 0 to be checked would show it.
      'nine bits: constraint "first is 0" deleted',
      'ten bits: constraint "first is 0" deleted',
      // One of the three alone: "res is read" adds them up, and each is 0 or 1 by the rules of its own kind of step.
      'cpu: constraint "small is a bit" deleted',
      'cpu: constraint "taken is a bit" deleted',
      'cpu: constraint "reads res is a bit" deleted',
      // Needed; an attack takes two frames with the same saved registers (fp), or a stack that lies elsewhere (ap).
      'cpu: constraint "next fp" deleted',
      'cpu: constraint "first ap" deleted',
      'cpu: constraint "first fp" deleted',
      'cpu: constraint "last fp" deleted',
      // Any single flag that is no bit makes a group of the word negative, or breaks another rule.
      'instructions: constraint "res add is a bit" deleted',
      'instructions: constraint "ap add is a bit" deleted',
      'instructions: constraint "ret is a bit" deleted',
      'instructions: constraint "assert eq is a bit" deleted',
      // The group of 27 bits that it ends is below 2^27 anyway.
      'instructions: use "offsets 5" any number of times',
      // A part in sixteenths needs five flags at once, among them two sources of op1.
      'instructions: use "offsets 6" any number of times',
      // Needed, but the ids and addresses of a whole trace would have to move, those of the statement too.
      'memory: constraint "first row is 0" deleted',
      'small values: constraint "first row is 0" deleted',
      'small values: constraint "value 0 is the first" deleted',
      'big values: constraint "first row is 0" deleted',
      // The range of limb 21 refuses full without top, unless full is no bit.
      'big values: constraint "full only under top" deleted',
      // c is between 0 and P: no other multiple of P can be taken off.
      'sums: constraint "wraps is a bit" deleted',
    ]);
  });
});
