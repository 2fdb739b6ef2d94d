import {
  type Builtin,
  type BuiltinName,
  type CairoPie,
  type CairoProgram,
  type CompiledHint,
  type HintRegistry,
  type ProofRun,
  pieHints,
  pieProgram,
  runCairoPie,
  runProgram,
  runProof,
  type VmValue,
} from '@cairn/cairo';
import { CairnError, type Felt } from '@cairn/primitives';
import type { CairoAirErrorCode } from '../errors.ts';
import { BOOTLOADERS, type BootloaderProgram } from '../generated/bootloaders.ts';
import { taskHash, taskWords } from './taskProgram.ts';

/** A program to be run under a bootloader, with what its hints do; or a PIE, whose memory takes their place. */
export type BootloaderTask = HintedTask | { readonly pie: CairoPie };

/** A program with what its hints do. */
export interface HintedTask {
  readonly program: CairoProgram;
  readonly hints: HintRegistry;
}

/** A run of a bootloader, ready to be proven, and what its output says of each task. */
export interface BootloadedRun {
  readonly run: ProofRun;
  readonly tasks: readonly { readonly programHash: Felt; readonly output: readonly Felt[] }[];
}

type Machine = Parameters<CompiledHint>[0];

const PROGRAM_SEGMENT = 0;
const EXECUTION_SEGMENT = 1;
/** Cells of a task's head in the output: size and hash. */
const HEAD_CELLS = 2;
/** Words of a task before the names of its builtins. */
const WORDS_BEFORE_NAMES = 3;

/** A task's place in the program segment. */
interface PlacedTask extends HintedTask {
  readonly words: readonly Felt[];
  /** Offset of its words behind the bootloader. */
  readonly offset: number;
  readonly outputCells: number;
}

/** The smallest bootloader for some builtins. @throws CairnError `UNPROVABLE_RUN` for builtins that none has. */
export function bootloaderFor(builtins: readonly BuiltinName[]): BootloaderProgram {
  const found = BOOTLOADERS.find((candidate) => builtins.every((name) => candidate.builtins.includes(name)));
  if (found === undefined)
    throw new CairnError<CairoAirErrorCode>(
      'UNPROVABLE_RUN',
      `no bootloader has all of ${builtins.join(', ')}`,
    );
  return found;
}

/**
 * Runs programs one after the other under the bootloader, which hashes them. Each is run by itself before, to see how much it
 * writes, and whether a PIE is an honest run's. `maxSteps` is for all together, and for each alone; `engine` is `typescript` for
 * tasks whose hints load code of their own.
 * @throws CairnError `UNPROVABLE_RUN` for builtins that no bootloader has or that are out of order, and what `runProgram`,
 * `runCairoPie` and `runProof` throw when a program fails.
 */
export function bootloadPrograms(
  tasks: readonly BootloaderTask[],
  { maxSteps, engine }: { readonly maxSteps: number; readonly engine?: 'typescript' },
): BootloadedRun {
  const limits = { maxSteps, ...(engine && { engine }) };
  const programs = tasks.map((task) => ('pie' in task ? pieProgram(task.pie) : task.program));
  const bootloader = bootloaderFor(programs.flatMap(({ builtins }) => builtins));
  const data = [...bootloader.data];
  const texts = new Map(bootloader.hints);
  const placed = tasks.map((task, i): PlacedTask => {
    const program = programs[i]!;
    const places = program.builtins.map((name) => bootloader.builtins.indexOf(name));
    if (places.some((place, k) => k > 0 && place <= places[k - 1]!))
      throw new CairnError<CairoAirErrorCode>('UNPROVABLE_RUN', `task ${i}: its builtins are out of order`);
    const alone = 'pie' in task ? runCairoPie(task.pie, limits) : runProgram({ ...task, ...limits });
    const words = taskWords(program);
    const offset = data.length;
    const hints = 'pie' in task ? pieHints(task.pie, codeOffset(program, offset)) : task.hints;
    data.push(...words);
    for (const [at, codes] of program.hints)
      texts.set(
        codeOffset(program, offset) + at,
        codes.map((code) => `${i}:${code}`),
      );
    return { program, hints, words, offset, outputCells: alone.output.length };
  });
  const program = {
    data,
    builtins: [...bootloader.builtins],
    main: bootloader.main,
    start: bootloader.start,
    end: bootloader.end,
    hints: texts,
  };
  const run = runProof({ program, hints: new BootloaderHints(placed), ...limits });
  let next = 1;
  const outcomes = placed.map((task) => {
    const output = run.output.slice(next + HEAD_CELLS, next + HEAD_CELLS + task.outputCells);
    next += HEAD_CELLS + task.outputCells;
    return { programHash: taskHash(task.program), output };
  });
  // What is proven is the bootloader: tasks lie behind it in its segment, where only it reads them.
  return { run: { ...run, program: { ...program, data: [...bootloader.data] } }, tasks: outcomes };
}

function codeOffset({ builtins }: CairoProgram, taskOffset: number): number {
  return taskOffset + WORDS_BEFORE_NAMES + builtins.length;
}

/** `memory[ap]` or `memory[fp + n]` gets a value: what `nondet` compiles to. */
const NONDET = /^memory\[(ap|fp)(?: \+ (\d+))?\] = to_felt_or_relocatable\((.+)\)$/;
const TASK_HINT = /^(\d+):(.*)$/s;

/** The bootloader's own hints, which tell it of the tasks, and those of the tasks, each with a state of its own. */
class BootloaderHints implements HintRegistry {
  readonly #tasks: readonly PlacedTask[];
  #states: unknown[] = [];
  /** Tasks that have been loaded, and that have been started. */
  #loaded = 0;
  #started = 0;

  constructor(tasks: readonly PlacedTask[]) {
    this.#tasks = tasks;
  }

  createState(builtins: readonly Builtin[]): undefined {
    this.#states = this.#tasks.map(({ hints }) => hints.createState(builtins));
  }

  find(code: string): CompiledHint | undefined {
    const [, register, offset = '0', question] = NONDET.exec(code) ?? [];
    if (question !== undefined) {
      return (machine) =>
        machine.memory.write(
          { segment: EXECUTION_SEGMENT, offset: machine[register as 'ap' | 'fp'] + Number(offset) },
          this.#answer(question, machine),
        );
    }
    const [, task, text] = TASK_HINT.exec(code) ?? [];
    return task === undefined ? undefined : this.#taskHint(Number(task), text!);
  }

  #answer(question: string, machine: Machine): VmValue {
    const [subject, name] = question.split(' ');
    switch (subject) {
      case 'task_count':
        return BigInt(this.#tasks.length);
      case 'new_segment':
        return machine.memory.addSegment();
      case 'task_program':
        return { segment: PROGRAM_SEGMENT, offset: this.#tasks[this.#loaded++]!.offset };
      case 'task_length':
        return BigInt(this.#tasks[this.#loaded - 1]!.words.length);
      case 'task_size':
        return BigInt(HEAD_CELLS + this.#tasks[this.#loaded - 1]!.outputCells);
      default: {
        // takes NAME; output, which every bootloader has first, begins with another task.
        if (name === 'output') this.#started++;
        return this.#tasks[this.#started - 1]!.program.builtins.includes(name as BuiltinName) ? 1n : 0n;
      }
    }
  }

  /** A task's hint sees the state of its own registry, and pc counted from the start of its own code. */
  #taskHint(index: number, text: string): CompiledHint | undefined {
    const { program, offset, hints } = this.#tasks[index]!;
    const hint = hints.find(text);
    if (hint === undefined) return undefined;
    const base = codeOffset(program, offset);
    return (machine) => {
      const owner = machine as { hintState: unknown };
      machine.pc -= base;
      // It stays for hints of code that the task loads.
      owner.hintState = this.#states[index];
      try {
        hint(machine);
      } finally {
        machine.pc += base;
      }
    };
  }
}
