import { readFileSync, writeFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';

/** Errors of files named on the command line. */
export type FileErrorCode = 'FILE_UNREADABLE' | 'FILE_UNWRITABLE' | 'INVALID_JSON';

/** @throws CairnError `FILE_UNREADABLE` */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError('FILE_UNREADABLE', `cannot read ${file}`, error);
  }
}

/** @throws CairnError `FILE_UNREADABLE` */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileError('FILE_UNREADABLE', `cannot read ${file}`, error);
  }
}

/** @throws CairnError `FILE_UNREADABLE`, `INVALID_JSON` */
export function readJson(file: string, parse: (text: string) => unknown = JSON.parse): unknown {
  const text = readText(file);
  try {
    return parse(text);
  } catch (error) {
    throw fileError('INVALID_JSON', `${file} is not JSON`, error);
  }
}

/** @throws CairnError `FILE_UNWRITABLE` */
export function writeOutput(file: string, data: string | Uint8Array): void {
  try {
    writeFileSync(file, data);
  } catch (error) {
    throw fileError('FILE_UNWRITABLE', `cannot write ${file}`, error);
  }
}

function fileError(code: FileErrorCode, what: string, cause: unknown): CairnError<FileErrorCode> {
  return new CairnError(code, `${what}: ${(cause as Error).message}`, { cause });
}
