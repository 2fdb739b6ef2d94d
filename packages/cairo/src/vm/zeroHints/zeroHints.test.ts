import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCairoProgram, readProgramJson } from '../cairoProgram.ts';
import { memoryFile, traceFile } from '../relocatedFiles.ts';
import { type ProgramResult, runProgram } from '../runProgram.ts';
import { HINT_DIGESTS } from './hintDigests.ts';
import { LIBRARY_HINTS } from './libraryHints.ts';
import { parseReference } from './reference.ts';
import { zeroHintRegistry } from './zeroHintRegistry.ts';

const FOLDER = new URL('../../../fixtures/zero/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Golden {
  sourceSha256: string;
  steps: number;
  traceSha256: string;
  memorySha256: string;
}

// Recorded with cairo-lang 0.14.0.1 by scripts/recordZeroPrograms.mjs.
const GOLDEN: Record<string, Golden> = JSON.parse(read('golden.json').toString());

interface ProgramJson {
  hints: Record<string, { code: string }[]>;
}

const programJson = (name: string): ProgramJson =>
  readProgramJson(read(`${name}.json`).toString()) as ProgramJson;

function run(json: ProgramJson): ProgramResult {
  const hints = zeroHintRegistry(json);
  return runProgram({ program: parseCairoProgram(json), hints, maxSteps: 100_000, withTrace: true });
}

describe('Cairo Zero programs with library hints', () => {
  it.each(Object.entries(GOLDEN))('%s runs as the reference VM runs it', (name, golden) => {
    expect(sha256(read(`${name}.cairo`))).toBe(golden.sourceSha256);
    const result = run(programJson(name));
    expect(result.resources.steps).toBe(golden.steps);
    expect(sha256(traceFile(result.machine))).toBe(golden.traceSha256);
    expect(sha256(memoryFile(result.memory))).toBe(golden.memorySha256);
  });

  it('fail with the assertion of a hint', () => {
    const json = programJson('collections');
    const zeroDivisor = structuredClone(json) as ProgramJson & { data: string[] };
    const million = zeroDivisor.data.indexOf('0xf4240');
    zeroDivisor.data[million] = '0x0';
    expect(() => run(zeroDivisor)).toThrow(/div = 0 is out of the valid range/);
  });

  it('need all digits of their constants', () => {
    const json = programJson('collections') as ProgramJson & {
      identifiers: Record<string, { value?: unknown }>;
    };
    for (const identifier of Object.values(json.identifiers))
      if (typeof identifier.value === 'string') identifier.value = Number(identifier.value);
    expect(() => run(json)).toThrow(/constant PRIME_OVER_3_HIGH has lost digits/);
  });

  it('fail at a hint that is not of the library', () => {
    const json = programJson('collections');
    for (const list of Object.values(json.hints)) for (const hint of list) hint.code += '\nboom()';
    expect(() => run(json)).toThrow(/no hint with this text.*boom/);
  });
});

describe('the hint library', () => {
  it('has a text for each of its hints, and each text once', () => {
    const digests = HINT_DIGESTS.map(([digest]) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect([...new Set(HINT_DIGESTS.map(([, name]) => name))].sort()).toEqual(
      Object.keys(LIBRARY_HINTS).sort(),
    );
  });
});

describe('references', () => {
  it.each([
    ['[cast(fp + (-3), felt*)]', 'deref'],
    ['cast([ap + (-1)] * 2 - 5, felt)', 'cast'],
    ['cast(fp, (felt, (a: felt))*)', 'cast'],
  ])('%s is read', (text, kind) => expect(parseReference(text).kind).toBe(kind));
  it.each(['', '[ap', 'ap +', 'cast(ap, felt', 'ap fp', 'sp'])('%j is refused', (text) =>
    expect(() => parseReference(text)).toThrow(/unknown reference/),
  );
});
