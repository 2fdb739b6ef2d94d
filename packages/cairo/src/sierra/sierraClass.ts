import { PRIME, parseFelt } from '@cairn/primitives';
import type { EntryPointType } from '../casm/casmClass.ts';
import { type DecodedProgram, decodeProgram } from './decodeProgram.ts';
import type { SierraEntryPoint, SierraEntryPoints } from './entryPoints.ts';
import { refuse } from './errors.ts';

/** A contract class as it is declared: Sierra program felts, entry points and ABI. */
export interface SierraClass extends DecodedProgram {
  readonly sierraProgram: readonly bigint[];
  readonly contractClassVersion: string;
  readonly entryPointsByType: SierraEntryPoints;
  /** ABI as text or JSON, kept as found; undefined when absent. */
  readonly abi: unknown;
}

/**
 * A Sierra class from its JSON (the file of the Cairo compiler or of the RPC, whose `abi` is a text).
 * @throws CairnError `INVALID_SIERRA_CLASS`, `INVALID_FELT`
 */
export function parseSierraClass(json: unknown): SierraClass {
  if (typeof json !== 'object' || json === null) throw malformed('class', 'an object');
  const file = json as Record<string, unknown>;
  if (!Array.isArray(file.sierra_program)) throw malformed('sierra_program', 'a list of felts');
  const sierraProgram = file.sierra_program.map((felt) => parseFelt(felt as string));
  for (const felt of sierraProgram)
    if (felt >= PRIME) throw malformed('sierra_program', 'felts below the prime');
  if (typeof file.contract_class_version !== 'string') throw malformed('contract_class_version', 'a text');
  const { sierraVersion, compilerVersion, program } = decodeProgram(sierraProgram);
  return {
    sierraProgram,
    contractClassVersion: file.contract_class_version,
    entryPointsByType: parseEntryPoints(file.entry_points_by_type),
    abi: file.abi ?? undefined,
    sierraVersion,
    compilerVersion,
    program,
  };
}

function parseEntryPoints(json: unknown): SierraEntryPoints {
  if (typeof json !== 'object' || json === null) throw malformed('entry_points_by_type', 'an object');
  const parse = (type: EntryPointType): SierraEntryPoint[] => {
    const list = (json as Record<string, unknown>)[type];
    if (!Array.isArray(list)) throw malformed(`entry_points_by_type.${type}`, 'a list');
    return list.map((entry) => {
      const { selector, function_idx: index } = (entry ?? {}) as Record<string, unknown>;
      if (!Number.isInteger(index) || (index as number) < 0) throw malformed('function_idx', 'an index');
      return { selector: parseFelt(selector as string), functionIndex: index as number };
    });
  };
  return { EXTERNAL: parse('EXTERNAL'), L1_HANDLER: parse('L1_HANDLER'), CONSTRUCTOR: parse('CONSTRUCTOR') };
}

function malformed(where: string, expected: string): Error {
  return refuse('INVALID_SIERRA_CLASS', `invalid Sierra class: ${where} is not ${expected}`);
}
