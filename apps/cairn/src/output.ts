import { CairnError } from '@cairn/primitives';

/** Prints a result: as JSON for programs, or as text for people. */
export function print(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text()}\n`);
}

/** An error as people read it: what happened, and what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof CairnError))
    return `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const fix = error.fix === undefined ? '' : `\n  fix: ${error.fix}`;
  return `error: ${error.message} [${error.code}]${fix}`;
}
