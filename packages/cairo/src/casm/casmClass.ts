import { CairnError, type Felt, formatFelt, PRIME, parseFelt } from '@cairn/primitives';
import type { CasmErrorCode } from '../errors.ts';
import { type CasmHint, parseHint } from './hint.ts';

/** Lengths of the leaves of the bytecode hash tree: a leaf length or a node of lists. */
export type NestedIntList = number | NestedIntList[];

/** Kinds of entry points, in the order of the file and of the class hash. */
export type EntryPointType = 'EXTERNAL' | 'L1_HANDLER' | 'CONSTRUCTOR';

/** A function of a contract that a call may enter. `offset` counts bytecode words. */
export interface CasmEntryPoint {
  selector: Felt;
  offset: number;
  builtins: string[];
}

/** A compiled contract class, the executable form of a Sierra class. */
export interface CasmClass {
  prime: bigint;
  compilerVersion: string;
  bytecode: Felt[];
  /** Absent for classes of Sierra below 1.5: the bytecode is then one leaf. */
  bytecodeSegmentLengths?: NestedIntList;
  /** Bytecode offset and the hints that run before the instruction there, ascending. */
  hints: [offset: number, hints: CasmHint[]][];
  entryPointsByType: Record<EntryPointType, CasmEntryPoint[]>;
}

/** The CASM JSON file as the official compiler writes it. */
export interface CasmClassJson {
  prime: string;
  compiler_version: string;
  bytecode: string[];
  bytecode_segment_lengths?: NestedIntList;
  hints: [number, CasmHint[]][];
  entry_points_by_type: Record<EntryPointType, { selector: string; offset: number; builtins: string[] }[]>;
}

const ENTRY_POINT_TYPES = ['EXTERNAL', 'L1_HANDLER', 'CONSTRUCTOR'] as const;

/**
 * Class from parsed CASM JSON; pythonic hints are left behind.
 * @throws CairnError `INVALID_CASM_CLASS`, `INVALID_HINT`, `INVALID_FELT`.
 */
export function parseCasmClass(json: unknown): CasmClass {
  const file = record(json, 'class');
  const prime = BigInt(text(file.prime, 'prime'));
  if (prime !== PRIME) throw invalid('prime', file.prime, 'the Starknet prime');
  const bytecode = list(file.bytecode, 'bytecode').map((word) => parseFelt(word as string));
  const entryPoints = record(file.entry_points_by_type, 'entry_points_by_type');
  const parsed: CasmClass = {
    prime,
    compilerVersion: text(file.compiler_version, 'compiler_version'),
    bytecode,
    hints: list(file.hints, 'hints').map((entry) => {
      const [offset, hints] = list(entry, 'hints entry');
      return [wordOffset(offset, bytecode.length), list(hints, 'hints entry').map(parseHint)];
    }),
    entryPointsByType: {
      EXTERNAL: parseEntryPoints(entryPoints.EXTERNAL, bytecode.length),
      L1_HANDLER: parseEntryPoints(entryPoints.L1_HANDLER, bytecode.length),
      CONSTRUCTOR: parseEntryPoints(entryPoints.CONSTRUCTOR, bytecode.length),
    },
  };
  if (file.bytecode_segment_lengths !== undefined && file.bytecode_segment_lengths !== null)
    parsed.bytecodeSegmentLengths = parseLengths(file.bytecode_segment_lengths);
  return parsed;
}

/** The official CASM JSON of `casm`, keys in file order, without pythonic hints. */
export function formatCasmClass(casm: CasmClass): CasmClassJson {
  const entryPoints = (type: EntryPointType) =>
    casm.entryPointsByType[type].map(({ selector, offset, builtins }) => ({
      selector: formatFelt(selector),
      offset,
      builtins,
    }));
  return {
    prime: formatFelt(casm.prime),
    compiler_version: casm.compilerVersion,
    bytecode: casm.bytecode.map(formatFelt),
    ...(casm.bytecodeSegmentLengths === undefined
      ? {}
      : { bytecode_segment_lengths: casm.bytecodeSegmentLengths }),
    hints: casm.hints,
    entry_points_by_type: Object.fromEntries(
      ENTRY_POINT_TYPES.map((type) => [type, entryPoints(type)]),
    ) as CasmClassJson['entry_points_by_type'],
  };
}

function parseEntryPoints(json: unknown, bytecodeLength: number): CasmEntryPoint[] {
  return list(json, 'entry points').map((entry) => {
    const { selector, offset, builtins } = record(entry, 'entry point');
    return {
      selector: parseFelt(selector as string),
      offset: wordOffset(offset, bytecodeLength),
      builtins: list(builtins, 'builtins').map((name) => text(name, 'builtins')),
    };
  });
}

function parseLengths(json: unknown): NestedIntList {
  if (Array.isArray(json)) return json.map(parseLengths);
  if (!Number.isInteger(json) || (json as number) < 0)
    throw invalid('bytecode_segment_lengths', json, 'a word count or a list');
  return json as number;
}

function wordOffset(json: unknown, bytecodeLength: number): number {
  if (!Number.isInteger(json) || (json as number) < 0 || (json as number) >= bytecodeLength)
    throw invalid('offset', json, `a word offset below ${bytecodeLength}`);
  return json as number;
}

function record(json: unknown, where: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(where, json, 'an object');
  return json as Record<string, unknown>;
}

function list(json: unknown, where: string): unknown[] {
  if (!Array.isArray(json)) throw invalid(where, json, 'a list');
  return json;
}

function text(json: unknown, where: string): string {
  if (typeof json !== 'string') throw invalid(where, json, 'a text');
  return json;
}

function invalid(where: string, got: unknown, expected: string): CairnError<CasmErrorCode> {
  const shown = JSON.stringify(got)?.slice(0, 80);
  return new CairnError(
    'INVALID_CASM_CLASS',
    `invalid CASM class at ${where}: got ${shown}, expected ${expected}`,
  );
}
