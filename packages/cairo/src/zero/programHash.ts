import { type Felt, pedersen, poseidonMany, shortString } from '@cairn/primitives';
import type { CompiledZeroProgram } from './compiledProgram.ts';
import { MAIN_SCOPE } from './passes/loadModules.ts';
import { zeroError } from './zeroError.ts';

/** The bootloader version that program hashes are made for. */
const BOOTLOADER_VERSION = 0n;

/**
 * The hash by which bootloaders and settlement know a program: over bootloader version, offset of `main`, builtins
 * and data; a Pedersen chain from the last word to the first with the length before it, or Poseidon.
 * @throws CairnError `ZERO_MAIN` when the program has no `main`
 * @see os-and-settlement.md section 8
 */
export function zeroProgramHash(
  { builtins, data, identifiers }: CompiledZeroProgram,
  hash: 'pedersen' | 'poseidon' = 'pedersen',
): Felt {
  const main = identifiers.get(`${MAIN_SCOPE}.main`);
  if (main?.kind !== 'function') throw zeroError('ZERO_MAIN', 'The program has no main function.', undefined);
  const names = builtins.map(shortString);
  const words = [BOOTLOADER_VERSION, BigInt(main.pc), BigInt(builtins.length), ...names, ...data];
  if (hash === 'poseidon') return poseidonMany(words);
  return [BigInt(words.length), ...words].reduceRight((tail, word) => pedersen(word, tail));
}
