import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from './errors.ts';

/**
 * Bytes of a plain value that may hold bigints and Maps: JSON in which a bigint is
 * `#` and hex digits, a Map is `{"$map": [[key, value], …]}`, and a string that starts with `#` or `'` gets a `'` before it.
 */
export function encodeRecord(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, toJson));
}

/** Inverse of {@link encodeRecord}. @throws CairnError `STORAGE_CORRUPT` */
export function decodeRecord<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes), fromJson) as T;
  } catch (cause) {
    throw new CairnError<StorageErrorCode>('STORAGE_CORRUPT', 'a stored record cannot be read', { cause });
  }
}

function toJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `#${value.toString(16)}`;
  if (typeof value === 'string') return value.startsWith('#') || value.startsWith("'") ? `'${value}` : value;
  if (value instanceof Map) return { $map: [...value] };
  return value;
}

function fromJson(_key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('#')) return BigInt(`0x${value.slice(1)}`);
    return value.startsWith("'") ? value.slice(1) : value;
  }
  if (typeof value === 'object' && value !== null && '$map' in value)
    return new Map(value.$map as [unknown, unknown][]);
  return value;
}
