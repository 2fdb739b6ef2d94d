import { type CairoLayout, committedProgram, MODULES } from '@cairn/cairo-air';
import { osProgram } from '@cairn/os';

/** Heights of the tallest table, as powers of two, for which there are verifiers of OS runs. */
export const OS_PROOF_HEIGHTS = [16, 17, 18, 19, 20] as const;

let known: CairoLayout | undefined;

/** The layout of all proofs of OS runs: every module, and the OS itself as fixed columns (ADR 11). */
export function osLayout(): CairoLayout {
  known ??= { modules: MODULES, ranges: 'narrow', program: committedProgram(osProgram().program.data) };
  return known;
}
