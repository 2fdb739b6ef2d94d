import { cairoPie, readCairoPie, runCairoPie, writeCairoPie } from '@cairn/cairo';
import { bootloadPrograms } from '@cairn/cairo-air';
import { osProgram, runOs } from '@cairn/os';
import { expect, it } from 'vitest';
import { threeTasks } from '../../../cairo-air/src/testing/bootloaderTasks.ts';
import { executable, executionChain, STRK, signedInvoke } from '../../../os/src/testing/executionChain.ts';
import { TestChain } from '../../../os/src/testing/testChain.ts';

const maxSteps = 2 ** 22;

it('a run of the OS over transfers goes on as a PIE, under the bootloader, without a hint', {
  timeout: 120_000,
}, async () => {
  const chain = new TestChain(executionChain().state.diff());
  const transfer = (nonce: bigint) =>
    executable(
      signedInvoke([{ to: STRK, selector: 'transfer', calldata: [0x77n + nonce, 5n, 0n] }], { nonce }),
    );
  chain.addBlock([transfer(0n), transfer(1n)]);
  const { run, outputWords, resources } = runOs(chain.osInput(1));
  const { program } = osProgram();
  const archive = await writeCairoPie(cairoPie(program, run));
  const pie = await readCairoPie(archive);
  console.log(`${resources.steps} steps, ${pie.memory.length} cells, ${archive.length} bytes`);
  const alone = runCairoPie(pie, { maxSteps });
  expect(alone.output).toEqual(outputWords);
  expect(alone.resources.steps).toBe(resources.steps);
  const { tasks } = bootloadPrograms([threeTasks()[0]!, { pie }], { maxSteps });
  expect(tasks[1]!.output).toEqual(outputWords);
});
