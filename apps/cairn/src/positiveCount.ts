import { InvalidArgumentError } from 'commander';

/** Reads a count above 0 on the command line. */
export function positiveCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number above 0');
}
