import { readFileSync } from 'node:fs';
import {
  type CairoPie,
  cairoPie,
  parseCairoProgram,
  parseExecutable,
  readCairoPie,
  readProgramJson,
  runBootloaded,
  writeCairoPie,
  zeroHintRegistry,
} from '@cairn/cairo';
import { CairnError } from '@cairn/primitives';
import { DEV } from '@cairn/stark';
import { WasmBackend } from '@cairn/stark/prover';
import { describe, expect, it } from 'vitest';
import { proveCairo } from '../proveCairo.ts';
import { hintedTask, taskOf, threeTasks } from '../testing/bootloaderTasks.ts';
import { BUILTIN_CASES } from '../testing/builtinCases.ts';
import { pieOf } from '../testing/pieTasks.ts';
import { verifyCairoProof } from '../verifyCairoProof.ts';
import { type BootloaderTask, bootloadPrograms, type HintedTask } from './bootloadPrograms.ts';
import { taskHash } from './taskProgram.ts';

const maxSteps = 1_000_000;
const fixture = (path: string) =>
  readFileSync(new URL(`../../../cairo/fixtures/${path}`, import.meta.url), 'utf8');
const zeroTask = (name: string): HintedTask => {
  const json = readProgramJson(fixture(`zero/${name}.json`)) as Parameters<typeof zeroHintRegistry>[0];
  return { program: parseCairoProgram(json), hints: zeroHintRegistry(json) };
};

/** What cairo-lang has made of `mixed.cairo`: hints, a dictionary, Pedersen, range checks, bitwise, Poseidon. */
const referencePie = () =>
  readCairoPie(readFileSync(new URL('../../../cairo/src/vm/fixtures/mixed.pie.zip', import.meta.url)));

/** A train with PIEs, which must be the run that the same train with hints is. */
function expectSame(withPies: readonly BootloaderTask[], withHints: readonly BootloaderTask[]): void {
  const [pies, hinted] = [
    bootloadPrograms(withPies, { maxSteps }),
    bootloadPrograms(withHints, { maxSteps }),
  ];
  expect(pies.tasks).toEqual(hinted.tasks);
  expect(pies.run.output).toEqual(hinted.run.output);
  expect(pies.run.program.data).toEqual(hinted.run.program.data);
  expect(pies.run.resources.steps).toBe(hinted.run.resources.steps);
  expect(pies.run.resources.builtins).toEqual(hinted.run.resources.builtins);
}

describe('a PIE as a task of the bootloader', () => {
  it.each(BUILTIN_CASES)('runs as the program it is of does: %s', async (name, main) => {
    const task = taskOf(['output', name], main);
    expectSame([{ pie: await pieOf(task) }], [task]);
  });

  it('runs without the hints: of dictionaries, sorting, Keccak and Blake2s', async () => {
    for (const name of ['collections', 'hashes']) {
      const task = zeroTask(name);
      expectSame([{ pie: await pieOf(task) }], [task]);
    }
  });

  it('runs among others, in any order, and more than once', async () => {
    const [first, second, third] = threeTasks() as [HintedTask, HintedTask, HintedTask];
    const hints = hintedTask(5n);
    const mixed = zeroTask('collections');
    const [pie, secondPie, hintsPie] = [await pieOf(mixed), await pieOf(second), await pieOf(hints)];
    expectSame([first, { pie }, third], [first, mixed, third]);
    expectSame(
      [{ pie }, { pie: secondPie }, mixed, { pie }, hints, { pie: hintsPie }],
      [mixed, second, mixed, mixed, hints, hints],
    );
  });

  it('may be what cairo-lang has made, and is named by its program', async () => {
    const pie = await referencePie();
    const { tasks, run } = bootloadPrograms([taskOf(['output'], threeTasks()[0]!.program.data), { pie }], {
      maxSteps,
    });
    expect(tasks[1]).toEqual({
      programHash: taskHash(pie.program),
      output: [30n, 1496156198412238162002285043015633911722220327103976113787090918065223261955n],
    });
    expect(run.output.slice(-4)).toEqual([4n, tasks[1]!.programHash, ...tasks[1]!.output]);
  });

  it('may be of a Cairo 1 executable', async () => {
    const executable = parseExecutable(JSON.parse(fixture('cairo1/dictionary.executable.json')));
    const { program, result } = runBootloaded({
      executable,
      arguments: [7n, 4n, 1n, 2n, 3n, 3n],
      maxSteps,
    });
    const pie = await readCairoPie(await writeCairoPie(cairoPie(program, result)));
    const { tasks } = bootloadPrograms([{ pie }, threeTasks()[2]!], { maxSteps });
    expect(tasks[0]!.output).toEqual(result.output);
  });

  it('is proven, with others', async () => {
    const pie = await pieOf(hintedTask(11n));
    const { run, tasks } = bootloadPrograms([threeTasks()[0]!, { pie }], { maxSteps });
    const verdict = verifyCairoProof(
      await proveCairo(run, { profile: DEV, backend: new WasmBackend() }),
      DEV,
    );
    expect(verdict.ok && verdict.statement.output).toEqual([
      2n,
      3n,
      tasks[0]!.programHash,
      144n,
      3n,
      tasks[1]!.programHash,
      11n,
    ]);
  });
});

describe('a PIE that is no honest run', () => {
  /** The output of a train of a program and a PIE, or the code of its error. */
  const outcomeOf = (pie: CairoPie): readonly bigint[] | string => {
    try {
      return bootloadPrograms([threeTasks()[0]!, { pie }], { maxSteps }).run.output;
    } catch (error) {
      if (error instanceof CairnError) return error.code;
      throw error;
    }
  };

  it('is refused, or says what an honest one says', { timeout: 180_000 }, async () => {
    const pie = await referencePie();
    const honest = outcomeOf(pie);
    expect(honest).toHaveLength(1 + 3 + 4);
    let refused = 0;
    const cells = pie.memory.filter(({ address }) => address.segment !== 0);
    const lies = [0n, 3n, { segment: 0, offset: 300 }, { segment: 9, offset: 1 }];
    for (const [i, { address }] of cells.entries()) {
      const memory = pie.memory.map((cell) =>
        cell.address === address ? { address, value: lies[i % lies.length]! } : cell,
      );
      const outcome = outcomeOf({ ...pie, memory });
      if (typeof outcome === 'string') refused++;
      else expect(outcome, `${address.segment}:${address.offset}`).toEqual(honest);
    }
    expect(refused).toBeGreaterThan(180);
  });

  it('can not take the stack of the bootloader, nor cells of other tasks', async () => {
    const pie = await referencePie();
    const put = (segment: number, offset: number, value: bigint) =>
      outcomeOf({ ...pie, memory: [...pie.memory, { address: { segment, offset }, value }] });
    const honest = outcomeOf(pie);
    // Behind what main returns, behind the cells of each builtin.
    const stackEnd = pie.executionSegment.size;
    for (let offset = stackEnd; offset < stackEnd + 40; offset++) {
      const outcome = put(1, offset, 12345n);
      if (typeof outcome !== 'string') expect(outcome).toEqual(honest);
      else expect(['INCONSISTENT_MEMORY', 'ASSERT_EQ_FAILED']).toContain(outcome);
    }
    for (const { index, size } of Object.values(pie.builtinSegments))
      expect(put(index, size, 1n)).toBe('BUILTIN_STOP_POINTER');
  });

  it('is not run for builtins that no bootloader has', async () => {
    expect(outcomeOf(await pieOf(zeroTask('signatures')))).toBe('UNPROVABLE_RUN');
  });
});
