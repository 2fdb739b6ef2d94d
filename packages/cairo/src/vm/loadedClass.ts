import type { CasmClass } from '../casm/casmClass.ts';
import { CodeSegment } from './codeSegment.ts';
import { compileHint } from './hints/compileHint.ts';
import type { CompiledHint, Machine } from './machine.ts';
import { EXTRA_WORDS } from './preparedProgram.ts';

/**
 * Gives the code of a class that a program has loaded at the start of `segment` its hints, before any of it runs. The
 * machine's hint state must be a {@link HintState}. TypeScript engine only.
 * @throws CairnError `INVALID_HINT`.
 */
export function addClassHints(machine: Machine, casm: CasmClass, segment: number): void {
  const hints: CompiledHint[][] = [];
  for (const [offset, list] of casm.hints)
    hints[offset] = list.map((hint) => compileHint(hint, (value) => machine.memory.fromFelt(value)));
  machine.addCode(new CodeSegment(segment, casm.bytecode.length + EXTRA_WORDS, hints));
}
