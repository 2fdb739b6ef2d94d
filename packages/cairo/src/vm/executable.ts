import { CairnError, type Felt, feltNeg, parseFelt } from '@cairn/primitives';
import { type CasmHint, parseHint } from '../casm/hint.ts';
import type { VmErrorCode } from '../errors.ts';
import type { Builtin, BuiltinName } from './builtins/builtin.ts';
import { isBuiltinName } from './builtins/createBuiltin.ts';
import type { CairoProgram } from './cairoProgram.ts';
import { compileHint } from './hints/compileHint.ts';
import { HintState, type RunArgument } from './hints/hintState.ts';
import type { Layout } from './layout.ts';
import type { CompiledHint } from './machine.ts';
import { prepareProgram } from './preparedProgram.ts';
import { type ProgramResult, runPrepared } from './runProgram.ts';
import { type ProofRun, runPreparedProof } from './runProof.ts';

/** How an executable is entered: as a program that is proven, or as a function of a bootloader. */
export type ExecutableKind = 'Standalone' | 'Bootloader';

/** A Cairo 1 executable. @see cairo-lang-executable 2.20 */
export interface Executable {
  bytecode: Felt[];
  hints: [offset: number, hints: CasmHint[]][];
  entryPoints: { kind: ExecutableKind; offset: number; builtins: BuiltinName[] }[];
}

/** A run of an executable with the arguments of its main function, serialized. */
export interface ExecutableRequest {
  executable: Executable;
  arguments: readonly Felt[];
  maxSteps: number;
  maxMemoryCells?: number;
  /** For {@link runStandalone}: see `ProofRequest`. */
  layout?: Layout;
}

/** Words of the header a standalone entry point starts with, up to its `jmp rel 0`. */
const HEADER_WORDS_BEFORE_END = 4;

/** True for the JSON of an executable, whatever it holds. */
export function isExecutableFile(json: unknown): boolean {
  const file = json as { program?: { bytecode?: unknown }; entrypoints?: unknown } | null;
  return Array.isArray(file?.program?.bytecode) && Array.isArray(file?.entrypoints);
}

/** An executable from its JSON file. @throws CairnError `INVALID_PROGRAM`, `INVALID_HINT`, `INVALID_FELT`. */
export function parseExecutable(json: unknown): Executable {
  const { program, entrypoints } = json as {
    program?: { bytecode?: string[]; hints?: [number, unknown[]][] };
    entrypoints?: { builtins?: string[]; offset?: number; kind?: string }[];
  };
  if (!Array.isArray(program?.bytecode) || !Array.isArray(program.hints) || !Array.isArray(entrypoints))
    throw invalid('bytecode, hints or entrypoints are missing');
  const bytecode = program.bytecode.map(parseSignedFelt);
  return {
    bytecode,
    hints: program.hints.map(([offset, hints]) => {
      if (!Number.isInteger(offset) || offset < 0 || offset >= bytecode.length)
        throw invalid(`a hint stands at ${offset}`);
      return [offset, hints.map(parseHint)];
    }),
    entryPoints: entrypoints.map(({ builtins = [], offset, kind }) => {
      if (kind !== 'Standalone' && kind !== 'Bootloader') throw invalid(`entry point kind ${kind}`);
      if (offset === undefined || !Number.isInteger(offset) || offset < 0 || offset >= bytecode.length)
        throw invalid(`entry point at ${offset}`);
      return { kind, offset, builtins: builtins.map(builtinName) };
    }),
  };
}

/** Runs the standalone entry point in proof mode. @throws CairnError like `runProof`; `INVALID_PROGRAM` without one. */
export function runStandalone(request: ExecutableRequest): ProofRun {
  const { program, createState, prepared } = prepare(request, 'Standalone');
  const start = program.main;
  return runPreparedProof(
    prepared,
    { ...program, start, end: start + HEADER_WORDS_BEFORE_END },
    createState,
    request,
  );
}

/** Calls the bootloader entry point like a main function. @throws CairnError like `runProgram`; `INVALID_PROGRAM` without one. */
export function runBootloaded(request: ExecutableRequest & { withTrace?: boolean }): {
  program: CairoProgram;
  result: ProgramResult;
} {
  const { program, createState, prepared } = prepare(request, 'Bootloader');
  return { program, result: runPrepared(prepared, program, createState, request) };
}

function prepare({ executable, arguments: felts }: ExecutableRequest, kind: ExecutableKind) {
  const { bytecode, hints, entryPoints } = executable;
  const entry = entryPoints.find((candidate) => candidate.kind === kind);
  if (entry === undefined) throw invalid(`no ${kind} entry point`);
  const prepared = prepareProgram(
    bytecode,
    bytecode.length,
    (literal) => {
      const compiled: CompiledHint[][] = [];
      for (const [offset, list] of hints) compiled[offset] = list.map((hint) => compileHint(hint, literal));
      return compiled;
    },
    hints,
  );
  // The first parameter of a run is the list of its parts; the one part is the array of arguments.
  const runArguments: RunArgument[] = [[[...felts]]];
  return {
    prepared,
    program: {
      data: bytecode,
      builtins: entry.builtins,
      main: entry.offset,
      hints: new Map(),
    } as CairoProgram,
    createState: (_: readonly Builtin[]) =>
      new HintState({ external: { arguments: runArguments, withTemporaryDicts: true } }),
  };
}

/** A word of the bytecode; the compiler writes the upper half of the field as negative numbers. */
function parseSignedFelt(text: string): Felt {
  return typeof text === 'string' && text.startsWith('-')
    ? feltNeg(parseFelt(text.slice(1)))
    : parseFelt(text);
}

function builtinName(name: string): BuiltinName {
  if (!isBuiltinName(name)) throw invalid(`unknown builtin ${name}`);
  return name;
}

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_PROGRAM', `not an executable that can run: ${what}`);
}
