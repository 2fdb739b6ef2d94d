import { type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import { compressionParts, REPEATED_CLASS } from '../output/compression.ts';
import { DATA_PLACES } from '../output/osOutput.ts';
import type { LibraryHint } from './libraryHint.ts';
import type { OsRun } from './osRun.ts';

const SMALL_COUNT_BOUND = 256n;

/** Hints of `main.cairo`, `state_diff_output.cairo` and `compression.cairo`. */
export function outputHints(run: OsRun): Readonly<Record<string, LibraryHint>> {
  let classes: readonly number[] = [];
  let wordsStart = 0;
  const isClass =
    (cls: number): LibraryHint =>
    (h) =>
      classes[h.pointer('word').offset - wordsStart] === cls;
  return {
    'cairn.os.data_place': () => DATA_PLACES[run.input.data.kind],
    'cairn.os.is_full_output': () => run.input.fullOutput,
    'cairn.os.has_many_cells': (h) => h.felt('n_cells') >= SMALL_COUNT_BOUND,
    'cairn.os.compress': (h) => {
      const [start, end] = [h.pointer('words'), h.pointer('end')];
      const parts = compressionParts(h.memory.readFelts(start, end.offset - start.offset));
      classes = parts.classes;
      wordsStart = start.offset;
      return writeParts(h, parts, end);
    },
    'cairn.os.is_252_bits': isClass(0),
    'cairn.os.is_125_bits': isClass(1),
    'cairn.os.is_83_bits': isClass(2),
    'cairn.os.is_62_bits': isClass(3),
    'cairn.os.is_15_bits': isClass(5),
    'cairn.os.is_repeated': isClass(REPEATED_CLASS),
    'cairn.os.is_last_packed_word': (h) => h.felt('left') <= h.felt('n_per_word'),
  };
}

/** Writes the values and indices; returns the Parts that point to them. */
function writeParts(
  h: HintContext,
  { unique, repeated }: ReturnType<typeof compressionParts>,
  wordsEnd: Relocatable,
): Relocatable {
  const values = h.memory.allocate(unique.flat());
  const indices = h.memory.allocate(repeated.map(BigInt));
  let next = values;
  const starts = unique.map((list) => {
    const start = next;
    next = offsetBy(next, list.length);
    return start;
  });
  return h.memory.allocate([...starts, indices, next, offsetBy(indices, repeated.length), wordsEnd]);
}
