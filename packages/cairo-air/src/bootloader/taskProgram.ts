import type { CairoProgram } from '@cairn/cairo';
import { type Felt, poseidonMany, shortString } from '@cairn/primitives';

/** Version that a task program's list of words begins with. */
const VERSION = 0n;

/**
 * A program as bootloaders take and hash it: version 0, offset of main, number and names of builtins, code.
 * @see os-and-settlement.md section 5
 */
export function taskWords({
  data,
  builtins,
  main,
}: Pick<CairoProgram, 'data' | 'builtins' | 'main'>): Felt[] {
  return [VERSION, BigInt(main), BigInt(builtins.length), ...builtins.map(shortString), ...data];
}

/** The hash by which the bootloader's output names a program: Poseidon over its words. */
export function taskHash(program: Pick<CairoProgram, 'data' | 'builtins' | 'main'>): Felt {
  return poseidonMany(taskWords(program));
}
