import { addRelocationRule, type HintContext, relocatableToWord } from '@cairn/cairo';
import type { LibraryHint } from './libraryHint.ts';

const BLOCK_CELLS = 8n;

/** Hints of `alloc.cairo`, `memcpy.cairo`, `memset.cairo`, `segments.cairo`. */
export const MEMORY_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.alloc.new_segment': (h) => h.memory.addSegment(),
  'cairn.memcpy.is_block': hasBlock,
  'cairn.memset.is_block': hasBlock,
  'cairn.segments.relocate': (h) =>
    addRelocationRule(
      h.memory,
      relocatableToWord(h.pointer('src_ptr')),
      relocatableToWord(h.pointer('dest_ptr')),
    ),
};

function hasBlock(h: HintContext): boolean {
  return h.felt('left') >= BLOCK_CELLS;
}
