import type { CairoArgument, CairoValue } from '@cairn/cairo';
import { CairnError, type Felt, formatFelt, parseFelt } from '@cairn/primitives';

/** Errors of arguments on the command line. */
export type ArgumentErrorCode = 'INVALID_ARGUMENT_TEXT';

const TOKEN = /[[\],\s]+|[^[\],\s]+/g;

/**
 * Arguments of a Cairo function: felts in decimal or hex, arrays in brackets, separated by spaces or commas; JSON
 * lists of felts are read too. @throws CairnError `INVALID_ARGUMENT_TEXT`
 */
export function parseArguments(text: string): CairoArgument[] {
  const open: CairoArgument[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (!/^[[\],\s]/.test(token)) {
      open.at(-1)!.push(felt(token.replace(/^"|"$/g, '')));
      continue;
    }
    for (const mark of token) {
      if (mark === '[') open.push([]);
      if (mark !== ']') continue;
      const list = open.pop()!;
      if (open.length === 0) throw invalid(`a bracket is closed that was not opened: ${text}`);
      open.at(-1)!.push(list);
    }
  }
  if (open.length > 1) throw invalid(`a bracket is not closed: ${text}`);
  return open[0]!;
}

/** Arguments as Cairo's Serde writes them: an array is its length, then its elements. */
export function serialized(values: readonly CairoArgument[]): Felt[] {
  return values.flatMap((value) =>
    typeof value === 'bigint' ? [value] : [BigInt(value.length), ...serialized(value)],
  );
}

/** A value of a Cairo function as JSON. */
export function valueJson(value: CairoValue): unknown {
  if (typeof value === 'bigint') return formatFelt(value);
  if ('variant' in value) return { variant: value.variant, value: valueJson(value.value) };
  return value.map(valueJson);
}

function felt(text: string): Felt {
  try {
    return parseFelt(/^\d+$/.test(text) ? `0x${BigInt(text).toString(16)}` : text);
  } catch (cause) {
    throw invalid(`got ${text}, expected a felt (${(cause as Error).message})`);
  }
}

function invalid(what: string): CairnError<ArgumentErrorCode> {
  return new CairnError('INVALID_ARGUMENT_TEXT', `arguments: ${what}`, {
    fix: 'Write felts and arrays, for example --args "1 0x2 [3 4]".',
  });
}
