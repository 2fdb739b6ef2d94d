import { CairnError } from './cairnError.ts';

const HEX_DIGITS = '0123456789abcdef';

/** Lower-case hex of bytes, without prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += HEX_DIGITS[b >> 4]! + HEX_DIGITS[b & 15]!;
  return text;
}

/** Bytes of hex digits, with or without `0x`. @throws CairnError `INVALID_HEX`. */
export function hexToBytes(hex: string): Uint8Array {
  const digits = hex.startsWith('0x') ? hex.slice(2) : hex;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new CairnError(
      'INVALID_HEX',
      `invalid hex: got ${JSON.stringify(hex.slice(0, 80))}, expected an even number of hex digits`,
    );
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Unsigned big-endian integer of the bytes. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/** `value` as exactly `length` big-endian bytes. @throws CairnError `INVALID_HEX` when it does not fit. */
export function bigIntToBytes(value: bigint, length = 32): Uint8Array {
  const digits = value.toString(16).padStart(length * 2, '0');
  if (value < 0n || digits.length > length * 2) {
    throw new CairnError(
      'INVALID_HEX',
      `integer does not fit: got ${value}, expected 0 ≤ x < 2^${8 * length}`,
    );
  }
  return hexToBytes(digits);
}

export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}
