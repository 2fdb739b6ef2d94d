import { CairnError, type Felt, formatFelt, PRIME } from '@cairn/primitives';
import type { RpcErrorCode } from '../errors.ts';
import type { Parser } from '../method.ts';

/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

const SHOWN_CHARACTER_COUNT = 80;
/** A felt has at most 64 hex digits with leading zeros, a 256-bit word exactly that many. */
const HEX_WORD = /^0x[0-9a-fA-F]{1,64}$/;
const ETHEREUM_ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** The error for a parameter that is not what it must be. */
export function invalidParameter(
  path: string,
  got: unknown,
  expected: string,
  fix?: string,
): CairnError<RpcErrorCode> {
  const text = got === undefined ? 'nothing' : (JSON.stringify(got) ?? String(got));
  const shown = text.length > SHOWN_CHARACTER_COUNT ? `${text.slice(0, SHOWN_CHARACTER_COUNT)}…` : text;
  return new CairnError('INVALID_PARAMS', `invalid ${path}: got ${shown}, expected ${expected}`, {
    details: { parameter: path, expected },
    ...(fix === undefined ? {} : { fix }),
  });
}

/** The value as an object. @throws CairnError `INVALID_PARAMS`, as all readers of this file. */
export function readObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter(path, value, 'an object');
  }
  return value as JsonObject;
}

/** The value as text. */
export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalidParameter(path, value, 'a string');
  return value;
}

/** A JSON integer from `minimum` to 2^53 − 1. */
export function readInteger(value: unknown, path: string, minimum = 0): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
    throw invalidParameter(path, value, `an integer of at least ${minimum}`);
  }
  return value;
}

/** The value as true or false. */
export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw invalidParameter(path, value, 'true or false');
  return value;
}

/** An unsigned integer of up to 256 bits: a JSON integer, or a text of decimal or hex digits. */
export function readAmount(value: unknown, path: string): bigint {
  const isText = typeof value === 'string' && /^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/.test(value);
  if (isText || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) {
    const amount = BigInt(value as string | number);
    if (amount >> 256n === 0n) return amount;
  }
  throw invalidParameter(path, value, 'an amount: digits, or 0x and hex digits, below 2^256');
}

/** A felt as `0x` and hex digits. Leading zeros are let through, though the specification has none. */
export function readFelt(value: unknown, path: string): Felt {
  const felt = readHex(value);
  if (felt === undefined || felt >= PRIME) {
    throw invalidParameter(path, value, 'a felt: 0x and up to 63 hex digits, below the Starknet prime');
  }
  return felt;
}

/** An unsigned integer of `bits` bits, in hex. */
function readUnsigned(value: unknown, path: string, bits: number): bigint {
  const integer = readHex(value);
  if (integer === undefined || integer >> BigInt(bits)) {
    throw invalidParameter(path, value, `a u${bits} as 0x and up to ${bits / 4} hex digits`);
  }
  return integer;
}

/** An unsigned 64-bit integer. */
export const readU64: Parser<bigint> = (value, path) => readUnsigned(value, path, 64);
/** An unsigned 128-bit integer. */
export const readU128: Parser<bigint> = (value, path) => readUnsigned(value, path, 128);
/** A 256-bit word, as Ethereum's hashes. */
export const readWord: Parser<bigint> = (value, path) => readUnsigned(value, path, 256);

/** An Ethereum address as `0x` and exactly 40 digits. */
export function readEthereumAddress(value: unknown, path: string): bigint {
  if (typeof value !== 'string' || !ETHEREUM_ADDRESS.test(value)) {
    throw invalidParameter(path, value, 'an Ethereum address: 0x and 40 hex digits');
  }
  return BigInt(value);
}

/** A parser of lists whose items `parse` reads. */
export function listOf<T>(parse: Parser<T>): Parser<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidParameter(path, value, 'a list');
    return value.map((item, i) => parse(item, `${path}[${i}]`));
  };
}

/** A list of felts. */
export const readFelts: Parser<Felt[]> = listOf(readFelt);

/** A parser of texts that must be one of `choices`. */
export function oneOf<T extends string>(...choices: readonly T[]): Parser<T> {
  return (value, path) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw invalidParameter(path, value, choices.map((c) => `"${c}"`).join(' or '));
    return found;
  };
}

/** A parser of lists of flags; the result holds those that are set. */
export function flagsOf<T extends string>(...flags: readonly T[]): Parser<ReadonlySet<T>> {
  const readList = listOf(oneOf(...flags));
  return (value, path) => new Set(readList(value, path));
}

function readHex(value: unknown): bigint | undefined {
  return typeof value === 'string' && HEX_WORD.test(value) ? BigInt(value) : undefined;
}

/** Felts in their wire form. */
export function formatFelts(felts: readonly Felt[]): string[] {
  return felts.map(formatFelt);
}
