import { RET } from '@cairn/cairo/testing';
import { poseidonMany, shortString } from '@cairn/primitives';
import { DEV } from '@cairn/stark';
import { WasmBackend } from '@cairn/stark/prover';
import { describe, expect, it } from 'vitest';
import { BOOTLOADERS } from '../generated/bootloaders.ts';
import { cairoWitness, proveCairo } from '../proveCairo.ts';
import { hintedTask, taskOf, threeTasks } from '../testing/bootloaderTasks.ts';
import { columnOf, faultsOf, forgedWitness, verdictOn } from '../testing/forgery.ts';
import { fibonacciMain } from '../testing/programs.ts';
import { verifyCairoProof } from '../verifyCairoProof.ts';
import { bootloaderFor, bootloadPrograms } from './bootloadPrograms.ts';
import { taskHash, taskWords } from './taskProgram.ts';

const maxSteps = 100_000;
const backend = new WasmBackend();

describe('a run of the bootloader', () => {
  it('names each program and what it has written', () => {
    const tasks = threeTasks();
    const { run, tasks: outcomes } = bootloadPrograms(tasks, { maxSteps });
    expect(outcomes.map(({ output }) => output.length)).toEqual([1, 1, 3]);
    expect(outcomes[0]).toEqual({
      programHash: poseidonMany([0n, 0n, 1n, shortString('output'), ...fibonacciMain(10)]),
      output: [144n],
    });
    const list = outcomes.flatMap(({ programHash, output }) => [
      BigInt(output.length + 2),
      programHash,
      ...output,
    ]);
    expect(run.output).toEqual([3n, ...list]);
  });
  it('is of a fixed program, whatever the tasks', () => {
    const one = bootloadPrograms([taskOf(['output'], fibonacciMain(3))], { maxSteps });
    const two = bootloadPrograms(threeTasks(), { maxSteps });
    expect(one.run.program.data).toEqual(two.run.program.data);
    expect(one.run.program.data).toEqual(BOOTLOADERS[0]!.data);
  });
  it('is proven', async () => {
    const { run, tasks } = bootloadPrograms(threeTasks(), { maxSteps });
    const verdict = verifyCairoProof(await proveCairo(run, { profile: DEV, backend }), DEV);
    expect(verdict).toMatchObject({ ok: true, layout: { modules: ['poseidon'], ranges: 'narrow' } });
    expect(verdict.ok && verdict.statement.program).toEqual(BOOTLOADERS[0]!.data);
    expect(verdict.ok && verdict.statement.output.slice(1, 4)).toEqual([
      3n,
      tasks[0]!.programHash,
      ...tasks[0]!.output,
    ]);
  });
  it('gives each task hints and a state of its own', () => {
    const { tasks } = bootloadPrograms([hintedTask(5n), hintedTask(7n), hintedTask(5n)], { maxSteps });
    expect(tasks.map(({ output }) => output)).toEqual([[5n], [7n], [5n]]);
  });
  it('may be of no task that writes, and of many', () => {
    const silent = taskOf([], [RET]);
    const { run } = bootloadPrograms(
      Array.from({ length: 5 }, () => silent),
      { maxSteps },
    );
    expect(run.output).toEqual([
      5n,
      ...Array.from({ length: 5 }, () => [2n, taskHash(silent.program)]).flat(),
    ]);
  });
  it('takes the smallest bootloader that has all builtins', () => {
    expect(bootloaderFor(['range_check']).builtins).toEqual(['output', 'range_check', 'poseidon']);
    expect(bootloaderFor(['bitwise']).builtins).toContain('bitwise');
    expect(bootloaderFor(['mul_mod']).builtins.length).toBe(9);
    const refused = (task: Parameters<typeof taskOf>[0]) => () =>
      bootloadPrograms([taskOf(task, [RET])], { maxSteps });
    expect(refused(['ecdsa'])).toThrow(expect.objectContaining({ code: 'UNPROVABLE_RUN' }));
    expect(refused(['range_check', 'output'])).toThrow(expect.objectContaining({ code: 'UNPROVABLE_RUN' }));
  });
});

describe('the bootloader', () => {
  const honest = () => bootloadPrograms(threeTasks(), { maxSteps });
  it('can not be made to name another program', { timeout: 180_000 }, async () => {
    const { run, tasks } = honest();
    // The output's hash of the second task, and a word of its code in memory.
    const at = 1 + 3 + 1;
    expect(run.output[at]).toBe(tasks[1]!.programHash);
    const named = forgedWitness(run, {
      statement: (statement) => ({ ...statement, output: statement.output.with(at, 1n) }),
    });
    expect(await verdictOn(named)).toMatchObject({ ok: false });
    const swapped = forgedWitness(run, {
      memory: ({ memory }) => {
        const code = 1 + BOOTLOADERS[0]!.data.length + taskWords(threeTasks()[0]!.program).length + 8;
        memory.ids[code] = memory.values.idOfFelt(12345n);
      },
    });
    expect(await verdictOn(swapped)).toMatchObject({ ok: false });
  });
  it('fills the tables of its layout', () => {
    const witness = cairoWitness(honest().run);
    expect(columnOf(witness.layout, witness.trace, 'cpu', 'pc').length).toBeGreaterThan(500);
    expect(faultsOf(witness)).toEqual([]);
  });
});
