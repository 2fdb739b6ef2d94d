import type { BuiltinName } from '@cairn/cairo';
import type { Felt } from '@cairn/primitives';

/** Where a builtin's cells begin, and where the program says that it stopped using them. */
export interface SegmentBounds {
  readonly name: BuiltinName;
  readonly start: number;
  readonly stop: number;
}

/**
 * What a Cairo proof says: there is a run of `program`, loaded at address 1, from its entry at `entryOffset` (`ap += builtins;
 * call main; jmp rel 0`) to that jump, in which main took and gave back the pointers of its builtins and wrote `output`.
 * Addresses say where things lay; they mean nothing by themselves.
 */
export interface CairoStatement {
  readonly program: readonly Felt[];
  readonly entryOffset: number;
  /** Cells of the output segment; empty without one. */
  readonly output: readonly Felt[];
  /** Address that ap and fp have first; fp has it again at the end. */
  readonly initialAp: number;
  readonly finalAp: number;
  /** Builtins that main takes, in their order. */
  readonly builtins: readonly SegmentBounds[];
  /** Segments of builtins that the layout has and main does not take: nothing refers to them. */
  readonly unusedBuiltins: readonly SegmentBounds[];
}

/** A cell that the statement fixes. */
export interface PublicMemoryCell {
  readonly address: number;
  readonly value: Felt;
}

/** First address of the program. */
export const PROGRAM_START = 1;
/** Words of the entry before the jump that ends the run. */
export const WORDS_BEFORE_END = 4;
/** Words of the whole entry. */
export const ENTRY_WORDS = 6;

/** All cells that the statement fixes: program, first and last stack of main, output. */
export function publicMemory(statement: CairoStatement): PublicMemoryCell[] {
  const { program, output, initialAp, finalAp, builtins } = statement;
  const cells = program.map((value, i): PublicMemoryCell => ({ address: PROGRAM_START + i, value }));
  cells.push({ address: initialAp - 2, value: BigInt(initialAp) }, { address: initialAp - 1, value: 0n });
  builtins.forEach(({ start, stop }, i) => {
    cells.push({ address: initialAp + i, value: BigInt(start) });
    cells.push({ address: finalAp - builtins.length + i, value: BigInt(stop) });
  });
  const outputStart = builtins.find(({ name }) => name === 'output')?.start ?? 0;
  output.forEach((value, i) => {
    cells.push({ address: outputStart + i, value });
  });
  return cells;
}
