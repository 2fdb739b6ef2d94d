import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileSierraProgram } from './sierra/compileSierraProgram.ts';
import { parseSierraProgram } from './sierra/sierraProgramFile.ts';
import { airPublicInput } from './vm/airInput.ts';
import { parseExecutable, runBootloaded, runStandalone } from './vm/executable.ts';
import type { CairoArgument } from './vm/functionValues.ts';
import { layoutNamed } from './vm/layout.ts';
import { padRun } from './vm/padRun.ts';
import { traceFile } from './vm/relocatedFiles.ts';
import { runFunction } from './vm/runFunction.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/cairo1/${name}`, import.meta.url), 'utf8');
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

// The fixtures are ours, compiled by the official compiler 2.20.0 (cairo-execute --build-only; cairo-compile, its
// program written as JSON and freed of debug names).
const SOURCES = {
  'dictionary.cairo': '8f210518ea2ede354a915d2be20061ce81aa0eb11d883b40303aa39bd7e7ac65',
  'shapes.cairo': '0b5c0b75d4778d7eff51fc83f0cc05830c98503e3250806d3bf49f563a926149',
};

it.each(Object.entries(SOURCES))('%s is what was compiled', (name, hash) => {
  expect(sha256(read(name))).toBe(hash);
});

describe('an executable of the official compiler', () => {
  const executable = parseExecutable(JSON.parse(read('dictionary.executable.json')));
  const request = { executable, arguments: [7n, 4n, 1n, 2n, 3n, 3n], maxSteps: 10_000 };
  // Recorded with cairo-execute 2.20.0 (cairo-vm 3.2.0).
  const OUTPUT = [23n, 513567337230947494005045956921517451383309533145654355980521515331716385675n];
  const TRACE = 'ab7d3ad1ae562faf250a9779643bb52a89cdf402444c899b141035d1c8cad2e1';
  const PUBLIC_INPUT = {
    all_cairo_stwo: '4a7d00558c0a31dad23eb0b3173b288bc543cf5a01b3d8a67a7a3f5b31891189',
    recursive_with_poseidon: '36ea51368ba4c708b6891b9d609decb3cb96287ea2b31fcb4e2188fdcf7bf3fa',
  };

  it('runs under a bootloader as the reference runs it', () => {
    const { output, resources } = runBootloaded(request).result;
    expect(output).toEqual(OUTPUT);
    expect(resources).toMatchObject({
      steps: 516,
      memoryHoles: 21,
      builtins: { output: 2, pedersen: 1, range_check: 33, bitwise: 1, poseidon: 2 },
    });
  });

  it.each(Object.entries(PUBLIC_INPUT))('runs standalone in layout %s', (name, hash) => {
    const layout = layoutNamed(name);
    const padded = padRun(runStandalone({ ...request, layout }), layout);
    expect(padded.run.output).toEqual(OUTPUT);
    expect(sha256(traceFile(padded.run.machine, padded))).toBe(TRACE);
    const input = airPublicInput(padded);
    const segments = Object.entries(input.memory_segments).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sha256(JSON.stringify({ ...input, memory_segments: Object.fromEntries(segments) }))).toBe(hash);
  });
});

describe('a Sierra program', () => {
  const json = JSON.parse(read('shapes.sierra.json'));
  const { casm, functions } = compileSierraProgram(parseSierraProgram(json));
  const costs = { pedersen: 0n, bitwise: 0n, ecOp: 0n, poseidon: 0n, addMod: 0n, mulMod: 0n, blake: 0n };
  const call = (name: string, ...values: CairoArgument[]) =>
    runFunction({
      program: casm,
      fn: functions.find((fn) => fn.name === `shapes::${name}`)!,
      arguments: values,
      availableGas: 10n ** 10n,
      builtinCosts: costs,
      maxSteps: 10_000,
    });

  it('takes and returns felts, arrays, structs and enums', () => {
    const some = (value: bigint) => ({ variant: 0, value: [value, 0n] });
    const main = (values: bigint[]) => call('main', 5n, values, 7n, 0n).values;
    expect(main([1n, 2n, 1n])).toEqual([[9n, [0n, 0n, 1n], some(21n), { variant: 0, value: 7n }]]);
    expect(main([9n, 9n])).toEqual([[23n, [0n, 1n], some(21n), { variant: 1, value: [1n, 2n] }]]);
    expect(main([])).toEqual([[5n, [], some(21n), { variant: 2, value: [] }]]);
    expect(call('pairs', [1n, 2n, 3n, 4n]).values).toEqual([14n]);
    expect(call('inline_sum', 4n)).toMatchObject({ values: [5n], panicked: false, remainingGas: undefined });
  });

  it('says when a function panics, and what gas is left', () => {
    const { values, panicked } = call('fails', 200n, 100n);
    expect(panicked).toBe(true);
    expect(values).toEqual([BigInt(`0x${Buffer.from('u8_add Overflow').toString('hex')}`)]);
    expect(call('main', 5n, [1n], 7n, 0n).remainingGas).toBeLessThan(10n ** 10n);
  });

  it.each([
    ['too few values', ['main', 5n, [1n], 7n]],
    ['2 values too many', ['inline_sum', 1n, 2n, 3n]],
    ['got an array, expected a felt', ['inline_sum', [1n]]],
    ['got 5, expected an array', ['main', 1n, 5n, 7n, 0n]],
  ] as [string, [string, ...CairoArgument[]]][])('refuses arguments: %s', (message, [name, ...values]) => {
    expect(() => call(name, ...values)).toThrow(message);
  });

  it('is refused when the file is malformed', () => {
    const bad = (change: object) => () => compileSierraProgram(parseSierraProgram({ ...json, ...change }));
    expect(bad({ version: 2 })).toThrow(/version 2, expected 1/);
    expect(bad({ funcs: undefined })).toThrow(/not a Sierra program/);
    expect(bad({ funcs: [json.funcs[0], json.funcs[0]] })).toThrow(/shapes::main is declared twice/);
    expect(bad({ type_declarations: json.type_declarations.slice(1) })).toThrow(/type/);
    expect(bad({ statements: [{ Return: [{ id: 1 }] }] })).toThrow(/statement/);
  });
});
