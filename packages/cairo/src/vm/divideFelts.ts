import { feltDiv } from '@cairn/primitives';
import type { Memory } from './memory.ts';
import { isSmall, type Word } from './word.ts';

/** Quotient of two felt words in the field. @throws CairnError `DIVISION_BY_ZERO`. */
export function divideFelts(memory: Memory, a: Word, b: Word): Word {
  if (isSmall(a) && isSmall(b) && b !== 0 && a % b === 0) return a / b;
  return memory.fromFelt(feltDiv(memory.toFelt(a), memory.toFelt(b)));
}
