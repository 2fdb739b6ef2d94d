import type { Felt } from '@cairn/primitives';
import { formatFelt } from '@cairn/primitives';

/** First felt of a panic that carries a ByteArray. @see Cairo corelib, `core::byte_array::BYTE_ARRAY_MAGIC` */
const BYTE_ARRAY_MAGIC = 0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n;
const BYTES_PER_WORD = 31;
/** Tab, line feed, form feed and carriage return show as they are. */
const ASCII_SPACES = [0x09, 0x0a, 0x0c, 0x0d];

/**
 * Panic data for people: strings in quotes, other felts in hex with the text they spell.
 * @see starkware-libs/cairo, cairo-lang-runner, `format_next_item`
 */
export function formatPanicData(data: readonly Felt[]): string {
  const items: string[] = [];
  for (let i = 0; i < data.length; ) {
    const string = data[i] === BYTE_ARRAY_MAGIC ? readByteArray(data, i + 1) : undefined;
    if (string) {
      items.push(`"${string.text}"`);
      i = string.next;
    } else {
      items.push(formatItem(data[i]!));
      i++;
    }
  }
  return items.length === 1 ? items[0]! : `(${items.join(', ')})`;
}

function formatItem(felt: Felt): string {
  const text = spelledText(felt);
  return text === undefined ? formatFelt(felt) : `${formatFelt(felt)} ('${text}')`;
}

/** The text a felt spells: printable characters, with zero bytes only at the end. */
function spelledText(felt: Felt): string | undefined {
  const bytes = bytesOf(felt);
  const end = bytes.indexOf(0);
  const shown = end === -1 ? bytes : bytes.slice(0, end);
  if (!shown.every(isPrintable) || bytes.slice(shown.length).some((byte) => byte !== 0)) return undefined;
  return String.fromCharCode(...shown);
}

/** A serialised ByteArray at `at`: count of 31-byte words, the words, the last word and its length. */
function readByteArray(data: readonly Felt[], at: number): { text: string; next: number } | undefined {
  const wordCount = data[at];
  if (wordCount === undefined || wordCount > BigInt(data.length)) return undefined;
  const end = at + 1 + Number(wordCount);
  const [pending, pendingLength] = [data[end], data[end + 1]];
  if (pending === undefined || pendingLength === undefined || pendingLength > BYTES_PER_WORD)
    return undefined;
  const words = data.slice(at + 1, end).map((word) => escapedText(word, BYTES_PER_WORD));
  const parts = [...words, escapedText(pending, Number(pendingLength))];
  return parts.includes(undefined) ? undefined : { text: parts.join(''), next: end + 2 };
}

/** `length` bytes as text, those that do not print as escapes; undefined when the felt has more bytes. */
function escapedText(felt: Felt, length: number): string | undefined {
  if (length === 0) return felt === 0n ? '' : undefined;
  const bytes = bytesOf(felt);
  if (bytes.length > length) return undefined;
  const text = bytes.map((byte) =>
    byte === 0
      ? '\\0'
      : isPrintable(byte)
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return '\\0'.repeat(length - bytes.length) + text.join('');
}

/** Big-endian bytes without leading zeros; zero has one byte. */
function bytesOf(felt: Felt): number[] {
  const bytes = [Number(felt & 0xffn)];
  for (let rest = felt >> 8n; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return bytes;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || ASCII_SPACES.includes(byte);
}
