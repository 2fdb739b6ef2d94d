import {
  type CairoProgram,
  type CompiledHint,
  type HintRegistry,
  type ProgramResult,
  type RunResources,
  runProgram,
} from '@cairn/cairo';
import { ExecutionRun } from './execution/executionRun.ts';
import { OsHintState } from './execution/osHintState.ts';
import { codeSegmentOfFact, type UsedCode } from './hints/classHints.ts';
import type { LibraryHint } from './hints/libraryHint.ts';
import { libraryHintRegistry } from './hints/libraryHintRegistry.ts';
import { LIBRARY_HINTS } from './hints/libraryHints.ts';
import { osHints } from './hints/osHints.ts';
import { OsRun } from './hints/osRun.ts';
import { initialState } from './input/initialState.ts';
import type { OsInput } from './input/osInput.ts';
import { type OsProgram, osProgram } from './osProgram.ts';
import { type OsOutput, parseOsOutput } from './output/osOutput.ts';
import { type ProvenBlock, provenBlock } from './output/provenBlock.ts';

/** A finished OS run. */
export interface OsResult {
  output: OsOutput;
  /** What is proven of each block. */
  blocks: ProvenBlock[];
  /** The output as felts, which a proof shows. */
  outputWords: bigint[];
  resources: RunResources;
  run: ProgramResult;
  /** The code that contracts used. */
  used: UsedCode;
}

type Hints = Readonly<Record<string, LibraryHint>>;

const HEADER_WORDS = 14;
const DEFAULT_MAX_STEPS = 50_000_000;

/** How to run; what is left out is as in real runs. */
export interface OsRunOptions {
  maxSteps?: number;
  /** Another program: the OS without one of its checks, in attack tests. */
  program?: OsProgram;
  /** The code that contracts use, of a run over the same blocks; found by a run of its own when absent. */
  used?: UsedCode;
  /** Changes the hints by name: to wrong ones, in attack tests. */
  alter?: (hints: Hints) => Hints;
}

/**
 * Runs the OS over the blocks of the input. Where contracts run, a first run finds the code that they use: the proof
 * leaves out the rest.
 * @throws CairnError `MISSING_PROOF`, `INPUT_MISSING` when the input lacks something; machine errors when an assertion
 *   fails, so when the blocks are not what their headers say.
 */
export function runOs(input: OsInput, options: OsRunOptions = {}): OsResult {
  const { maxSteps = DEFAULT_MAX_STEPS, program = osProgram(), alter = (hints) => hints } = options;
  const state = new OsRun(input);
  const { used = usedCode(input, maxSteps) } = options;
  const run = runWith(input, program, alter({ ...LIBRARY_HINTS, ...osHints(state, used) }), maxSteps);
  return {
    output: parseOsOutput(run.output),
    blocks: state.headers.map((start) => provenBlock(run.memory.readFelts(start, HEADER_WORDS))),
    outputWords: run.output,
    resources: run.resources,
    run,
    used,
  };
}

function runWith(
  input: OsInput,
  program: OsProgram,
  named: Hints,
  maxSteps: number,
  withTrace = false,
): ProgramResult {
  const hints = hintsOver(input, program, () => named);
  // Only this engine knows code that the program loads, and its hints.
  return runProgram({ program: program.program, hints, maxSteps, withTrace, engine: 'typescript' });
}

/** The hints of runs over an input; `named` is asked for those of each run. */
function hintsOver(input: OsInput, { json }: OsProgram, named: () => Hints): HintRegistry {
  const blocks = input.blocks.map(({ transactions }) => transactions);
  const classes = new Map(input.classes.map(({ compiledClassHash, casm }) => [compiledClassHash, casm]));
  let registry = libraryHintRegistry(json, named());
  const found = new Map<string, CompiledHint | undefined>();
  const look = (code: string) => {
    if (!found.has(code)) found.set(code, registry.find(code));
    return found.get(code);
  };
  return {
    find: (code) => (look(code) === undefined ? undefined : (machine) => look(code)!(machine)),
    createState(builtins) {
      registry = libraryHintRegistry(json, named());
      found.clear();
      const execution = new ExecutionRun({ blocks, initialState: initialState(input), classes });
      return new OsHintState(builtins, execution);
    },
  };
}

/**
 * The OS over the blocks of the input as a task for a bootloader, which may run it several times, on the engine
 * `typescript`.
 */
export function osTask(
  input: OsInput,
  maxSteps = DEFAULT_MAX_STEPS,
): { program: CairoProgram; hints: HintRegistry } {
  const program = osProgram();
  const used = usedCode(input, maxSteps);
  const named = () => ({ ...LIBRARY_HINTS, ...osHints(new OsRun(input), used) });
  return { program: program.program, hints: hintsOver(input, program, named) };
}

/** Thrown where the run has seen enough. */
const STOP = new Error('all contracts have run');

/** Runs the OS up to where all contracts have run, and tells which code they used. */
function usedCode(input: OsInput, maxSteps: number): UsedCode {
  const used = new Map<bigint, Set<number>>();
  if (input.classes.length === 0) return used;
  const bySegment = new Map<number, Set<number>>();
  const collect: LibraryHint = (h) => {
    for (const { compiledClassHash } of input.classes) used.set(compiledClassHash, new Set());
    const facts = h.pointer('facts');
    for (const [i, { compiledClassHash }] of input.classes.entries()) {
      bySegment.set(codeSegmentOfFact(h, facts, i), used.get(compiledClassHash)!);
    }
    const trace = h.machine.trace!;
    for (let i = 0; i < trace.length; i++) {
      const [segment, offset] = trace.entry(i);
      bySegment.get(segment)?.add(offset);
    }
    throw STOP;
  };
  try {
    runWith(
      input,
      osProgram(),
      { ...osHints(new OsRun(input), used), 'cairn.os.contracts_have_run': collect },
      maxSteps,
      true,
    );
  } catch (error) {
    if (error !== STOP) throw error;
  }
  return used;
}
