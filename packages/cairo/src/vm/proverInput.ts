import { CairnError, type Felt } from '@cairn/primitives';
import { decodeInstruction, type Instruction } from '../casm/instruction.ts';
import type { VmErrorCode } from '../errors.ts';
import type { Builtin, BuiltinName } from './builtins/builtin.ts';
import { usedInstances } from './builtins/builtin.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { OPCODE_NAMES, type OpcodeName, opcodeName } from './opcodeName.ts';
import type { ProofRun } from './runProof.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/** Registers in flat addresses. */
export interface CasmState {
  pc: number;
  ap: number;
  fp: number;
}

/** Addresses of a builtin's cells, padding included. */
export interface BuiltinRange {
  begin: number;
  end: number;
  /** Where the program's own instances end. */
  stop: number;
}

/** Everything the AIR's witness is made from, in flat addresses from 1 on. */
export interface ProverInput {
  initial: CasmState;
  final: CasmState;
  /** Steps by opcode table: pc, ap, fp of each, in the order of the run. */
  states: Record<OpcodeName, Uint32Array>;
  /** Different values of pc. */
  pcCount: number;
  memory: DeduplicatedMemory;
  publicAddresses: Uint32Array;
  builtins: Partial<Record<BuiltinName, BuiltinRange>>;
}

/** Memory as addresses of values, each value once. */
export interface DeduplicatedMemory {
  /** Value id by address; ids from {@link FIRST_BIG_ID} on are big. Address 0 and holes hold 0. */
  ids: Uint32Array;
  /** Values below 2^72. */
  small: Felt[];
  big: Felt[];
}

/** Id of the first value that is not small. */
export const FIRST_BIG_ID = 0x4000_0000;
const SMALL_VALUE_BOUND = 2n ** 72n;
const SMALL_SUM_BOUND = 2 ** 27;
const SMALL_PRODUCT_BOUND = 2 ** 36;
const MIN_INSTANCES = 16;
/** Builtins whose cells are no table of instances. */
const UNPADDED: readonly BuiltinName[] = ['output', 'segment_arena'];

/**
 * The prover's view of a finished proof-mode run: steps by opcode table, memory without duplicates, builtin
 * segments padded by repeating their last instance to a power of two, at least 16 instances.
 * PERF: one look at every step and every cell; made for runs of some million steps.
 * @throws CairnError `RELOCATION` when memory does not fit 32-bit addresses.
 */
export function proverInput(run: ProofRun): ProverInput {
  const { machine, memory, builtins } = run;
  const sizes = paddedSizes(memory, builtins);
  const starts: number[] = [];
  let end = 1;
  for (const size of sizes) {
    starts.push(end);
    end += size;
  }
  if (end >= 2 ** 31)
    throw new CairnError<VmErrorCode>('RELOCATION', `memory is too large to be proven: got ${end} cells`);
  const stack = starts[EXECUTION_SEGMENT]!;
  const { states, pcCount } = collectStates(machine, memory, starts);
  return {
    initial: { pc: starts[0]! + run.program.start, ap: stack + run.initialAp, fp: stack + run.initialAp },
    final: { pc: starts[0]! + machine.pc, ap: stack + machine.ap, fp: stack + machine.fp },
    states,
    pcCount,
    memory: deduplicate(memory, builtins, sizes, starts, end),
    publicAddresses: publicAddresses(run, starts),
    builtins: Object.fromEntries(
      builtins.map(({ name, segment }): [BuiltinName, BuiltinRange] => {
        const begin = starts[segment]!;
        return [name, { begin, end: begin + sizes[segment]!, stop: begin + memory.sizeOf(segment) }];
      }),
    ),
  };
}

function paddedSizes(memory: Memory, builtins: readonly Builtin[]): Int32Array {
  const sizes = memory.sizes();
  for (const builtin of builtins) {
    const size = sizes[builtin.segment]!;
    if (size === 0 || UNPADDED.includes(builtin.name)) continue;
    let instances = MIN_INSTANCES;
    while (instances < usedInstances(builtin, size)) instances *= 2;
    sizes[builtin.segment] = instances * builtin.cellsPerInstance;
  }
  return sizes;
}

function collectStates(
  { trace }: Machine,
  memory: Memory,
  starts: readonly number[],
): { states: ProverInput['states']; pcCount: number } {
  const lists = Object.fromEntries(OPCODE_NAMES.map((name): [OpcodeName, number[]] => [name, []]));
  const decoded = new Map<number, Instruction>();
  const stack = starts[EXECUTION_SEGMENT]!;
  for (let step = 0; step < (trace?.length ?? 0); step++) {
    const [segment, offset, ap, fp] = trace!.entry(step);
    const pc = starts[segment]! + offset;
    let instruction = decoded.get(pc);
    if (instruction === undefined) {
      instruction = decodeInstruction(memory.toFelt(memory.readKnown(pointerWord(segment, offset))));
      decoded.set(pc, instruction);
    }
    const name = opcodeName(instruction, stepValues(memory, instruction, { segment, offset, ap, fp }));
    lists[name]!.push(pc, stack + ap, stack + fp);
  }
  const states = Object.fromEntries(
    OPCODE_NAMES.map((name): [OpcodeName, Uint32Array] => [name, Uint32Array.from(lists[name]!)]),
  );
  return { states: states as ProverInput['states'], pcCount: decoded.size };
}

function stepValues(
  memory: Memory,
  i: Instruction,
  at: { segment: number; offset: number; ap: number; fp: number },
) {
  const cell = (register: 'AP' | 'FP', offset: number) =>
    memory.read(pointerWord(EXECUTION_SEGMENT, (register === 'AP' ? at.ap : at.fp) + offset));
  const op1 = (): Word => {
    if (i.op1Source === 'imm') return memory.read(pointerWord(at.segment, at.offset + 1));
    return cell(i.op1Source === 'fp' ? 'FP' : 'AP', i.offOp1);
  };
  const isSmallTerm = (word: Word) => word >= -SMALL_SUM_BOUND && word < SMALL_SUM_BOUND;
  const isSmallFactor = (word: Word) => word >= 0 && word < SMALL_PRODUCT_BOUND;
  return {
    isDstZero: () => cell(i.dstRegister, i.offDst) === 0,
    isSmallSum: () =>
      [cell(i.dstRegister, i.offDst), cell(i.op0Register, i.offOp0), op1()].every(isSmallTerm),
    isSmallProduct: () => [cell(i.op0Register, i.offOp0), op1()].every(isSmallFactor),
  };
}

function deduplicate(
  memory: Memory,
  builtins: readonly Builtin[],
  sizes: Int32Array,
  starts: readonly number[],
  end: number,
): DeduplicatedMemory {
  const ids = new Uint32Array(end);
  const small: Felt[] = [0n];
  const big: Felt[] = [];
  const known = new Map<Felt, number>([[0n, 0]]);
  const idOf = (value: Felt): number => {
    let id = known.get(value);
    if (id === undefined) {
      id = value < SMALL_VALUE_BOUND ? small.push(value) - 1 : FIRST_BIG_ID + big.push(value) - 1;
      known.set(value, id);
    }
    return id;
  };
  const flat = (word: Word): Felt =>
    isPointer(word) ? BigInt(starts[wordSegment(word)]! + wordOffset(word)) : memory.toFelt(word);
  for (let segment = 0; segment < sizes.length; segment++) {
    const builtin = builtins.find((candidate) => candidate.segment === segment);
    const size = memory.sizeOf(segment);
    for (let offset = 0; offset < sizes[segment]!; offset++) {
      const word =
        builtin === undefined ? memory.cell(segment, offset) : builtinCell(memory, builtin, size, offset);
      if (!Number.isNaN(word)) ids[starts[segment]! + offset] = idOf(flat(word));
    }
  }
  return { ids, small, big };
}

/** A cell of a padded builtin segment: outputs the program did not read are deduced, padding repeats the last instance. */
function builtinCell(memory: Memory, builtin: Builtin, size: number, offset: number): Word {
  const { segment, cellsPerInstance, deduce } = builtin;
  const last = (usedInstances(builtin, size) - 1) * cellsPerInstance;
  const isPadding = offset >= last + cellsPerInstance && !UNPADDED.includes(builtin.name);
  const at = isPadding ? last + (offset % cellsPerInstance) : offset;
  const word = memory.cell(segment, at);
  return Number.isNaN(word) && deduce !== undefined ? deduce(memory, at) : word;
}

function publicAddresses(
  { memory, builtins, publicStack, program }: ProofRun,
  starts: readonly number[],
): Uint32Array {
  const addresses = program.data.map((_, offset) => starts[0]! + offset);
  for (const offset of publicStack) addresses.push(starts[EXECUTION_SEGMENT]! + offset);
  for (const { name, segment } of builtins)
    if (name === 'output')
      for (let offset = 0; offset < memory.sizeOf(segment); offset++)
        addresses.push(starts[segment]! + offset);
  return Uint32Array.from(addresses);
}

/** The value at an address. */
export function valueAt({ ids, small, big }: DeduplicatedMemory, address: number): Felt {
  const id = ids[address]!;
  return id < FIRST_BIG_ID ? small[id]! : big[id - FIRST_BIG_ID]!;
}
