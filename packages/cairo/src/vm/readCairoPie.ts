import { type Felt, PRIME } from '@cairn/primitives';
import type { BuiltinName } from './builtins/builtin.ts';
import { isBuiltinName } from './builtins/createBuiltin.ts';
import { BUILTIN_SUFFIX, type CairoPie, PIE_VERSION, type PieSegment } from './cairoPie.ts';
import { readProgramJson } from './cairoProgram.ts';
import { decodePieMemory, invalidPie } from './pieMemory.ts';
import { EXECUTION_SEGMENT, OFFSET_BOUND } from './word.ts';
import { readZip } from './zipArchive.ts';

const FILES = [
  'version.json',
  'metadata.json',
  'memory.bin',
  'additional_data.json',
  'execution_resources.json',
] as const;
const FELT_TEXT = /^\d{1,76}$/;
const PROGRAM_SEGMENT = 0;

/**
 * A PIE from its zip file, of 512 MiB unpacked at the most. Its form is checked: segments, addresses, that memory holds the
 * program and the stack that main starts from. Whether its values are those of a run, `runCairoPie` tells.
 * @throws CairnError `INVALID_ARCHIVE`, `INVALID_PIE`.
 */
export async function readCairoPie(archive: Uint8Array): Promise<CairoPie> {
  const files = await readZip(archive);
  const stray = [...files.keys()].find((name) => !FILES.some((known) => known === name));
  if (stray !== undefined) throw invalidPie(`a file ${JSON.stringify(stray)}`);
  const file = (name: (typeof FILES)[number]): Uint8Array => {
    const bytes = files.get(name);
    if (bytes === undefined) throw invalidPie(`${name} is missing`);
    return bytes;
  };
  const json = (name: (typeof FILES)[number]): Fields => fieldsOf(parseJson(name, file(name)), name);
  const { cairo_pie: version } = json('version.json');
  if (version !== PIE_VERSION) throw invalidPie(`version ${JSON.stringify(version)}`);
  const metadata = json('metadata.json');
  const resources = json('execution_resources.json');
  const pie: CairoPie = {
    program: readProgram(fieldsOf(metadata.program, 'program')),
    programSegment: segmentOf(metadata.program_segment, 'program segment'),
    executionSegment: segmentOf(metadata.execution_segment, 'execution segment'),
    returnFpSegment: segmentOf(metadata.ret_fp_segment, 'ret fp segment'),
    returnPcSegment: segmentOf(metadata.ret_pc_segment, 'ret pc segment'),
    builtinSegments: byBuiltin(metadata.builtin_segments, 'builtin segments', segmentOf),
    extraSegments: listOf(metadata.extra_segments, 'extra segments').map((segment) =>
      segmentOf(segment, 'extra segment'),
    ),
    memory: decodePieMemory(file('memory.bin')),
    resources: {
      steps: countOf(resources.n_steps, 'steps'),
      memoryHoles: countOf(resources.n_memory_holes, 'memory holes'),
      builtins: byBuiltin(resources.builtin_instance_counter, 'instances', countOf),
    },
    additionalData: byBuiltin(json('additional_data.json'), 'additional data', (value) => value),
  };
  checkMemory(pie, segmentSizes(pie));
  return pie;
}

type Fields = Readonly<Record<string, unknown>>;

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return readProgramJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidPie(`${name} is no JSON`);
  }
}

function readProgram({ prime, data, builtins, main }: Fields): CairoPie['program'] {
  if (prime !== `${PRIME}`) throw invalidPie(`prime ${JSON.stringify(prime)}`);
  const program = {
    data: listOf(data, 'program data').map(feltOf),
    builtins: listOf(builtins, 'builtins').map(builtinOf),
    main: countOf(main, 'main'),
  };
  if (program.main >= program.data.length) throw invalidPie(`main at ${program.main}`);
  return program;
}

/** Sizes of the segments, which must be numbered in order. */
function segmentSizes(pie: CairoPie): number[] {
  const { program, programSegment, returnFpSegment, returnPcSegment } = pie;
  if (programSegment.size !== program.data.length) throw invalidPie('the program does not fill its segment');
  if (returnFpSegment.size !== 0 || returnPcSegment.size !== 0)
    throw invalidPie('the return segments are not empty');
  if (Object.keys(pie.builtinSegments).length !== program.builtins.length)
    throw invalidPie('other builtin segments than builtins');
  const inOrder = [
    programSegment,
    pie.executionSegment,
    ...program.builtins.map((name) => pie.builtinSegments[name]),
    returnFpSegment,
    returnPcSegment,
    ...pie.extraSegments,
  ];
  return inOrder.map((segment, index) => {
    if (segment?.index !== index) throw invalidPie(`segment ${index} is out of order`);
    return segment.size;
  });
}

/** Cells lie in segments, pointers name some; the program and the stack that main starts from are there. */
function checkMemory({ program, memory }: CairoPie, sizes: readonly number[]): void {
  const stackCells = program.builtins.length + 2;
  const words = new Set<number>();
  const stack = new Set<number>();
  for (const { address, value } of memory) {
    const { segment, offset } = address;
    if (!(offset < (sizes[segment] ?? 0)))
      throw invalidPie(`the cell ${segment}:${offset} lies in no segment`);
    if (typeof value !== 'bigint' && !(value.segment < sizes.length && value.offset < OFFSET_BOUND))
      throw invalidPie(`the cell ${segment}:${offset} points to ${value.segment}:${value.offset}`);
    if (segment === PROGRAM_SEGMENT) {
      if (value !== program.data[offset]) throw invalidPie(`another word at ${offset} than the program's`);
      words.add(offset);
    }
    if (segment === EXECUTION_SEGMENT && offset < stackCells) {
      if (typeof value === 'bigint' || value.segment !== EXECUTION_SEGMENT + 1 + offset)
        throw invalidPie(`the stack does not begin with the segments that main gets: cell ${offset}`);
      stack.add(offset);
    }
  }
  if (words.size !== program.data.length) throw invalidPie('words of the program are missing in memory');
  if (stack.size !== stackCells) throw invalidPie('the stack that main starts from is missing');
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidPie(`${what}: expected an object`);
  return value as Fields;
}

function listOf(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw invalidPie(`${what}: expected a list`);
  return value;
}

function countOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > OFFSET_BOUND)
    throw invalidPie(`${what}: got ${JSON.stringify(value)}, expected a whole number up to 2^28`);
  return value;
}

function segmentOf(value: unknown, what: string): PieSegment {
  const { index, size } = fieldsOf(value, what);
  return { index: countOf(index, `${what}: index`), size: countOf(size, `${what}: size`) };
}

function feltOf(word: unknown): Felt {
  const text = typeof word === 'number' ? `${word}` : word;
  const value = typeof text === 'string' && FELT_TEXT.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value >= PRIME) throw invalidPie(`a program word is no felt`);
  return value;
}

function builtinOf(name: unknown): BuiltinName {
  if (typeof name !== 'string' || !isBuiltinName(name))
    throw invalidPie(`unknown builtin ${JSON.stringify(name)}`);
  return name;
}

/** Values by builtin, whether or not their names have the suffix. */
function byBuiltin<T>(
  value: unknown,
  what: string,
  read: (part: unknown, what: string) => T,
): Partial<Record<BuiltinName, T>> {
  const parts = Object.entries(fieldsOf(value, what)).map(([key, part]) => {
    const name = builtinOf(key.endsWith(BUILTIN_SUFFIX) ? key.slice(0, -BUILTIN_SUFFIX.length) : key);
    return [name, read(part, `${what} of ${name}`)] as const;
  });
  if (new Set(parts.map(([name]) => name)).size !== parts.length)
    throw invalidPie(`${what}: a builtin twice`);
  return Object.fromEntries(parts) as Partial<Record<BuiltinName, T>>;
}
