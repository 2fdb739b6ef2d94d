import { CairnError } from './cairnError.ts';
import { type Felt, PRIME } from './felt.ts';

const HEX = /^0x[0-9a-fA-F]+$/;
const DECIMAL = /^[0-9]+$/;

/**
 * Felt from `0x…` hex or decimal text.
 * @throws CairnError `INVALID_FELT` when the text is not a number or not below the prime.
 */
export function parseFelt(text: string): Felt {
  if (typeof text !== 'string' || !(HEX.test(text) || DECIMAL.test(text)) || text.length > 80) {
    throw new CairnError(
      'INVALID_FELT',
      `invalid felt: got ${JSON.stringify(text)}, expected 0x-hex or decimal`,
    );
  }
  const value = BigInt(text);
  if (value >= PRIME)
    throw new CairnError('INVALID_FELT', `invalid felt: ${text} is not below the Starknet prime`);
  return value;
}

/** `0x` and lower-case hex digits without leading zeros: the wire form of RPC and feeder gateway. */
export function formatFelt(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Big-endian ASCII short string of at most 31 characters as a felt. @throws CairnError `INVALID_SHORT_STRING`. */
export function shortString(text: string): Felt {
  if (text.length > 31)
    throw new CairnError(
      'INVALID_SHORT_STRING',
      `short string too long: got ${text.length} characters, expected at most 31`,
    );
  let value = 0n;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127)
      throw new CairnError('INVALID_SHORT_STRING', `short string is not ASCII: ${JSON.stringify(text)}`);
    value = (value << 8n) | BigInt(code);
  }
  return value;
}

/** The text a felt spells when all its bytes are printable ASCII, else undefined. */
export function decodeShortString(value: Felt): string | undefined {
  let text = '';
  for (let v = value; v > 0n; v >>= 8n) {
    const code = Number(v & 0xffn);
    if (code < 32 || code > 126) return undefined;
    text = String.fromCharCode(code) + text;
  }
  return text;
}
