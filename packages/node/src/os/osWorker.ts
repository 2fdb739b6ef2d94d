// Runs in a worker thread of OsChecker.
import {
  type BlockDifference,
  compareStateDiff,
  compareWithBlock,
  parseOsInput,
  runOs,
  stateDiffOfData,
} from '@cairn/os';
import type { StateDiff } from '@cairn/protocol';
import { serveTasks } from '@cairn/runtime';

/** One block to run through the OS: its input as text, and the changes the sequencer found. */
export interface OsTask {
  readonly input: string;
  readonly stateDiff: StateDiff;
}

/** What the run says. */
export interface OsVerdict {
  readonly steps: number;
  /** The first thing in which the run and the block differ. */
  readonly difference: BlockDifference | undefined;
}

serveTasks(({ input: text, stateDiff }: OsTask): OsVerdict => {
  const input = parseOsInput(text);
  const { header } = input.blocks[0]!;
  const { blocks, output, resources } = runOs(input);
  const difference =
    compareWithBlock(blocks[0]!, header) ??
    compareStateDiff(stateDiffOfData(output.data, output.fullOutput), header, stateDiff);
  return { steps: resources.steps, difference };
});
