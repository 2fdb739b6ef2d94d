import {
  checkAllowedLibfuncs,
  compileSierraClass,
  decodeProgram,
  formatCasmClass,
  parseCasmClass,
} from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';
import { compiledClassHash, type SierraClass } from '@cairn/protocol';

/** A compiled class with the hash that a declare must name. */
export interface CompiledClass {
  /** JSON of the CASM class. */
  readonly casm: unknown;
  /** Blake2s form. */
  readonly compiledClassHash: Felt;
}

/**
 * Compiles a class as a declare must.
 * @throws CairnError with the compiler's codes.
 */
export function compileClass(sierra: SierraClass, maxBytecodeLength: number): CompiledClass {
  const parsed = { ...sierra, ...decodeProgram(sierra.sierraProgram) };
  checkAllowedLibfuncs(parsed.program, parsed.sierraVersion);
  const casm = formatCasmClass(compileSierraClass(parsed, { maxBytecodeLength }));
  return { casm, compiledClassHash: compiledClassHash(parseCasmClass(casm), 'blake2s') };
}
