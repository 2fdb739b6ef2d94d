import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));

/** True where the real-chain test data lies beside the repository. */
export const hasVectors = existsSync(ROOT);
if (!hasVectors) console.warn(`golden tests skipped: ${ROOT} is absent`);

/** Text of a vector file, by its path below the vectors folder. */
export function readVector(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

export function readVectorJson(path: string): any {
  return JSON.parse(readVector(path));
}
