import { P } from '@cairn/stark';
import { statementAir } from '../../statement/statementEntries.ts';
import { ForgedTrace } from '../forgedTrace.ts';
import { honestWitness } from '../forgery.ts';
import { mixedMain, runMain } from '../programs.ts';

/** The run that the core's mutants are tried on. */
export const coreWitness = honestWitness(runMain(['output', 'range_check'], mixedMain()));
/** Its AIR. */
export const coreAir = statementAir(coreWitness.layout, coreWitness.statement, coreWitness.ids);
/** A copy of its trace, to be changed. */
export const forge = (): ForgedTrace => new ForgedTrace(coreWitness);

/** 1/value in M31. */
export function inverse(value: number): number {
  const p = BigInt(P);
  let [result, base, exponent] = [1n, BigInt(value), p - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % p;
    base = (base * base) % p;
  }
  return Number(result);
}
