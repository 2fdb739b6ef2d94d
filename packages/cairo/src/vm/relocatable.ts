import type { Felt } from '@cairn/primitives';
import { FIRST_TEMPORARY, pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/** An address of the VM: a cell of a segment. Negative segments are temporary. */
export interface Relocatable {
  readonly segment: number;
  readonly offset: number;
}

/** What a memory cell can hold. */
export type VmValue = Felt | Relocatable;

/** `address` moved by `delta` cells. */
export function offsetBy(address: Relocatable, delta: number): Relocatable {
  return { segment: address.segment, offset: address.offset + delta };
}

export function sameAddress(a: Relocatable, b: Relocatable): boolean {
  return a.segment === b.segment && a.offset === b.offset;
}

/** `segment:offset`, as the reference prints addresses. */
export function formatRelocatable(address: Relocatable): string {
  return `${address.segment}:${address.offset}`;
}

/** The address a pointer word names. */
export function wordToRelocatable(word: Word): Relocatable {
  const segment = wordSegment(word);
  return {
    segment: segment < FIRST_TEMPORARY ? segment : FIRST_TEMPORARY - 1 - segment,
    offset: wordOffset(word),
  };
}

/** The pointer word of an address whose parts are in range. */
export function relocatableToWord({ segment, offset }: Relocatable): Word {
  return pointerWord(segment >= 0 ? segment : FIRST_TEMPORARY - 1 - segment, offset);
}
