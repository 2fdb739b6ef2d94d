import { CairnError } from '@cairn/primitives';
import { decodeInstruction } from '../casm/instruction.ts';
import type { VmErrorCode } from '../errors.ts';
import { type Builtin, type BuiltinName, usedInstances } from './builtins/builtin.ts';
import { MODULAR_WORDS, modularOperands } from './builtins/modularBuiltins.ts';
import type { Layout, LayoutBuiltin } from './layout.ts';
import type { Memory } from './memory.ts';
import type { ProofRun } from './runProof.ts';
import { pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/** A run made as long as its layout needs, by more of its last step. */
export interface PaddedRun {
  readonly run: ProofRun;
  readonly layout: Layout;
  /** A power of two. */
  readonly stepCount: number;
  /** Cells that each segment takes in flat memory. */
  readonly segmentSizes: Int32Array;
  /** Least and greatest 16-bit value that the trace checks: instruction offsets, parts of range-checked values. */
  readonly rangeCheckMin: number;
  readonly rangeCheckMax: number;
}

const MAX_LOG_STEPS = 30;
const INSTANCES_PER_COMPONENT: Partial<Record<BuiltinName, number>> = { keccak: 16 };
/** 16-bit parts of a cell. */
const RANGE_CHECK_PARTS: Partial<Record<BuiltinName, number>> = { range_check: 8, range_check96: 6 };
/** Cells of the diluted pool that one instance takes: 16 words of 16 bits, spaced by 4, of a 251-bit value; 2^18/16. */
const DILUTED_UNITS: Partial<Record<BuiltinName, number>> = { bitwise: 68, keccak: 16384 };
const DILUTED_POOL = 2 ** 16;
/** Memory cells an instance reads outside its segment: 3 offsets and 3 numbers of 4 words. */
const MODULAR_UNITS = 15;
const OFFSET_BIAS = 2 ** 15;
/** Units of each step that the instruction takes. */
const INSTRUCTION_RANGE_CHECKS = 3;
const INSTRUCTION_MEMORY_UNITS = 4;

/**
 * How long a run in `layout` must be, and how large its segments are then.
 * @throws CairnError `INVALID_LAYOUT` when no length gives the run's builtins enough instances.
 */
export function padRun(run: ProofRun, layout: Layout): PaddedRun {
  const { memory, builtins, machine } = run;
  const { offsets, codeCells } = scanTrace(run);
  const [rangeCheckMin, rangeCheckMax] = rangeCheckLimits(memory, builtins, offsets);
  const usage: Usage = {
    run,
    layout,
    rangeCheckSpan: rangeCheckMax - rangeCheckMin,
    memoryHoles: countHoles(run, codeCells),
  };
  let logSteps = Math.ceil(Math.log2(machine.stepCount));
  while (!fits(usage, 2 ** logSteps)) {
    if (++logSteps > MAX_LOG_STEPS)
      throw new CairnError<VmErrorCode>(
        'INVALID_LAYOUT',
        `layout ${layout.name} has no room for the run, however long: it uses ${JSON.stringify(run.resources.builtins)}`,
      );
  }
  const stepCount = 2 ** logSteps;
  const segmentSizes = memory.sizes();
  segmentSizes[0] = run.program.data.length;
  for (const { builtin, ratio } of layoutBuiltins(run, layout))
    if (builtin.name !== 'output')
      segmentSizes[builtin.segment] = builtin.cellsPerInstance * instanceCount(ratio, stepCount);
  return { run, layout, stepCount, segmentSizes, rangeCheckMin, rangeCheckMax };
}

interface Usage {
  readonly run: ProofRun;
  readonly layout: Layout;
  readonly rangeCheckSpan: number;
  readonly memoryHoles: number;
}

function layoutBuiltins(
  { builtins }: ProofRun,
  layout: Layout,
): { builtin: Builtin; ratio: LayoutBuiltin }[] {
  return layout.builtins.map((ratio) => ({
    ratio,
    builtin: builtins.find(({ name }) => name === ratio.name)!,
  }));
}

/** Instances in a trace of `stepCount` steps. */
function instanceCount({ ratio, ratioDenominator }: LayoutBuiltin, stepCount: number): number {
  return ratio === 0 ? 0 : Math.floor((stepCount * ratioDenominator) / ratio);
}

function fits({ run, layout, rangeCheckSpan, memoryHoles }: Usage, stepCount: number): boolean {
  let rangeCheckUnits = 0;
  let memoryUnits = 0;
  let dilutedUnits = 0;
  for (const { builtin, ratio } of layoutBuiltins(run, layout)) {
    const { name, cellsPerInstance, segment } = builtin;
    if (name === 'output') continue;
    const perComponent = INSTANCES_PER_COMPONENT[name] ?? 1;
    if (stepCount < Math.ceil((ratio.ratio * perComponent) / ratio.ratioDenominator)) return false;
    const instances = instanceCount(ratio, stepCount);
    const usedCells = run.memory.sizeOf(segment);
    if (usedCells > instances * cellsPerInstance) return false;
    rangeCheckUnits += usedCells * (RANGE_CHECK_PARTS[name] ?? 0);
    const isModular = name === 'add_mod' || name === 'mul_mod';
    memoryUnits += instances * (cellsPerInstance + (isModular ? MODULAR_UNITS : 0));
    dilutedUnits += instances * (DILUTED_UNITS[name] ?? 0);
  }
  const { logDilutedUnitsPerStep } = layout;
  const freeRangeChecks =
    (layout.rangeCheckUnitsPerStep - INSTRUCTION_RANGE_CHECKS) * stepCount - rangeCheckUnits;
  const allMemory = layout.memoryUnitsPerStep * stepCount;
  const freeMemory =
    allMemory - allMemory / layout.publicMemoryFraction - INSTRUCTION_MEMORY_UNITS * stepCount - memoryUnits;
  return (
    freeRangeChecks >= rangeCheckSpan &&
    freeMemory >= memoryHoles &&
    (logDilutedUnitsPerStep === undefined ||
      stepCount * 2 ** logDilutedUnitsPerStep - dilutedUnits >= DILUTED_POOL)
  );
}

/** Offsets of the executed instructions, biased, and the program cells they take. */
function scanTrace({ machine, memory }: ProofRun): { offsets: number[]; codeCells: Set<Word> } {
  const trace = machine.trace!;
  const offsets: number[] = [];
  const codeCells = new Set<Word>();
  const seen = new Set<Word>();
  for (let step = 0; step < trace.length; step++) {
    const [segment, offset] = trace.entry(step);
    const pc = pointerWord(segment, offset);
    if (seen.has(pc)) continue;
    seen.add(pc);
    const i = decodeInstruction(memory.toFelt(memory.readKnown(pc)));
    offsets.push(i.offDst + OFFSET_BIAS, i.offOp0 + OFFSET_BIAS, i.offOp1 + OFFSET_BIAS);
    codeCells.add(pc);
    if (i.op1Source === 'imm') codeCells.add(pc + 1);
  }
  return { offsets, codeCells };
}

function rangeCheckLimits(
  memory: Memory,
  builtins: readonly Builtin[],
  offsets: readonly number[],
): [min: number, max: number] {
  let [min, max] = [2 ** 16 - 1, 0];
  const see = (value: number) => {
    if (value < min) min = value;
    if (value > max) max = value;
  };
  offsets.forEach(see);
  for (const { name, segment } of builtins) {
    const parts = RANGE_CHECK_PARTS[name];
    if (parts === undefined) continue;
    for (let offset = 0; offset < memory.sizeOf(segment); offset++) {
      const word = memory.cell(segment, offset);
      if (Number.isNaN(word)) continue;
      const value = memory.toFelt(word);
      for (let part = 0; part < parts; part++) see(Number((value >> BigInt(16 * part)) & 0xffffn));
    }
  }
  return [min, max];
}

/** Cells below the end of their segment that neither an instruction nor a builtin touches. */
function countHoles({ memory, builtins }: ProofRun, codeCells: ReadonlySet<Word>): number {
  const touched = new Set(codeCells);
  const whole = new Set<number>(memory.readOnlySegments.map(({ start }) => wordSegment(start)));
  for (const builtin of builtins) {
    if (builtin.name !== 'output') whole.add(builtin.segment);
    if (builtin.name === 'add_mod' || builtin.name === 'mul_mod')
      for (let i = 0; i < usedInstances(builtin, memory.sizeOf(builtin.segment)); i++)
        for (const { offsetCell, number } of modularOperands(memory, builtin.segment, i)) {
          touched.add(offsetCell);
          for (let word = 0; word < MODULAR_WORDS; word++) touched.add(number + word);
        }
  }
  const isWhole = (segment: number) => whole.has(segment);
  let holes = 0;
  memory.sizes().forEach((size, segment) => {
    if (!isWhole(segment)) holes += size - memory.countAccessed(segment);
  });
  for (const cell of touched) {
    const segment = wordSegment(cell);
    if (!isWhole(segment) && !memory.isAccessed(segment, wordOffset(cell))) holes--;
  }
  return holes;
}
