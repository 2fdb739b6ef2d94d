import { decodeShortString, type Felt, formatFelt } from '@cairn/primitives';

/** First felt of a panic that carries a ByteArray. @see Cairo corelib, `core::byte_array::BYTE_ARRAY_MAGIC` */
const BYTE_ARRAY_MAGIC = 0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n;

/** Panic data for people: strings in quotes, other felts in hex with the text they spell. */
export function formatPanicData(data: readonly Felt[]): string {
  const items: string[] = [];
  for (let i = 0; i < data.length; ) {
    const string = data[i] === BYTE_ARRAY_MAGIC ? readByteArray(data, i + 1) : undefined;
    if (string) {
      items.push(JSON.stringify(string.text));
      i = string.next;
    } else {
      items.push(formatItem(data[i]!));
      i++;
    }
  }
  return items.length === 1 ? items[0]! : `(${items.join(', ')})`;
}

function formatItem(felt: Felt): string {
  const text = felt === 0n ? undefined : decodeShortString(felt);
  return text === undefined ? formatFelt(felt) : `${formatFelt(felt)} ('${text}')`;
}

/** A serialised ByteArray at `at`: count of 31-byte words, the words, the last word and its length. */
function readByteArray(data: readonly Felt[], at: number): { text: string; next: number } | undefined {
  const wordCount = data[at];
  if (wordCount === undefined || wordCount > BigInt(data.length)) return undefined;
  const end = at + 1 + Number(wordCount);
  const [pending, pendingLength] = [data[end], data[end + 1]];
  if (pending === undefined || pendingLength === undefined || pendingLength > 30n) return undefined;
  let bytes = '';
  for (let i = at + 1; i < end; i++) bytes += toLatin1(data[i]!, 31);
  bytes += toLatin1(pending, Number(pendingLength));
  return { text: bytes, next: end + 2 };
}

function toLatin1(value: Felt, length: number): string {
  let text = '';
  for (let v = value, i = 0; i < length; i++, v >>= 8n) text = String.fromCharCode(Number(v & 0xffn)) + text;
  return text;
}
