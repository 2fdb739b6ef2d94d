import { readFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';
import { hex, LANE_CONSTANTS } from './lanes.ts';

/** A hand-written file of packages/settlement/contracts. */
export function contractText(file: string): string {
  return readFileSync(new URL(`../../contracts/${file}`, import.meta.url), 'utf8');
}

/**
 * Puts values in for the words that begin with $, as $NAME or $NAME+36; numbers are written in hexadecimal. @throws CairnError
 * `INTERNAL`.
 */
export function fillIn(text: string, values: Readonly<Record<string, bigint | number | string>>): string {
  return text.replace(/\$([A-Z][A-Z0-9_]*)(?:\+(\d+))?/g, (_, name: string, offset = '0') => {
    const value = values[name] ?? LANE_CONSTANTS[name];
    if (value === undefined) throw new CairnError('INTERNAL', `contract text: nothing given for $${name}`);
    return typeof value === 'string' ? value : hex(BigInt(value) + BigInt(offset));
  });
}

/** The Yul functions on elements of QM31 that every contract has. */
export function fieldFunctions(): string {
  return fillIn(contractText('field.yul'), {});
}
