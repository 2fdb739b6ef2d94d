import { refuse } from './errors.ts';
import type { GenericArg, SierraProgram, Statement } from './program.ts';

/** A Sierra program as Scarb writes it (`*.sierra.json`), with the names of its functions. */
export interface SierraProgramFile {
  readonly program: SierraProgram;
  /** Full paths by position; the number of the function where the file has no names. */
  readonly functionNames: readonly string[];
}

interface Id {
  id: number;
  debug_name?: string | null;
}
interface LongId {
  generic_id: string;
  generic_args: ArgJson[];
}
type ArgJson =
  | { UserType: { id: number[] } }
  | { Type: Id }
  | { Value: [sign: number, digits: number[]] }
  | { UserFunc: Id }
  | { Libfunc: Id };
type StatementJson =
  | {
      Invocation: {
        libfunc_id: Id;
        args: Id[];
        branches: { target: 'Fallthrough' | { Statement: number }; results: Id[] }[];
      };
    }
  | { Return: Id[] };
interface ProgramJson {
  version?: number;
  type_declarations: {
    id: Id;
    long_id: LongId;
    declared_type_info?: {
      storable: boolean;
      droppable: boolean;
      duplicatable: boolean;
      zero_sized: boolean;
    } | null;
  }[];
  libfunc_declarations: { id: Id; long_id: LongId }[];
  statements: StatementJson[];
  funcs: {
    id: Id;
    signature: { param_types: Id[]; ret_types: Id[] };
    params: { id: Id; ty: Id }[];
    entry_point: number;
  }[];
}

/** True for the JSON of a Sierra program, whatever it holds. */
export function isSierraProgramFile(json: unknown): boolean {
  return Array.isArray((json as { type_declarations?: unknown } | null)?.type_declarations);
}

/**
 * A Sierra program from its JSON, version 1.
 * @throws CairnError `INVALID_SIERRA_PROGRAM` @see cairo-lang-sierra 2.20, `VersionedProgram`
 */
export function parseSierraProgram(json: unknown): SierraProgramFile {
  const file = json as ProgramJson;
  if (file.version !== 1) throw malformed(`version ${file.version}, expected 1`);
  try {
    return readProgram(file);
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed(cause.message);
    throw cause;
  }
}

function readProgram(file: ProgramJson): SierraProgramFile {
  const types = positions('type', file.type_declarations);
  const libfuncs = positions('libfunc', file.libfunc_declarations);
  const functions = positions('function', file.funcs);
  const arg = (json: ArgJson): GenericArg => {
    if ('UserType' in json) return { kind: 'userType', id: fromDigits(json.UserType.id) };
    if ('Type' in json) return { kind: 'type', id: types(json.Type) };
    if ('UserFunc' in json) return { kind: 'function', id: functions(json.UserFunc) };
    if ('Libfunc' in json) return { kind: 'libfunc', id: libfuncs(json.Libfunc) };
    if (!('Value' in json)) throw malformed(`generic argument ${JSON.stringify(json)}`);
    const [sign, digits] = json.Value;
    return { kind: 'value', value: BigInt(sign) * fromDigits(digits) };
  };
  const variable = ({ id }: Id) => id;
  const statement = (json: StatementJson): Statement => {
    if ('Return' in json) return { kind: 'return', args: json.Return.map(variable) };
    const { libfunc_id, args, branches } = json.Invocation;
    return {
      kind: 'invocation',
      libfunc: libfuncs(libfunc_id),
      args: args.map(variable),
      branches: branches.map(({ target, results }) => ({
        target: target === 'Fallthrough' ? undefined : target.Statement,
        results: results.map(variable),
      })),
    };
  };
  return {
    program: {
      types: file.type_declarations.map(({ long_id, declared_type_info: info }) => ({
        name: long_id.generic_id,
        args: long_id.generic_args.map(arg),
        declared: info
          ? {
              storable: info.storable,
              droppable: info.droppable,
              duplicatable: info.duplicatable,
              zeroSized: info.zero_sized,
            }
          : undefined,
      })),
      libfuncs: file.libfunc_declarations.map(({ long_id }) => ({
        name: long_id.generic_id,
        args: long_id.generic_args.map(arg),
      })),
      statements: file.statements.map(statement),
      functions: file.funcs.map(({ signature, params, entry_point }) => ({
        paramTypes: signature.param_types.map(types),
        returnTypes: signature.ret_types.map(types),
        params: params.map(({ id }) => variable(id)),
        entryPoint: entry_point,
      })),
    },
    functionNames: file.funcs.map(({ id }) => id.debug_name ?? `${id.id}`),
  };
}

/** Position of each declared id. An id that is not declared stands behind all of them, so that the compiler names it. */
function positions(what: string, declarations: readonly { id: Id }[]): (id: Id) => number {
  const byId = new Map<number, number>();
  for (const [position, { id }] of declarations.entries()) {
    if (byId.has(id.id)) throw malformed(`${what} ${id.debug_name ?? id.id} is declared twice`);
    byId.set(id.id, position);
  }
  return ({ id }) => byId.get(id) ?? declarations.length;
}

/** 32-bit digits, the least first. */
function fromDigits(digits: readonly number[]): bigint {
  return digits.reduceRight((value, digit) => (value << 32n) | BigInt(digit), 0n);
}

function malformed(what: string): Error {
  return refuse('INVALID_SIERRA_PROGRAM', `not a Sierra program: ${what}`);
}
