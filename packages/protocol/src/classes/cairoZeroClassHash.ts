import {
  type ClassHash,
  type Felt,
  parseFelt,
  pedersenArray,
  shortString,
  starknetKeccak,
} from '@cairn/primitives';
import { jsonNumber, type LosslessJson, parseLosslessJson } from './losslessJson.ts';
import type { EntryPointType } from './sierraClass.ts';

type JsonMap = Map<string, LosslessJson>;

/**
 * Class hash of a Cairo 0 class from its JSON text. The text is needed: numbers in it exceed what
 * `JSON.parse` keeps.
 * @throws CairnError `INVALID_CLASS_JSON`
 * @see cairo-lang, starknet/core/os/contract_class/deprecated_class_hash.py (behaviour)
 */
export function cairoZeroClassHash(classJson: string): ClassHash {
  const cls = parseLosslessJson(classJson) as JsonMap;
  const program = cls.get('program') as JsonMap;
  const entryPoints = (type: EntryPointType): Felt =>
    pedersenArray(
      (((cls.get('entry_points_by_type') as JsonMap).get(type) ?? []) as JsonMap[]).flatMap((entry) => [
        feltOf(entry.get('selector')),
        feltOf(entry.get('offset')),
      ]),
    );
  const apiVersion = 0n;
  return pedersenArray([
    apiVersion,
    entryPoints('EXTERNAL'),
    entryPoints('L1_HANDLER'),
    entryPoints('CONSTRUCTOR'),
    pedersenArray((program.get('builtins') as string[]).map(shortString)),
    hintedClassHash(cls, program),
    pedersenArray((program.get('data') as LosslessJson[]).map(feltOf)),
  ]);
}

/** A felt given as hex text, decimal text or number. */
function feltOf(value: LosslessJson | undefined): Felt {
  const text = jsonNumber(value);
  return parseFelt(text ?? (value as string));
}

/** Keccak over the parts of the class that are not code: ABI, hints, identifiers, references. */
function hintedClassHash(cls: JsonMap, program: JsonMap): Felt {
  const cleaned = new Map(program);
  cleaned.set('debug_info', null);
  if (cleaned.has('attributes')) {
    const attributes = (cleaned.get('attributes') as JsonMap[]).map(cleanAttribute);
    if (attributes.length > 0) cleaned.set('attributes', attributes);
    else cleaned.delete('attributes');
  }
  const version = cleaned.get('compiler_version');
  const isOld = version === undefined || version === null;
  if (isOld) cleaned.delete('compiler_version');
  if (isOld) {
    for (const part of SPACED_PARTS) cleaned.set(part, spaceTypes(cleaned.get(part) ?? null));
  }
  const text = dump(
    new Map<string, LosslessJson>([
      ['abi', cls.get('abi') ?? null],
      ['program', cleaned],
    ]),
  );
  return starknetKeccak(new TextEncoder().encode(text));
}

/** Fields that later compilers added are left out while they are empty. */
function cleanAttribute(attribute: JsonMap): JsonMap {
  const cleaned = new Map(attribute);
  if ((cleaned.get('accessible_scopes') as LosslessJson[] | undefined)?.length === 0)
    cleaned.delete('accessible_scopes');
  if (cleaned.get('flow_tracking_data') === null) cleaned.delete('flow_tracking_data');
  return cleaned;
}

/** Where compilers before 0.10 wrote a space before each colon of a type. */
const SPACED_PARTS = ['identifiers', 'reference_manager'];
const TYPE_FIELDS = new Set(['cairo_type', 'value']);

/** The same JSON with `a: felt` as `a : felt` in every type. */
function spaceTypes(value: LosslessJson, field = ''): LosslessJson {
  if (typeof value === 'string')
    return TYPE_FIELDS.has(field) ? value.replaceAll(': ', ' : ').replaceAll('  :', ' :') : value;
  if (Array.isArray(value)) return value.map((item) => spaceTypes(item, field));
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([key, item]) => [key, spaceTypes(item, key)]));
}

/** JSON as Python writes it: sorted keys (hints by number), spaced separators, ASCII only. */
function dump(value: LosslessJson, field = ''): string {
  const number = jsonNumber(value);
  if (number !== undefined) return number;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return ascii(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map((item) => dump(item, field)).join(', ')}]`;
  const entries = [...(value as JsonMap)].sort(([a], [b]) =>
    field === 'hints' ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0,
  );
  return `{${entries.map(([key, item]) => `${ascii(JSON.stringify(key))}: ${dump(item, key)}`).join(', ')}}`;
}

function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
