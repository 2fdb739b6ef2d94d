import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import { expectedPointer, type Memory } from '../memory.ts';
import { isFelt, isPointer, pointerWord, type Word, wordSegment } from '../word.ts';
import type { Builtin } from './builtin.ts';

const CELLS = 7;
const VALUES_POINTER = 4;
const OFFSETS_POINTER = 5;
const OPERATION_COUNT = 6;
/** Words of a number, 96 bits each. */
export const MODULAR_WORDS = 4;
const WORD_BITS = 96n;

interface Inputs {
  modulus: bigint;
  valuesPointer: Word;
  offsetsPointer: Word;
  operationCount: number;
}

/**
 * Cells [p0, p1, p2, p3, values, offsets, n]: behind `offsets`, triples of positions in `values`, with
 * a + b = c (add_mod) or a·b = c (mul_mod) modulo p for each. Instances of one circuit follow each other with n
 * counting down to 1.
 */
export function modularBuiltin(memory: Memory, name: 'add_mod' | 'mul_mod'): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name,
    segment,
    initialPointer,
    cellsPerInstance: CELLS,
    inputCells: CELLS,
    initialCells: 0,
    checkSecurity: () => checkInstances(memory, name, segment),
  };
}

function checkInstances(memory: Memory, name: 'add_mod' | 'mul_mod', segment: number): void {
  const count = Math.ceil(memory.sizeOf(segment) / CELLS);
  let previous: Inputs | undefined;
  for (let instance = 0; instance < count; instance++) {
    const inputs = readInstance(memory, pointerWord(segment, instance * CELLS));
    if (previous !== undefined && previous.operationCount > 1) {
      const follows =
        inputs.modulus === previous.modulus &&
        inputs.valuesPointer === previous.valuesPointer &&
        inputs.offsetsPointer === memory.add(previous.offsetsPointer, 3) &&
        inputs.operationCount === previous.operationCount - 1;
      if (!follows) throw insecure(name, `instance ${instance} does not continue the one before`);
    }
    const [a, b, c] = modularOperands(memory, segment, instance).map(({ number }) =>
      readNumber(memory, number),
    ) as [bigint, bigint, bigint];
    if (!holds(name, a, b, c, inputs.modulus))
      throw insecure(
        name,
        `${a} ${name === 'add_mod' ? '+' : '*'} ${b} is not ${c} modulo ${inputs.modulus}`,
      );
    previous = inputs;
  }
  if (previous !== undefined && previous.operationCount !== 1)
    throw insecure(name, `the last instance announces ${previous.operationCount} operations, expected 1`);
}

/** The cells an instance reads outside its segment: for a, b, c the offset's cell and the number's first one. */
export function modularOperands(
  memory: Memory,
  segment: number,
  instance: number,
): { offsetCell: Word; number: Word }[] {
  const { offsetsPointer, valuesPointer } = readInstance(memory, pointerWord(segment, instance * CELLS));
  return [0, 1, 2].map((i) => {
    const offsetCell = memory.add(offsetsPointer, i);
    return { offsetCell, number: memory.add(valuesPointer, memory.readKnown(offsetCell)) };
  });
}

function holds(name: 'add_mod' | 'mul_mod', a: bigint, b: bigint, c: bigint, modulus: bigint): boolean {
  return modulus !== 0n && ((name === 'add_mod' ? a + b : a * b) - c) % modulus === 0n;
}

function readInstance(memory: Memory, start: Word): Inputs {
  const valuesPointer = memory.readKnown(start + VALUES_POINTER);
  const offsetsPointer = memory.readKnown(start + OFFSETS_POINTER);
  if (!isPointer(valuesPointer)) throw expectedPointer(memory, valuesPointer);
  if (!isPointer(offsetsPointer)) throw expectedPointer(memory, offsetsPointer);
  const operationCount = memory.readKnown(start + OPERATION_COUNT);
  if (!isFelt(operationCount) || operationCount < 1)
    throw new CairnError<VmErrorCode>(
      'BUILTIN_INPUT',
      `modular builtin: got n = ${memory.show(operationCount)}, expected at least 1`,
    );
  return { modulus: readNumber(memory, start), valuesPointer, offsetsPointer, operationCount };
}

function readNumber(memory: Memory, start: Word): bigint {
  let value = 0n;
  for (let i = MODULAR_WORDS - 1; i >= 0; i--) {
    const word: Felt = memory.toFelt(memory.readKnown(memory.add(start, i)));
    if (word >> WORD_BITS !== 0n)
      throw new CairnError<VmErrorCode>(
        'BUILTIN_INPUT',
        `modular word: got ${word}, expected less than 2^96`,
      );
    value = (value << WORD_BITS) | word;
  }
  return value;
}

function insecure(name: string, what: string): CairnError<VmErrorCode> {
  return new CairnError('SECURITY_CHECK', `${name}: ${what}`);
}
