/** One entry of an archive; a folder has no content. */
export interface TarEntry {
  path: string;
  content: Uint8Array | undefined;
}

const BLOCK = 512;

/** Folders and files of a tar archive in order (POSIX ustar; names up to 100 bytes, no links). */
export function* tarFiles(archive: Uint8Array): Iterable<TarEntry> {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(archive.subarray(from, from + length)).replace(/\0.*$/s, '');
  for (let at = 0; at < archive.length && archive[at] !== 0; ) {
    const path = text(at, 100);
    const byteCount = Number.parseInt(text(at + 124, 12), 8);
    const isFolder = text(at + 156, 1) === '5';
    at += BLOCK;
    yield { path, content: isFolder ? undefined : archive.subarray(at, at + byteCount) };
    at += Math.ceil(byteCount / BLOCK) * BLOCK;
  }
}
