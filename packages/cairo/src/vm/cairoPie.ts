import { type Felt, PRIME } from '@cairn/primitives';
import { type Builtin, type BuiltinName, usedInstances } from './builtins/builtin.ts';
import type { EcdsaBuiltin } from './builtins/curveBuiltins.ts';
import type { CairoProgram } from './cairoProgram.ts';
import type { Memory } from './memory.ts';
import { encodePieMemory, invalidPie, PIE_SEGMENT_BOUND, type PieCell } from './pieMemory.ts';
import type { ProgramResult } from './runProgram.ts';
import { EXECUTION_SEGMENT } from './word.ts';
import { writeZip } from './zipArchive.ts';

/** A segment of a PIE and how many cells it has. */
export interface PieSegment {
  index: number;
  size: number;
}

/** A Cairo position-independent execution: a finished run that a bootloader can take over. @see cairo-lang, cairo_pie 1.1 */
export interface CairoPie {
  program: { data: Felt[]; builtins: BuiltinName[]; main: number };
  programSegment: PieSegment;
  executionSegment: PieSegment;
  returnFpSegment: PieSegment;
  returnPcSegment: PieSegment;
  builtinSegments: Partial<Record<BuiltinName, PieSegment>>;
  extraSegments: PieSegment[];
  memory: PieCell[];
  resources: { steps: number; memoryHoles: number; builtins: Partial<Record<BuiltinName, number>> };
  /** What builtins need besides memory, as their JSON says it: output pages, signatures. */
  additionalData: Partial<Record<BuiltinName, unknown>>;
}

/** Version of the format. */
export const PIE_VERSION = '1.1';
/** What names of builtins have behind them in files other than the metadata. */
export const BUILTIN_SUFFIX = '_builtin';

/** The PIE of a program's finished run. @throws CairnError `INVALID_PIE` for more segments than the format has. */
export function cairoPie(program: CairoProgram, result: ProgramResult): CairoPie {
  const { memory, machine, builtins, resources } = result;
  const sizes = memory.sizes();
  if (sizes.length > PIE_SEGMENT_BOUND) throw invalidPie(`${sizes.length} segments`);
  const cells: PieCell[] = [];
  for (const [segment, size] of sizes.entries())
    for (let offset = 0; offset < size; offset++) {
      const value = memory.get({ segment, offset });
      if (value !== undefined) cells.push({ address: { segment, offset }, value });
    }
  const segment = (index: number): PieSegment => ({ index, size: sizes[index]! });
  const afterBuiltins = 2 + builtins.length;
  return {
    program: { data: [...program.data], builtins: [...program.builtins], main: program.main },
    programSegment: { index: 0, size: program.data.length },
    executionSegment: { index: EXECUTION_SEGMENT, size: machine.ap },
    returnFpSegment: segment(afterBuiltins),
    returnPcSegment: segment(afterBuiltins + 1),
    builtinSegments: Object.fromEntries(
      builtins.map((builtin) => {
        const { name, segment: index, cellsPerInstance, initialCells } = builtin;
        const instances = usedInstances(builtin, sizes[index]!);
        return [name, { index, size: instances * cellsPerInstance + initialCells }];
      }),
    ),
    extraSegments: [...sizes.keys()].slice(afterBuiltins + 2).map(segment),
    memory: cells,
    resources: { steps: resources.steps, memoryHoles: resources.memoryHoles, builtins: resources.builtins },
    additionalData: Object.fromEntries(
      builtins.map((builtin) => {
        if (builtin.name === 'output') return [builtin.name, { pages: {}, attributes: {} }];
        if (builtin.name === 'pedersen') return [builtin.name, hashAddresses(memory, builtin)];
        if (builtin.name !== 'ecdsa') return [builtin.name, null];
        const { signatures } = builtin as EcdsaBuiltin;
        return [
          builtin.name,
          [...signatures]
            .sort(([a], [b]) => a - b)
            .map(([offset, { r, s }]) => [
              [builtin.segment, offset],
              [r, s],
            ]),
        ];
      }),
    ),
  };
}

/** Cells with hashes, as [segment, offset]. */
function hashAddresses(
  memory: Memory,
  { segment, cellsPerInstance, inputCells }: Builtin,
): [number, number][] {
  const addresses: [number, number][] = [];
  for (let offset = inputCells; offset < memory.sizeOf(segment); offset += cellsPerInstance)
    if (memory.hasValue(segment, offset)) addresses.push([segment, offset]);
  return addresses;
}

/** The zip file of a PIE. */
export function writeCairoPie(pie: CairoPie): Promise<Uint8Array> {
  const { program, resources } = pie;
  const metadata = {
    program: { data: program.data, builtins: program.builtins, main: program.main, prime: PRIME },
    program_segment: pie.programSegment,
    execution_segment: pie.executionSegment,
    ret_fp_segment: pie.returnFpSegment,
    ret_pc_segment: pie.returnPcSegment,
    builtin_segments: pie.builtinSegments,
    extra_segments: pie.extraSegments,
  };
  const executionResources = {
    n_steps: resources.steps,
    n_memory_holes: resources.memoryHoles,
    builtin_instance_counter: withSuffix(resources.builtins),
  };
  const file = (value: unknown) => new TextEncoder().encode(toJson(value));
  return writeZip(
    new Map([
      ['version.json', file({ cairo_pie: PIE_VERSION })],
      ['metadata.json', file(metadata)],
      ['memory.bin', encodePieMemory(pie.memory)],
      ['additional_data.json', file(withSuffix(pie.additionalData))],
      ['execution_resources.json', file(executionResources)],
    ]),
  );
}

function withSuffix<T>(values: Partial<Record<BuiltinName, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name + BUILTIN_SUFFIX, value as T]),
  );
}

/** JSON in which bigints are plain decimal numbers, as this format has them. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return `${value}`;
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)}:${toJson(part)}`)
    .join(',')}}`;
}
