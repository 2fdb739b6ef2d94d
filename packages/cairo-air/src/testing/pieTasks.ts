import { type CairoPie, cairoPie, readCairoPie, runProgram, writeCairoPie } from '@cairn/cairo';
import type { HintedTask } from '../bootloader/bootloadPrograms.ts';

/** The PIE of a task's run, written and read. */
export async function pieOf({ program, hints }: HintedTask): Promise<CairoPie> {
  const result = runProgram({ program, hints, maxSteps: 1_000_000 });
  return readCairoPie(await writeCairoPie(cairoPie(program, result)));
}
