import type { CasmClass } from '../casm/casmClass.ts';
import type { CasmHint } from '../casm/hint.ts';
import { CodeSegment } from './codeSegment.ts';
import { compileHint } from './hints/compileHint.ts';
import type { CompiledHint } from './machine.ts';
import { TypescriptMemory } from './typescriptMemory.ts';

/** A program made ready for any number of runs: memory words, decoded instructions, hints as closures. */
export interface PreparedProgram {
  /** Words of the bytecode; big ones refer to {@link PreparedProgram.bigs}. */
  readonly words: Float64Array;
  /** Big felts of the words and of the hints' constants. */
  readonly bigs: readonly bigint[];
  /** The hints by offset, for engines that run some of them themselves; none for programs with hint texts. */
  readonly casmHints: readonly (readonly [offset: number, hints: readonly CasmHint[]])[];
  /** Decoded as runs reach it, shared by all of them. */
  readonly code: CodeSegment;
}

/** `ret`, which the sequencer puts behind every class's bytecode. */
const RETURN_WORD = 0x208b7fff7fff7ffen;
/** Words the sequencer appends to the bytecode: `ret` and the pointer to the builtin costs. */
export const EXTRA_WORDS = 2;

const prepared = new WeakMap<CasmClass, PreparedProgram>();

/**
 * The prepared program of a class, made once per class object. The appended `ret` is in `words`, the pointer
 * behind it each run writes itself. @throws CairnError `INVALID_HINT`.
 */
export function prepareClass(casm: CasmClass): PreparedProgram {
  let program = prepared.get(casm);
  if (program === undefined) {
    const bytecode = [...casm.bytecode, RETURN_WORD];
    program = prepareProgram(
      bytecode,
      bytecode.length + 1,
      (literal) => {
        const hints: CompiledHint[][] = [];
        for (const [offset, list] of casm.hints)
          hints[offset] = list.map((hint) => compileHint(hint, literal));
        return hints;
      },
      casm.hints,
    );
    prepared.set(casm, program);
  }
  return program;
}

/**
 * Prepares `bytecode`; each run has `wordCount` words in its program segment. `compileHints` gets a function
 * that turns constants into words.
 */
export function prepareProgram(
  bytecode: readonly bigint[],
  wordCount: number,
  compileHints: (literal: (value: bigint) => number) => (CompiledHint[] | undefined)[],
  casmHints: PreparedProgram['casmHints'] = [],
): PreparedProgram {
  const literals = new TypescriptMemory(0);
  const words = Float64Array.from(bytecode, (word) => literals.fromFelt(word));
  const hints = compileHints((value) => literals.fromFelt(value));
  return { words, bigs: literals.bigs, casmHints, code: new CodeSegment(0, wordCount, hints) };
}
