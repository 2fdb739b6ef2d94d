import { CairnError } from '@cairn/primitives';

/** What the job table keeps of an error. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof CairnError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
