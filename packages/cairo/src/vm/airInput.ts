import { type Felt, modInverse, STARK_CURVE } from '@cairn/primitives';
import { type Builtin, type BuiltinName, usedInstances } from './builtins/builtin.ts';
import type { EcdsaBuiltin } from './builtins/curveBuiltins.ts';
import { MODULAR_WORDS, modularOperands } from './builtins/modularBuiltins.ts';
import type { PaddedRun } from './padRun.ts';
import { relocationTable } from './relocatedFiles.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/** First address of a segment, and the address where its used part ends. */
export interface SegmentAddresses {
  begin_addr: number;
  stop_ptr: number;
}

/** What a verifier sees of a padded run, field for field as the Stone prover's JSON has it. @see cairo-lang, air_public_input.py */
export interface AirPublicInput {
  layout: string;
  rc_min: number;
  rc_max: number;
  n_steps: number;
  memory_segments: Record<string, SegmentAddresses>;
  public_memory: { address: number; value: string; page: number }[];
  dynamic_params: Record<string, number> | null;
}

/** Names of the input cells of an instance, for builtins whose private input is just these. */
const INPUT_NAMES: Partial<Record<BuiltinName, readonly string[]>> = {
  pedersen: ['x', 'y'],
  range_check: ['value'],
  range_check96: ['value'],
  bitwise: ['x', 'y'],
  ec_op: ['p_x', 'p_y', 'q_x', 'q_y', 'm'],
  keccak: Array.from({ length: 8 }, (_, i) => `input_s${i}`),
  poseidon: ['input_s0', 'input_s1', 'input_s2'],
};
const MODULAR_NAMES = ['p0', 'p1', 'p2', 'p3', 'values_ptr', 'offsets_ptr', 'n'];

/** The public input of a padded run; `dynamicParameters` are those of layout `dynamic`. */
export function airPublicInput(
  padded: PaddedRun,
  dynamicParameters: Record<string, number> | null = null,
): AirPublicInput {
  const { run, layout, stepCount, segmentSizes } = padded;
  const { machine, memory, program, builtins } = run;
  const flat = flatValues(padded);
  const table = relocationTable(segmentSizes);
  const stack = table[EXECUTION_SEGMENT]!;
  const publicMemory: AirPublicInput['public_memory'] = [];
  const show = (segment: number, offset: number) =>
    publicMemory.push({
      address: table[segment]! + offset,
      value: hex(flat(memory.readKnown(pointerWord(segment, offset)))),
      page: 0,
    });
  for (const offset of program.data.keys()) show(0, offset);
  for (const offset of run.publicStack) show(EXECUTION_SEGMENT, offset);
  const output = builtins.find(({ name }) => name === 'output');
  if (output !== undefined)
    for (let offset = 0; offset < memory.sizeOf(output.segment); offset++) show(output.segment, offset);
  return {
    layout: layout.name,
    rc_min: padded.rangeCheckMin,
    rc_max: padded.rangeCheckMax,
    n_steps: stepCount,
    memory_segments: {
      program: { begin_addr: 1 + program.start, stop_ptr: 1 + program.end },
      execution: { begin_addr: stack + run.initialAp, stop_ptr: stack + machine.ap },
      ...Object.fromEntries(
        builtins.map((builtin): [string, SegmentAddresses] => {
          const begin = table[builtin.segment]!;
          const { name, cellsPerInstance } = builtin;
          const isUsed = program.builtins.includes(name);
          const used = usedInstances(builtin, memory.sizeOf(builtin.segment)) * cellsPerInstance;
          return [name, { begin_addr: begin, stop_ptr: begin + (isUsed ? used : 0) }];
        }),
      ),
    },
    public_memory: publicMemory,
    dynamic_params: dynamicParameters,
  };
}

/** What a prover needs besides trace and memory, as the Stone prover's JSON has it. The paths are those of the two files. */
export function airPrivateInput(padded: PaddedRun, tracePath: string, memoryPath: string): unknown {
  const entries = padded.run.builtins
    .filter(({ name }) => name !== 'output' && name !== 'segment_arena')
    .map((builtin): [string, unknown] => [builtin.name, privateInstances(padded, builtin)]);
  return { trace_path: tracePath, memory_path: memoryPath, ...Object.fromEntries(entries) };
}

function privateInstances(padded: PaddedRun, builtin: Builtin): unknown {
  const { memory } = padded.run;
  const { name, segment, cellsPerInstance } = builtin;
  if (name === 'ecdsa') return signatureInstances(padded, builtin as EcdsaBuiltin);
  if (name === 'add_mod' || name === 'mul_mod') return modularInstances(padded, builtin);
  const names = INPUT_NAMES[name]!;
  const instances: Record<string, unknown>[] = [];
  for (let index = 0; index < usedInstances(builtin, memory.sizeOf(segment)); index++) {
    const first = pointerWord(segment, index * cellsPerInstance);
    // A range check may have been jumped over; the others have all inputs, as the run was checked.
    if (!memory.hasValue(segment, index * cellsPerInstance)) continue;
    const inputs = names.map((input, i) => [input, hex(memory.toFelt(memory.readKnown(first + i)))]);
    instances.push({ index, ...Object.fromEntries(inputs) });
  }
  return instances;
}

function signatureInstances({ run }: PaddedRun, { segment, signatures }: EcdsaBuiltin): unknown {
  const cell = (offset: number) => hex(run.memory.toFelt(run.memory.readKnown(pointerWord(segment, offset))));
  return [...signatures]
    .sort(([a], [b]) => a - b)
    .map(([offset, { r, s }]) => ({
      index: offset / 2,
      pubkey: cell(offset),
      msg: cell(offset + 1),
      signature_input: { r: hex(r), w: hex(modInverse(s, STARK_CURVE.order)) },
    }));
}

function modularInstances(padded: PaddedRun, builtin: Builtin): unknown {
  const { memory } = padded.run;
  const flat = flatValues(padded);
  const value = (word: Word) => flat(memory.readKnown(word));
  const count = usedInstances(builtin, memory.sizeOf(builtin.segment));
  const instances = Array.from({ length: count }, (_, index) => {
    const first = pointerWord(builtin.segment, index * builtin.cellsPerInstance);
    const operands = modularOperands(memory, builtin.segment, index).flatMap(({ offsetCell, number }, i) => [
      [`${'abc'[i]}_offset`, Number(value(offsetCell))],
      ...Array.from({ length: MODULAR_WORDS }, (_, d) => [`${'abc'[i]}${d}`, hex(value(number + d))]),
    ]);
    const cells = MODULAR_NAMES.map((input, i) => [
      input,
      i < MODULAR_WORDS ? hex(value(first + i)) : Number(value(first + i)),
    ]);
    return { index, batch: [Object.fromEntries(operands)], ...Object.fromEntries(cells) };
  });
  const zeroSegment = memory.readOnlySegments[0]!.start;
  return { instances, zero_value_address: Number(flat(zeroSegment)) };
}

/** Felts of words, pointers as flat addresses. */
function flatValues({ run, segmentSizes }: PaddedRun): (word: Word) => Felt {
  const table = relocationTable(segmentSizes);
  return (word) =>
    isPointer(word) ? BigInt(table[wordSegment(word)]! + wordOffset(word)) : run.memory.toFelt(word);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
