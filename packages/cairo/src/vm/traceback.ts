import { decodeInstruction } from '../casm/instruction.ts';
import type { Memory } from './memory.ts';
import { type Relocatable, wordToRelocatable } from './relocatable.ts';
import { EXECUTION_SEGMENT, isFelt, isPointer, pointerWord, type Word, wordOffset } from './word.ts';

const MAX_ENTRIES = 20;

/** Addresses of the call instructions that led to the frame at `fp`, outermost first, at most 20 of them. */
export function traceback(memory: Memory, fp: number): Relocatable[] {
  const calls: Relocatable[] = [];
  let frame = pointerWord(EXECUTION_SEGMENT, fp);
  while (calls.length < MAX_ENTRIES) {
    if (wordOffset(frame) < 2) break;
    const returnPc = memory.read(frame - 1);
    const callerFrame = memory.read(frame - 2);
    if (!isPointer(returnPc) || !isPointer(callerFrame) || callerFrame === frame) break;
    frame = callerFrame;
    const size = [1, 2].find((words) => isCallBefore(memory, returnPc, words));
    if (size === undefined) break;
    calls.push(wordToRelocatable(returnPc - size));
  }
  return calls.reverse();
}

function isCallBefore(memory: Memory, returnPc: Word, words: number): boolean {
  if (wordOffset(returnPc) < words) return false;
  const word = memory.read(returnPc - words);
  if (!isFelt(word)) return false;
  try {
    const i = decodeInstruction(memory.toFelt(word));
    return i.opcode === 'call' && i.res === 'op1' && (i.pcUpdate === 'jump' || i.pcUpdate === 'jumpRel');
  } catch {
    return false;
  }
}
