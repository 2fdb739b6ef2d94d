import { CairnError } from '@cairn/primitives';

/** A number of a JSON text, exactly as it is written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON in which numbers keep their digits and objects their order. */
export type LosslessJson = null | boolean | string | JsonNumber | LosslessJson[] | Map<string, LosslessJson>;

/** Digits of a number, undefined for anything else. */
export function jsonNumber(value: LosslessJson | undefined): string | undefined {
  return value instanceof JsonNumber ? value.text : undefined;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;
const MAX_DEPTH = 200;

/** Parses JSON without touching its numbers. @throws CairnError `INVALID_CLASS_JSON` */
export function parseLosslessJson(text: string): LosslessJson {
  let at = 0;
  const fail = (): never => {
    throw new CairnError('INVALID_CLASS_JSON', `invalid JSON at character ${at}`);
  };
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return fail();
    at = TOKEN.lastIndex;
    return match;
  };
  const string = (literal: string): string => {
    try {
      return JSON.parse(literal);
    } catch {
      return fail();
    }
  };
  const value = ([, mark, literal, number, word]: RegExpExecArray, depth: number): LosslessJson => {
    if (depth > MAX_DEPTH) return fail();
    if (literal !== undefined) return string(literal);
    if (number !== undefined) return new JsonNumber(number);
    if (word !== undefined) return JSON.parse(word);
    if (mark === '[') {
      const items: LosslessJson[] = [];
      for (let token = next(); token[1] !== ']'; token = next()) {
        items.push(value(token, depth + 1));
        const [, separator] = next();
        if (separator === ']') break;
        if (separator !== ',') return fail();
      }
      return items;
    }
    if (mark !== '{') return fail();
    const fields = new Map<string, LosslessJson>();
    for (let token = next(); token[1] !== '}'; token = next()) {
      if (token[2] === undefined || next()[1] !== ':') return fail();
      fields.set(string(token[2]), value(next(), depth + 1));
      const [, separator] = next();
      if (separator === '}') break;
      if (separator !== ',') return fail();
    }
    return fields;
  };
  const parsed = value(next(), 0);
  if (text.slice(at).trim() !== '') fail();
  return parsed;
}
