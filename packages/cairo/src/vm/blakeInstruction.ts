import { blake2sCompress, CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import { expectedPointer, type Memory } from './memory.ts';
import { isPointer, type Word } from './word.ts';

const STATE_WORDS = 8;
const MESSAGE_WORDS = 16;

/**
 * The Blake2s instruction: compresses the 16 u32 behind op1 into the 8 u32 behind op0, dst bytes counted so
 * far, and writes the new state behind the cell at ap. @throws CairnError `EXPECTED_INTEGER`, `EXPECTED_POINTER`.
 */
export function executeBlake(
  memory: Memory,
  operands: { dst: Word; op0: Word; op1: Word },
  ap: Word,
  isFinal: boolean,
): void {
  const byteCount = u32(memory, operands.dst);
  const state = readWords(memory, operands.op0, STATE_WORDS);
  const message = readWords(memory, operands.op1, MESSAGE_WORDS);
  const output = memory.readKnown(ap);
  if (!isPointer(output)) throw expectedPointer(memory, output);
  const result = blake2sCompress(state, message, byteCount, isFinal);
  for (let i = 0; i < STATE_WORDS; i++) memory.setAccessed(memory.add(output, i), result[i]!);
}

function readWords(memory: Memory, start: Word, count: number): Uint32Array {
  if (!isPointer(start)) throw expectedPointer(memory, start);
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = u32(memory, memory.readKnown(memory.add(start, i)));
  return words;
}

function u32(memory: Memory, word: Word): number {
  if (word >= 0 && word < 2 ** 32) return word;
  throw new CairnError<VmErrorCode>(
    'EXPECTED_INTEGER',
    `expected a 32-bit integer: got ${memory.show(word)}`,
  );
}
