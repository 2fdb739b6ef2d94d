import { CairnError, type Felt, parseFelt } from '@cairn/primitives';

/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

function malformed(path: string, got: unknown, expected: string): CairnError<'MALFORMED_FEEDER_JSON'> {
  const shown = JSON.stringify(got)?.slice(0, 80) ?? String(got);
  return new CairnError('MALFORMED_FEEDER_JSON', `malformed ${path}: got ${shown}, expected ${expected}`);
}

/** The value as an object. @throws CairnError `MALFORMED_FEEDER_JSON`, as all readers of this file. */
export function asObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(path, value, 'an object');
  return value as JsonObject;
}

export function asArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(path, value, 'an array');
  return value;
}

export function asFelt(value: unknown, path: string): Felt {
  if (typeof value !== 'string') throw malformed(path, value, 'a felt');
  return parseFelt(value);
}

export function asFelts(value: unknown, path: string): Felt[] {
  return asArray(value, path).map((item, i) => asFelt(item, `${path}[${i}]`));
}

/** A non-negative integer, given as JSON number or hex text. */
export function asBigInt(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'string' && /^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/.test(value)) return BigInt(value);
  throw malformed(path, value, 'a non-negative integer');
}

export function asString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw malformed(path, value, 'a string');
  return value;
}
