import type { CairoPie } from './cairoPie.ts';
import type { CairoProgram } from './cairoProgram.ts';
import type { Machine } from './machine.ts';
import { invalidPie } from './pieMemory.ts';
import { type HintRegistry, type ProgramRequest, type ProgramResult, runProgram } from './runProgram.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, type Word } from './word.ts';

/** Text of the one hint that {@link pieProgram} has: memory is loaded. */
const LOAD = 'load the PIE';
/** Cells of a frame between what the function gets and fp: the caller's fp and where it returns to. */
const RETURN_CELLS = 2;

/** The program of a PIE, whose only hint, at main, stands for the loading of memory. */
export function pieProgram({ program }: CairoPie): CairoProgram {
  return { ...program, hints: new Map([[program.main, [LOAD]]]) };
}

/**
 * The hint of {@link pieProgram}: when main is reached for the first time, memory gets what the PIE's run had there. Main's frame
 * tells where the run's parts lie now; the program begins at `codeOffset` of the program segment.
 */
export function pieHints(pie: CairoPie, codeOffset = 0): HintRegistry {
  let isLoaded = false;
  return {
    createState: () => {
      isLoaded = false;
    },
    find: () => (machine) => {
      if (isLoaded) return;
      isLoaded = true;
      load(pie, machine, codeOffset);
    },
  };
}

/**
 * Runs the program of a PIE over its memory, in place of hints: every instruction and builtin checks what lies there, so that a
 * PIE that passes is an honest run's.
 * @throws CairnError those of `runProgram`, for a PIE that is none.
 */
export function runCairoPie(
  pie: CairoPie,
  limits: Pick<ProgramRequest, 'maxSteps' | 'maxMemoryCells' | 'engine'>,
): ProgramResult {
  return runProgram({ program: pieProgram(pie), hints: pieHints(pie), ...limits });
}

/** @throws CairnError `INVALID_PIE` where the frame holds no pointers, and those of `Memory.set`. */
function load(pie: CairoPie, machine: Machine, codeOffset: number): void {
  const { memory, fp } = machine;
  const argumentCount = pie.program.builtins.length;
  const frame = fp - RETURN_CELLS - argumentCount;
  const fromFrame = Array.from({ length: argumentCount + RETURN_CELLS }, (_, i) => {
    const word = frame + i < 0 ? Number.NaN : memory.read(pointerWord(EXECUTION_SEGMENT, frame + i));
    if (!isPointer(word)) throw invalidPie(`cell ${i} of the call's frame is no pointer`);
    return word;
  });
  const bases: Word[] = [
    pointerWord(0, codeOffset),
    pointerWord(EXECUTION_SEGMENT, frame),
    ...fromFrame,
    ...pie.extraSegments.map(() => memory.newSegment()),
  ];
  const place = ({ segment, offset }: { segment: number; offset: number }) =>
    memory.add(bases[segment]!, offset);
  for (const { address, value } of pie.memory)
    memory.set(place(address), typeof value === 'bigint' ? memory.fromFelt(value) : place(value));
}
