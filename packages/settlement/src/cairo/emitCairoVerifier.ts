import { type CairoLayout, cairoAir } from '@cairn/cairo-air';
import type { VerifyingKey } from '@cairn/stark';
import { emitVerifier, type VerifierSources } from '../verifier/emitVerifier.ts';
import { emitStatement, type FixedProgram } from './emitStatement.ts';

/**
 * The contracts that verify Cairo proofs of a layout under its key: of any program, whose words are then part of every
 * statement, or of one that is a constant. @throws CairnError `INVALID_PROGRAM`, and those of `emitVerifier`.
 */
export function emitCairoVerifier(
  name: string,
  layout: CairoLayout,
  key: VerifyingKey,
  fixed?: FixedProgram,
): VerifierSources {
  return emitVerifier(name, key, { statement: emitStatement(cairoAir(layout), fixed) });
}
