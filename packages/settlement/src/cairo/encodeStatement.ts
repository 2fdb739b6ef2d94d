import { type CairoProofFile, encodeProgram, encodeRun } from '@cairn/cairo-air';
import { concatBytes } from '@cairn/primitives';

/** A proof file's statement as the contract takes it; of a fixed program, which the contract knows, only the run. */
export function encodeStatement(
  { statement, ids }: Pick<CairoProofFile, 'statement' | 'ids'>,
  { isProgramFixed = false } = {},
): Uint8Array {
  const run = encodeRun(statement, ids);
  return isProgramFixed ? run : concatBytes(encodeProgram(statement), run);
}
