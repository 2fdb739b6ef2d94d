import type { BuiltinName, ProofRun } from '@cairn/cairo';
import { CairnError } from '@cairn/primitives';
import type { BuiltinTable } from '../air/builtinTable.ts';
import { builtinTableOf, type CairoAir } from '../air/cairoAir.ts';
import type { CairoAirErrorCode } from '../errors.ts';
import { PROGRAM_START } from '../statement/cairoStatement.ts';
import type { Steps } from './fillCpu.ts';
import { FlatMemory } from './flatMemory.ts';
import { logHeightFor } from './tableColumns.ts';
import { ValueStore } from './valueStore.ts';

/** Addresses of a builtin's cells. */
export interface BuiltinSegment {
  readonly start: number;
  /** Behind the program's own instances. */
  readonly stop: number;
  /** Height of the builtin's table. */
  readonly logHeight: number;
}

/** A run in flat addresses: the program from 1 on, then the other segments, those of builtins filled up. */
export interface FlatRun {
  readonly memory: FlatMemory;
  readonly steps: Steps;
  readonly initialAp: number;
  readonly finalAp: number;
  /** Segments of the program's builtins and of all others that the layout has. */
  readonly builtins: ReadonlyMap<BuiltinName, BuiltinSegment>;
}

const EXECUTION_SEGMENT = 1;
/** Words of the VM below this in absolute value are felts by themselves. */
const SMALL_WORD_BOUND = 2 ** 51;

interface Placement {
  readonly name: BuiltinName;
  readonly segment: number | undefined;
  readonly usedCells: number;
  readonly cells: number;
  readonly logHeight: number;
}

/** The table's height for so many cells, and the cells that all its rows speak of. */
function extentOf({ cellsPerInstance, rowsPerInstance }: BuiltinTable, usedCells: number) {
  const logHeight = logHeightFor(Math.ceil(usedCells / cellsPerInstance) * rowsPerInstance);
  return { logHeight, cells: Math.ceil(2 ** logHeight / rowsPerInstance) * cellsPerInstance };
}

/** How long each builtin's segment becomes. */
function placeBuiltins(run: ProofRun, layout: CairoAir): Placement[] {
  const placements: Placement[] = [];
  for (const { name, segment } of run.builtins) {
    const usedCells = run.memory.sizeOf(segment);
    const table = builtinTableOf(layout, name);
    if (table === undefined) {
      if (name !== 'output')
        throw new CairnError<CairoAirErrorCode>(
          'UNPROVABLE_RUN',
          `builtin ${name}: this layout does not prove it`,
        );
      placements.push({ name, segment, usedCells, cells: usedCells, logHeight: 0 });
      continue;
    }
    placements.push({ name, segment, usedCells, ...extentOf(table, usedCells) });
  }
  for (const { table } of layout.builtins) {
    if (placements.some(({ name }) => name === table.name)) continue;
    placements.push({ name: table.name, segment: undefined, usedCells: 0, ...extentOf(table, 0) });
  }
  return placements;
}

/**
 * Lays a run out in flat addresses. PERF: one look at every step and every cell.
 * @throws CairnError `UNPROVABLE_RUN` for a builtin that the layout lacks.
 */
export function flattenRun(run: ProofRun, layout: CairoAir): FlatRun {
  const { memory, machine } = run;
  const sizes = memory.sizes();
  const placements = placeBuiltins(run, layout);
  for (const { segment, cells } of placements) if (segment !== undefined) sizes[segment] = cells;
  const starts: number[] = [];
  let end = PROGRAM_START;
  for (const size of sizes) {
    starts.push(end);
    end += size;
  }
  const builtins = new Map<BuiltinName, BuiltinSegment>();
  for (const { name, segment, usedCells, cells, logHeight } of placements) {
    let start = end;
    if (segment === undefined) end += cells;
    else start = starts[segment]!;
    builtins.set(name, { start, stop: start + usedCells, logHeight });
  }

  const values = new ValueStore();
  const flat = new FlatMemory(values, end);
  const idOf = (word: number): number => {
    if (word > -SMALL_WORD_BOUND && word < SMALL_WORD_BOUND) return values.idOfNumber(word);
    const value = memory.toValue(word);
    return typeof value === 'bigint'
      ? values.idOfFelt(value)
      : values.idOfNumber(starts[value.segment]! + value.offset);
  };
  for (let segment = 0; segment < sizes.length; segment++) {
    const size = memory.sizeOf(segment);
    const start = starts[segment]!;
    for (let offset = 0; offset < size; offset++) {
      const word = memory.cell(segment, offset);
      if (!Number.isNaN(word)) flat.ids[start + offset] = idOf(word);
    }
  }
  for (const { name, segment, usedCells, cells } of placements) {
    const table = builtinTableOf(layout, name);
    if (table === undefined) continue;
    const { start } = builtins.get(name)!;
    const width = table.cellsPerInstance;
    const deduce = run.builtins.find((builtin) => builtin.name === name)?.deduce;
    const known = Math.ceil(usedCells / width) * width;
    // Outputs that the program did not read are computed; the rest of the segment is filled up.
    for (let offset = 0; segment !== undefined && deduce !== undefined && offset < known; offset++) {
      if (memory.hasValue(segment, offset)) continue;
      const word = deduce(memory, offset);
      if (!Number.isNaN(word)) flat.ids[start + offset] = idOf(word);
    }
    const padding = table.paddingInstance(end).map((value) => values.idOfFelt(value));
    for (let offset = known; offset < cells; offset++) flat.ids[start + offset] = padding[offset % width]!;
    const segmentOf = builtins.get(name)!;
    builtins.set(name, { ...segmentOf, stop: start + known });
  }

  const { trace } = machine;
  const stepCount = trace?.length ?? 0;
  const steps = {
    pc: new Uint32Array(stepCount),
    ap: new Uint32Array(stepCount),
    fp: new Uint32Array(stepCount),
  };
  const stack = starts[EXECUTION_SEGMENT]!;
  for (let step = 0; step < stepCount; step++) {
    const [segment, pc, ap, fp] = trace!.entry(step);
    steps.pc[step] = starts[segment]! + pc;
    steps.ap[step] = stack + ap;
    steps.fp[step] = stack + fp;
  }
  return {
    memory: flat,
    steps,
    initialAp: stack + run.initialAp,
    finalAp: stack + machine.ap,
    builtins,
  };
}
