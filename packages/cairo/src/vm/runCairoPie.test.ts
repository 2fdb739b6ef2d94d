import { readFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { type CairoPie, cairoPie, type PieSegment, writeCairoPie } from './cairoPie.ts';
import { parseCairoProgram, readProgramJson } from './cairoProgram.ts';
import { parseExecutable, runBootloaded } from './executable.ts';
import type { PieCell } from './pieMemory.ts';
import { readCairoPie } from './readCairoPie.ts';
import { runCairoPie } from './runCairoPie.ts';
import { runProgram } from './runProgram.ts';
import { zeroHintRegistry } from './zeroHints/zeroHintRegistry.ts';

const maxSteps = 100_000;
const fixture = (path: string) => readFileSync(new URL(path, import.meta.url));

/** A program of the fixtures, its run and the PIE of it, written and read. */
async function zeroPie(name: string) {
  const json = readProgramJson(fixture(`../../fixtures/zero/${name}.json`).toString());
  const program = parseCairoProgram(json);
  const hints = zeroHintRegistry(json as Parameters<typeof zeroHintRegistry>[0]);
  const result = runProgram({ program, hints, maxSteps });
  return { result, pie: await readCairoPie(await writeCairoPie(cairoPie(program, result))) };
}

/** What cairo-lang 0.14.0.1 wrote for `fixtures/mixed.cairo` (`cairo-run --cairo_pie_output`, layout starknet_with_keccak). */
const referencePie = () => readCairoPie(fixture('fixtures/mixed.pie.zip'));
/** Printed by that run, with `--print_output`. */
const REFERENCE_OUTPUT = [30n, 1496156198412238162002285043015633911722220327103976113787090918065223261955n];

describe('a PIE runs over its memory', () => {
  it.each(['collections', 'hashes'])('as %s ran with hints', async (name) => {
    const { result, pie } = await zeroPie(name);
    for (const engine of ['wasm', 'typescript'] as const) {
      const again = runCairoPie(pie, { maxSteps, engine });
      expect(again.output).toEqual(result.output);
      expect(again.resources).toMatchObject({
        steps: result.resources.steps,
        builtins: result.resources.builtins,
      });
    }
  });

  it('as a Cairo 1 executable with a dictionary ran with hints', async () => {
    const json = JSON.parse(fixture('../../fixtures/cairo1/dictionary.executable.json').toString());
    const felts = [7n, 4n, 1n, 2n, 3n, 3n];
    const { program, result } = runBootloaded({
      executable: parseExecutable(json),
      arguments: felts,
      maxSteps,
    });
    const pie = await readCairoPie(await writeCairoPie(cairoPie(program, result)));
    expect(runCairoPie(pie, { maxSteps }).output).toEqual(result.output);
  });

  it('as cairo-lang ran it', async () => {
    const pie = await referencePie();
    const { output, resources } = runCairoPie(pie, { maxSteps });
    expect(output).toEqual(REFERENCE_OUTPUT);
    expect(resources.steps).toBe(pie.resources.steps);
    // What it makes of a PIE is what it was made from.
    const again = cairoPie({ ...pie.program, hints: new Map() }, runCairoPie(pie, { maxSteps }));
    expect(again.builtinSegments).toEqual(pie.builtinSegments);
  });

  it('not when its cells are missing', async () => {
    const pie = await referencePie();
    // What a hint has chosen: nothing else tells it.
    const without = { ...pie, memory: pie.memory.filter(({ value }) => value !== 3n ** 150n) };
    expect(without.memory.length).toBeLessThan(pie.memory.length);
    expect(outcomeOf(without)).toMatch(/UNKNOWN_CELL|OPERAND_NOT_DEDUCIBLE/);
  });
});

/** Outcome of a run: its output, or the code of its error; whatever else is thrown comes through. */
function outcomeOf(pie: CairoPie): readonly bigint[] | string {
  try {
    return runCairoPie(pie, { maxSteps }).output;
  } catch (error) {
    if (error instanceof CairnError) return error.code;
    throw error;
  }
}

describe('a PIE with false values', () => {
  /** The PIE with another value in a cell, or with one where there was none. */
  const changed = (pie: CairoPie, segment: number, offset: number, value: PieCell['value']): CairoPie => ({
    ...pie,
    memory: [
      ...pie.memory.filter(({ address }) => address.segment !== segment || address.offset !== offset),
      { address: { segment, offset }, value },
    ],
  });

  it.each([
    ['output', 0, /INCONSISTENT|ASSERT/],
    ['pedersen', 2, /BUILTIN_DEDUCTION|ASSERT|INCONSISTENT/],
    ['range_check', 0, /ASSERT|INCONSISTENT/],
    ['bitwise', 2, /BUILTIN_DEDUCTION|ASSERT|INCONSISTENT/],
    ['bitwise', 4, /BUILTIN_DEDUCTION/],
    ['poseidon', 3, /BUILTIN_DEDUCTION|ASSERT|INCONSISTENT/],
    ['poseidon', 5, /BUILTIN_DEDUCTION/],
  ] as const)('does not run: %s cell %i', async (name, offset, code) => {
    const pie = await referencePie();
    const { index } = pie.builtinSegments[name]!;
    expect(outcomeOf(changed(pie, index, offset, 12345n))).toMatch(code);
  });

  it('does not run with a value that no range check admits', async () => {
    const pie = await referencePie();
    const { index } = pie.builtinSegments.range_check!;
    expect(outcomeOf(changed(pie, index, 0, 2n ** 128n))).toBe('RANGE_CHECK_FAILED');
  });

  it('does not run with a cell farther off than a run may have', async () => {
    const pie = await referencePie();
    const far = 2 ** 28 - 1;
    const [{ index }, ...others] = pie.extraSegments as [PieSegment, ...PieSegment[]];
    const hostile = { ...pie, extraSegments: [{ index, size: far + 1 }, ...others] };
    expect(outcomeOf(changed(hostile, index, far, 1n))).toBe('MEMORY_LIMIT');
    const small = {
      ...pie,
      memory: [...pie.memory, { address: { segment: index, offset: 20_000 }, value: 1n }],
    };
    expect(() => runCairoPie(small, { maxSteps, maxMemoryCells: 10_000 })).toThrow(
      expect.objectContaining({ code: 'MEMORY_LIMIT' }),
    );
  });

  it('says what an honest run says, or fails: every cell changed in turn', { timeout: 120_000 }, async () => {
    const pie = await referencePie();
    const counts = new Map<string, number>();
    const lies = [0n, 1n, 2n ** 250n, { segment: 1, offset: 3 }];
    for (const [i, { address }] of pie.memory.entries()) {
      if (address.segment === 0) continue;
      const lie = lies[i % lies.length]!;
      const outcome = outcomeOf(changed(pie, address.segment, address.offset, lie));
      if (typeof outcome !== 'string')
        expect(outcome, `${address.segment}:${address.offset}`).toEqual(REFERENCE_OUTPUT);
      const key = typeof outcome === 'string' ? outcome : 'honest';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(200);
    expect(counts.get('honest') ?? 0).toBeLessThan(20);
  });
});
