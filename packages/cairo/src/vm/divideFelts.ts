import { feltDiv } from '@cairn/primitives';
import type { Memory } from './memory.ts';
import { isSmall, type Word } from './word.ts';

/**
 * Quotient of two felts in the field; b is not 0. Most products whose factor is asked for did not wrap around: then
 * the division of integers gives the same without an inverse.
 */
export function divideFelts(memory: Memory, a: Word, b: Word): Word {
  if (isSmall(a) && isSmall(b) && a % b === 0) return a / b;
  const [x, y] = [memory.toFelt(a), memory.toFelt(b)];
  return memory.fromFelt(x % y === 0n ? x / y : feltDiv(x, y));
}
