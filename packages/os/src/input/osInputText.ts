import { type CasmClass, formatCasmClass, parseCasmClass } from '@cairn/cairo';
import type { OsInput } from './osInput.ts';

const HEX = /^0x[0-9a-f]+$/;

/** An OS input as JSON text: felts as hex strings, classes as texts of CASM JSON. */
export function formatOsInput(input: OsInput): string {
  return JSON.stringify(input, (name, value) => {
    if (typeof value === 'bigint') return `0x${value.toString(16)}`;
    return name === 'casm' ? JSON.stringify(formatCasmClass(value as CasmClass)) : value;
  });
}

/**
 * Inverse of {@link formatOsInput}. Only the form is looked at: what a run makes of a wrong input is a failed run.
 * @throws SyntaxError when the text is no JSON; CairnError when a class is no CASM.
 */
export function parseOsInput(text: string): OsInput {
  return JSON.parse(text, (name, value) => {
    if (typeof value !== 'string') return value;
    if (name === 'casm') return parseCasmClass(JSON.parse(value));
    return HEX.test(value) ? BigInt(value) : value;
  });
}
