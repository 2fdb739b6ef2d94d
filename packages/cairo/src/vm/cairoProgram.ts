import { CairnError, type Felt, PRIME, parseFelt } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { BuiltinName } from './builtins/builtin.ts';
import { isBuiltinName } from './builtins/createBuiltin.ts';

/** A compiled Cairo Zero program, as far as a run needs it. */
export interface CairoProgram {
  data: Felt[];
  builtins: BuiltinName[];
  /** Offset of `__main__.main`. */
  main: number;
  /** Hint texts by instruction offset, in order. */
  hints: ReadonlyMap<number, readonly string[]>;
}

const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}/g;

/**
 * The JSON of a compiled Cairo Zero program, where integers that a number cannot hold become text.
 * @throws SyntaxError
 */
export function readProgramJson(text: string): unknown {
  return JSON.parse(
    text.replace(STRING_OR_LONG_INTEGER, (found) => (found[0] === '"' ? found : `"${found}"`)),
  );
}

/** The program of a compiled Cairo Zero JSON file. @throws CairnError `INVALID_PROGRAM`, `INVALID_FELT`. */
export function parseCairoProgram(json: unknown): CairoProgram {
  const file = json as {
    prime?: string;
    data?: string[];
    builtins?: string[];
    hints?: Record<string, { code: string }[]>;
    identifiers?: Record<string, { pc?: number }>;
  };
  if (!Array.isArray(file?.data) || !Array.isArray(file.builtins))
    throw invalid('data or builtins are missing');
  if (file.prime === undefined || BigInt(file.prime) !== PRIME) throw invalid(`prime is ${file.prime}`);
  const main = file.identifiers?.['__main__.main']?.pc;
  if (main === undefined) throw invalid('it has no main function');
  return {
    data: file.data.map(parseFelt),
    builtins: file.builtins.map((name) => {
      if (!isBuiltinName(name)) throw invalid(`unknown builtin ${name}`);
      return name;
    }),
    main,
    hints: new Map(
      Object.entries(file.hints ?? {}).map(([pc, list]) => [Number(pc), list.map(({ code }) => code)]),
    ),
  };
}

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_PROGRAM', `not a compiled Cairo Zero program: ${what}`);
}
