import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Memory, WriteWatcher } from '../memory.ts';
import { isBig, wordSegment } from '../word.ts';
import { type Builtin, readInputs } from './builtin.ts';

const BITWISE_BITS = 251n;

/** Cells that must be integers below 2^bitCount (128, or 96 for range_check96). */
export function rangeCheckBuiltin(memory: Memory, name: 'range_check' | 'range_check96'): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  const bitCount = name === 'range_check' ? 128n : 96n;
  const demand: WriteWatcher = (_, offset, word) => {
    const isInRange = isBig(word) ? memory.toFelt(word) >> bitCount === 0n : word >= 0 && word < 2 ** 51;
    if (isInRange) return;
    throw new CairnError<VmErrorCode>(
      'RANGE_CHECK_FAILED',
      `${name} cell ${offset}: got ${memory.show(word)}, expected an integer below 2^${bitCount}`,
    );
  };
  memory.watch(segment, demand, name === 'range_check' ? 128 : 96);
  return { name, segment, initialPointer, cellsPerInstance: 1, inputCells: 1, initialCells: 0 };
}

/** Cells [x, y, x & y, x ^ y, x | y] of 251-bit integers. */
export function bitwiseBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name: 'bitwise',
    segment,
    initialPointer,
    cellsPerInstance: 5,
    inputCells: 2,
    initialCells: 0,
    isSound: (m) => m.isBitwiseSound(segment),
    deduce: (_, offset) => {
      const index = offset % 5;
      if (index < 2) return Number.NaN;
      const inputs = readInputs('bitwise', memory, segment, offset - index, 2);
      if (inputs === undefined) return Number.NaN;
      const [x, y] = inputs as [bigint, bigint];
      if ((x | y) >> BITWISE_BITS !== 0n)
        throw new CairnError<VmErrorCode>(
          'BUILTIN_INPUT',
          `bitwise input: got ${x}, ${y}, expected less than 2^251`,
        );
      return memory.fromFelt(index === 2 ? x & y : index === 3 ? x ^ y : x | y);
    },
  };
}

/** Cells the program shows to the verifier. */
export function outputBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  return {
    name: 'output',
    segment: wordSegment(initialPointer),
    initialPointer,
    cellsPerInstance: 1,
    inputCells: 1,
    initialCells: 0,
  };
}

/** Cells [infos, dictionaries made, dictionaries destroyed]; the first such row is there before the run. */
export function segmentArenaBuiltin(memory: Memory): Builtin {
  const infos = memory.newSegment();
  const start = memory.newSegment();
  for (const [i, word] of [infos, 0, 0].entries()) memory.set(start + i, word);
  return {
    name: 'segment_arena',
    segment: wordSegment(start),
    initialPointer: start + 3,
    cellsPerInstance: 3,
    inputCells: 3,
    initialCells: 3,
  };
}
