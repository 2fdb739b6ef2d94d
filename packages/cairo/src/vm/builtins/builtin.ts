import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { CellDeduction } from '../machine.ts';
import type { Memory } from '../memory.ts';
import { isPointer, type Word } from '../word.ts';

/** Names of the builtins as compiled classes spell them. */
export type BuiltinName =
  | 'output'
  | 'pedersen'
  | 'range_check'
  | 'ecdsa'
  | 'bitwise'
  | 'ec_op'
  | 'keccak'
  | 'poseidon'
  | 'segment_arena'
  | 'range_check96'
  | 'add_mod'
  | 'mul_mod';

/** A builtin of one run: its segment and the rules of its cells. */
export interface Builtin {
  readonly name: BuiltinName;
  /** Number of its segment. */
  readonly segment: number;
  /** What the program gets as its first pointer. */
  readonly initialPointer: Word;
  readonly cellsPerInstance: number;
  /** Cells of an instance the program must fill; the rest follow by {@link Builtin.deduce}. */
  readonly inputCells: number;
  /** Cells of the segment that are there before the run (segment arena: 3). */
  readonly initialCells: number;
  readonly deduce?: CellDeduction;
  /** A quick check of the whole segment; false when it says nothing. */
  readonly isSound?: (memory: Memory) => boolean;
  /** Further conditions of a provable run. @throws CairnError `SECURITY_CHECK` and others. */
  readonly checkSecurity?: (memory: Memory) => void;
}

/** Instances in a segment of `size` cells, counted as the reference counts them for fees. */
export function usedInstances(builtin: Builtin, size: number): number {
  const usedCells = size - builtin.initialCells;
  return Math.ceil(usedCells / builtin.cellsPerInstance);
}

/** Checks every cell that has a value and a rule. @throws CairnError `BUILTIN_DEDUCTION` when they differ. */
export function verifyDeductions(builtin: Builtin, memory: Memory): void {
  const { deduce, segment } = builtin;
  if (deduce === undefined || builtin.isSound?.(memory)) return;
  const size = memory.sizeOf(segment);
  for (let offset = 0; offset < size; offset++) {
    const deduced = deduce(memory, offset);
    if (Number.isNaN(deduced)) continue;
    const value = memory.cell(segment, offset);
    if (Number.isNaN(value) || memory.same(deduced, value)) continue;
    throw new CairnError<VmErrorCode>(
      'BUILTIN_DEDUCTION',
      `${builtin.name} cell ${offset}: got ${memory.show(value)}, expected ${memory.show(deduced)}`,
    );
  }
}

/**
 * Checks that the builtin's instances are complete, so that its table can be proven.
 * @throws CairnError `SECURITY_CHECK` for missing input cells, builtin errors for impossible ones.
 */
export function checkInstances(builtin: Builtin, memory: Memory): void {
  const { name, segment, cellsPerInstance, inputCells, deduce } = builtin;
  if (name === 'output' || name === 'segment_arena') return;
  builtin.checkSecurity?.(memory);
  const size = memory.sizeOf(segment);
  if (size === 0) return;
  const known = memory.countKnown(segment);
  const instances = Math.floor((size - 1) / cellsPerInstance) + 1;
  if (instances > Math.floor(known / inputCells)) throw missingCells(name, 'too few cells');
  for (let instance = 0; instance < instances; instance++)
    for (let i = 0; i < inputCells; i++)
      if (!memory.hasValue(segment, instance * cellsPerInstance + i))
        throw missingCells(name, `no cell ${instance * cellsPerInstance + i}`);
  if (deduce === undefined) return;
  for (let instance = 0; instance < instances; instance++)
    for (let i = inputCells; i < cellsPerInstance; i++)
      if (!memory.hasValue(segment, instance * cellsPerInstance + i))
        deduce(memory, instance * cellsPerInstance + i);
}

function missingCells(name: BuiltinName, what: string): CairnError<VmErrorCode> {
  return new CairnError('SECURITY_CHECK', `${name} segment is incomplete: ${what}`);
}

/** Felt inputs of an instance; undefined while one has no value. @throws CairnError `BUILTIN_INPUT` for a pointer. */
export function readInputs(
  name: BuiltinName,
  memory: Memory,
  segment: number,
  first: number,
  count: number,
): Felt[] | undefined {
  const felts: Felt[] = [];
  for (let offset = first; offset < first + count; offset++) {
    const word = memory.cell(segment, offset);
    if (Number.isNaN(word)) return undefined;
    if (isPointer(word))
      throw new CairnError<VmErrorCode>(
        'BUILTIN_INPUT',
        `${name} input ${offset}: got a pointer, expected a felt`,
      );
    felts.push(memory.toFelt(word));
  }
  return felts;
}

/**
 * A deduction that computes all outputs of an instance at once from its felt inputs and remembers them.
 * `compute` may throw for impossible inputs.
 */
export function deduceByInstance(
  name: BuiltinName,
  segment: number,
  cellsPerInstance: number,
  inputCells: number,
  compute: (inputs: Felt[]) => readonly Felt[],
): CellDeduction {
  const outputs: (Word[] | undefined)[] = [];
  return (memory, offset) => {
    const index = offset % cellsPerInstance;
    if (index < inputCells) return Number.NaN;
    const instance = (offset - index) / cellsPerInstance;
    let words = outputs[instance];
    if (words === undefined) {
      const inputs = readInputs(name, memory, segment, offset - index, inputCells);
      if (inputs === undefined) return Number.NaN;
      words = compute(inputs).map((felt) => memory.fromFelt(felt));
      outputs[instance] = words;
    }
    return words[index - inputCells]!;
  };
}
