import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';

const MAX_CHARACTERS = 31;

/**
 * The number a short string stands for: its ASCII bytes, big-endian; `\xHH` is one byte.
 * @throws CairnError `ZERO_SYNTAX`
 */
export function shortStringValue(text: string, span: SourceSpan): bigint {
  if (text.length > MAX_CHARACTERS)
    throw zeroError('ZERO_SYNTAX', `A short string has at most ${MAX_CHARACTERS} characters.`, span);
  let value = 0n;
  const add = (byte: number) => {
    value = value * 256n + BigInt(byte);
  };
  for (const [part, hex] of text.matchAll(/\\x([0-9a-fA-F]{2})|\p{Any}/gu)) {
    const byte = hex === undefined ? part.codePointAt(0)! : Number.parseInt(hex, 16);
    if (hex === undefined && byte > 127)
      throw zeroError('ZERO_SYNTAX', `Expected an ASCII string, got ${JSON.stringify(text)}.`, span);
    add(byte);
  }
  return value;
}
