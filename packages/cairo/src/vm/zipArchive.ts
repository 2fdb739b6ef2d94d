import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
const DEFLATED = 8;
/** 258 bytes take two bits at the least. @see RFC 1951, section 3.2.5 */
const MAX_DEFLATE_RATIO = 1032;
const VERSION = 20;
/** 1980-01-01, the first day of the format. */
const FIRST_DATE = 0x21;

/**
 * A zip archive of these files, deflated (cairo-lang takes nothing else), without times.
 * @see PKWARE APPNOTE, sections 4.3 and 4.4
 */
export async function writeZip(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const add = (list: Uint8Array[], part: Uint8Array) => {
    list.push(part);
    return part.length;
  };
  for (const [name, content] of files) {
    const nameBytes = new TextEncoder().encode(name);
    const packed = await deflate(content);
    const shared = [VERSION, 0, DEFLATED, 0, FIRST_DATE];
    const sizes = [crc32(content), packed.length, content.length];
    const at = offset;
    offset += add(parts, fields([LOCAL_HEADER], shared, sizes, [nameBytes.length, 0]));
    offset += add(parts, nameBytes);
    offset += add(parts, packed);
    add(
      directory,
      fields([CENTRAL_HEADER], [VERSION, ...shared], sizes, [nameBytes.length, 0, 0, 0, 0], [0, at]),
    );
    add(directory, nameBytes);
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const count = files.size;
  const end = fields([END_OF_DIRECTORY], [0, 0, count, count], [directoryBytes, offset], [0]);
  const archive = new Uint8Array(offset + directoryBytes + end.length);
  let at = 0;
  for (const part of [...parts, ...directory, end]) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

async function deflate(content: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(content)])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The files of a zip archive, each deflated. Nothing is unpacked unless all files together have at most `maxBytes` by what the
 * archive says of them, and none has more than its packed bytes can hold. @throws CairnError `INVALID_ARCHIVE`.
 */
export async function readZip(archive: Uint8Array, maxBytes = 2 ** 29): Promise<Map<string, Uint8Array>> {
  const entries = readDirectory(archive);
  const total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) throw invalid(`${total} bytes, expected at most ${maxBytes}`);
  const files = new Map<string, Uint8Array>();
  for (const [name, entry] of entries) {
    const content = await unpack(entry);
    if (content.length !== entry.size || crc32(content) !== entry.crc) throw invalid(`${name} is damaged`);
    files.set(name, content);
  }
  return files;
}

/** A file as the central directory has it. */
interface Entry {
  readonly packed: Uint8Array;
  readonly method: number;
  readonly size: number;
  readonly crc: number;
}

function readDirectory(archive: Uint8Array): Map<string, Entry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw invalid('no end of the central directory');
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    if (at + CENTRAL_HEADER_BYTES > end || view.getUint32(at, true) !== CENTRAL_HEADER)
      throw invalid('a broken central directory');
    const method = view.getUint16(at + 10, true);
    const [crc, compressed, size] = [16, 20, 24].map((field) => view.getUint32(at + field, true)) as [
      number,
      number,
      number,
    ];
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    ) as [number, number, number];
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(
      archive.subarray(at + CENTRAL_HEADER_BYTES, at + CENTRAL_HEADER_BYTES + nameBytes),
    );
    if (local + LOCAL_HEADER_BYTES > end || view.getUint32(local, true) !== LOCAL_HEADER)
      throw invalid(`no file header of ${name}`);
    const start =
      local + LOCAL_HEADER_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + compressed > end) throw invalid(`${name} is cut off`);
    if (entries.has(name)) throw invalid(`${name} is there twice`);
    entries.set(name, { packed: archive.subarray(start, start + compressed), method, size, crc });
    at += CENTRAL_HEADER_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

async function unpack({ packed, method, size }: Entry): Promise<Uint8Array> {
  if (method !== DEFLATED) throw invalid(`compression method ${method}`);
  if (size > MAX_DEFLATE_RATIO * packed.length) throw invalid('a file longer than its packed bytes can hold');
  const content = new Uint8Array(size);
  let length = 0;
  try {
    const stream = new Blob([new Uint8Array(packed)])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      // What is longer than announced is a bomb or damage: nothing beyond the announced size is kept.
      if (length + part.value.length > size) throw invalid('a file longer than announced');
      content.set(part.value, length);
      length += part.value.length;
    }
  } catch (cause) {
    throw cause instanceof CairnError ? cause : invalid('a stream that cannot be inflated');
  }
  return content.subarray(0, length);
}

/** Little-endian fields: groups of 32-bit and 16-bit numbers in turn, by their place in a header. */
function fields(...groups: number[][]): Uint8Array {
  const bytes: number[] = [];
  for (const [i, group] of groups.entries())
    for (const value of group)
      for (let byte = 0; byte < (i % 2 === 0 ? 4 : 2); byte++) bytes.push((value >>> (8 * byte)) & 0xff);
  return Uint8Array.from(bytes);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_ARCHIVE', `not a zip archive of this kind: ${what}`);
}
