import { hasCode } from '@cairn/primitives';
import type { OsProgram } from '../osProgram.ts';
import { runOs } from '../runOs.ts';
import type { Attack } from './attacks.ts';

/** Enough for each of the attacks; a wrong count makes a loop that does not end. */
const MAX_STEPS = 2_000_000;

/** Whether there is a run, which could be proven, in which the attack goes through, even with an output nobody can read. */
export function provesAttack({ input, alter }: Attack, program?: OsProgram): boolean {
  try {
    runOs(input(), { maxSteps: MAX_STEPS, ...(alter && { alter }), ...(program && { program }) });
    return true;
  } catch (error) {
    // A program that does not compile is no proof of anything.
    if ((error as { code?: string }).code?.startsWith('ZERO_')) throw error;
    return hasCode(error, 'INVALID_OS_OUTPUT') || hasCode(error, 'INVALID_COMPRESSED_DATA');
  }
}
