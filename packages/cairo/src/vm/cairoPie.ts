import { CairnError, type Felt, PRIME } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import { type Builtin, type BuiltinName, usedInstances } from './builtins/builtin.ts';
import { isBuiltinName } from './builtins/createBuiltin.ts';
import type { EcdsaBuiltin } from './builtins/curveBuiltins.ts';
import { type CairoProgram, readProgramJson } from './cairoProgram.ts';
import type { Memory } from './memory.ts';
import type { Relocatable, VmValue } from './relocatable.ts';
import type { ProgramResult } from './runProgram.ts';
import { EXECUTION_SEGMENT } from './word.ts';
import { readZip, writeZip } from './zipArchive.ts';

/** A segment of a PIE and how many cells it has. */
export interface PieSegment {
  index: number;
  size: number;
}

/** A memory cell of a PIE. */
export interface PieCell {
  address: Relocatable;
  value: VmValue;
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

const VERSION = '1.1';
const CELL_BYTES = 40;
const ADDRESS_BYTES = 8;
const ADDRESS_MARK = 2n ** 63n;
const POINTER_MARK = 2n ** 255n;
const OFFSET_BITS = 47n;
const SEGMENT_BOUND = 2 ** 16;
const OFFSET_MASK = (1n << OFFSET_BITS) - 1n;

/** The PIE of a program's finished run. @throws CairnError `INVALID_PIE` for more segments than the format has. */
export function cairoPie(program: CairoProgram, result: ProgramResult): CairoPie {
  const { memory, machine, builtins, resources } = result;
  const sizes = memory.sizes();
  if (sizes.length > SEGMENT_BOUND) throw invalid(`${sizes.length} segments`);
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
      ['version.json', file({ cairo_pie: VERSION })],
      ['metadata.json', file(metadata)],
      ['memory.bin', memoryBytes(pie.memory)],
      ['additional_data.json', file(withSuffix(pie.additionalData))],
      ['execution_resources.json', file(executionResources)],
    ]),
  );
}

/** A PIE from its zip file, its segments and addresses checked. @throws CairnError `INVALID_ARCHIVE`, `INVALID_PIE`. */
export async function readCairoPie(archive: Uint8Array): Promise<CairoPie> {
  const files = await readZip(archive);
  const json = (name: string) => {
    const bytes = files.get(name);
    if (bytes === undefined) throw invalid(`${name} is missing`);
    try {
      return readProgramJson(new TextDecoder().decode(bytes)) as never;
    } catch {
      throw invalid(`${name} is no JSON`);
    }
  };
  const version = json('version.json') as { cairo_pie?: string };
  if (version?.cairo_pie !== VERSION) throw invalid(`version ${version?.cairo_pie}`);
  const metadata = json('metadata.json') as MetadataJson;
  const resources = json('execution_resources.json') as ResourcesJson;
  const { program } = metadata;
  if (String(program?.prime) !== String(PRIME)) throw invalid(`prime ${program?.prime}`);
  const pie: CairoPie = {
    program: {
      data: program.data.map((word) => feltOf(BigInt(word))),
      builtins: program.builtins.map(builtinName),
      main: program.main,
    },
    programSegment: metadata.program_segment,
    executionSegment: metadata.execution_segment,
    returnFpSegment: metadata.ret_fp_segment,
    returnPcSegment: metadata.ret_pc_segment,
    builtinSegments: metadata.builtin_segments,
    extraSegments: metadata.extra_segments,
    memory: readMemory(files.get('memory.bin') ?? new Uint8Array()),
    resources: {
      steps: resources.n_steps,
      memoryHoles: resources.n_memory_holes,
      builtins: withoutSuffix(resources.builtin_instance_counter),
    },
    additionalData: withoutSuffix(json('additional_data.json') as Record<string, unknown>),
  };
  checkPie(pie);
  return pie;
}

interface MetadataJson {
  program: { data: (number | string)[]; builtins: string[]; main: number; prime: string };
  program_segment: PieSegment;
  execution_segment: PieSegment;
  ret_fp_segment: PieSegment;
  ret_pc_segment: PieSegment;
  builtin_segments: Partial<Record<BuiltinName, PieSegment>>;
  extra_segments: PieSegment[];
}

interface ResourcesJson {
  n_steps: number;
  n_memory_holes: number;
  builtin_instance_counter: Record<string, number>;
}

/** Segments are numbered in order, and every address in memory lies in one. */
function checkPie(pie: CairoPie): void {
  const { program, returnFpSegment, returnPcSegment } = pie;
  if (!(program.main >= 0 && program.main < program.data.length)) throw invalid(`main at ${program.main}`);
  if (pie.programSegment.size !== program.data.length) throw invalid('the program does not fill its segment');
  if (returnFpSegment.size !== 0 || returnPcSegment.size !== 0)
    throw invalid('the return segments are not empty');
  const builtinSegments = program.builtins.map((name) => pie.builtinSegments[name]);
  if (Object.keys(pie.builtinSegments).length !== program.builtins.length) throw invalid('builtin segments');
  const inOrder = [
    pie.programSegment,
    pie.executionSegment,
    ...builtinSegments,
    returnFpSegment,
    returnPcSegment,
    ...pie.extraSegments,
  ];
  for (const [index, segment] of inOrder.entries())
    if (segment?.index !== index || !(segment.size >= 0)) throw invalid(`segment ${index} is out of order`);
  for (const { address } of pie.memory)
    if (!(address.offset < (inOrder[address.segment]?.size ?? 0)))
      throw invalid(`the cell ${address.segment}:${address.offset} lies in no segment`);
}

function memoryBytes(cells: readonly PieCell[]): Uint8Array {
  const bytes = new Uint8Array(cells.length * CELL_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { address, value }] of cells.entries()) {
    const at = i * CELL_BYTES;
    view.setBigUint64(at, ADDRESS_MARK + packed(address), true);
    const number = typeof value === 'bigint' ? value : POINTER_MARK + packed(value);
    for (let word = 0; word < 4; word++)
      view.setBigUint64(at + ADDRESS_BYTES + 8 * word, BigInt.asUintN(64, number >> BigInt(64 * word)), true);
  }
  return bytes;
}

function readMemory(bytes: Uint8Array): PieCell[] {
  if (bytes.length % CELL_BYTES !== 0) throw invalid(`memory.bin has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cells: PieCell[] = [];
  for (let at = 0; at < bytes.length; at += CELL_BYTES) {
    let number = 0n;
    for (let word = 3; word >= 0; word--)
      number = (number << 64n) | view.getBigUint64(at + ADDRESS_BYTES + 8 * word, true);
    const value = number >= POINTER_MARK ? unpacked(number - POINTER_MARK) : feltOf(number);
    const address = view.getBigUint64(at, true);
    if (address < ADDRESS_MARK) throw invalid('a memory address without its mark');
    cells.push({ address: unpacked(address - ADDRESS_MARK), value });
  }
  return cells;
}

function packed({ segment, offset }: Relocatable): bigint {
  return (BigInt(segment) << OFFSET_BITS) + BigInt(offset);
}

function unpacked(address: bigint): Relocatable {
  if (address >> OFFSET_BITS >= BigInt(SEGMENT_BOUND)) throw invalid('an address outside the segments');
  return { segment: Number(address >> OFFSET_BITS), offset: Number(address & OFFSET_MASK) };
}

function feltOf(value: bigint): Felt {
  if (value < 0n || value >= PRIME) throw invalid(`${value} is no felt`);
  return value;
}

function builtinName(name: string): BuiltinName {
  if (!isBuiltinName(name)) throw invalid(`unknown builtin ${name}`);
  return name;
}

const SUFFIX = '_builtin';

function withSuffix<T>(values: Partial<Record<BuiltinName, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name + SUFFIX, value as T]));
}

function withoutSuffix<T>(values: Record<string, T>): Partial<Record<BuiltinName, T>> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]) => [
      builtinName(key.endsWith(SUFFIX) ? key.slice(0, -SUFFIX.length) : key),
      value,
    ]),
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

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_PIE', `not a valid Cairo PIE: ${what}`);
}
