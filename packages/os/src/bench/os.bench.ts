import type { OsInput } from '../input/osInput.ts';
import { runOs } from '../runOs.ts';

/** One line of a benchmark's result. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  /** What `value` is to reach, and whether it does. */
  goal: string;
  isMet: boolean;
}

/** Blocks to run the OS over. */
export interface OsBenchInputs {
  emptyBlock: OsInput;
  /** ERC-20 transfers of one account to accounts that have none yet. */
  oneTransfer: OsInput;
  tenTransfers: OsInput;
}

const REPETITIONS = 5;

/** Steps of the OS for a block and a transfer, and the time that a run takes: the best of several. */
export function osBench(
  { emptyBlock, oneTransfer, tenTransfers }: OsBenchInputs,
  smoke = false,
): BenchResult[] {
  const steps = (input: OsInput) => runOs(input).resources.steps;
  const perTransfer = (steps(tenTransfers) - steps(oneTransfer)) / 9;
  const seconds = Array.from({ length: smoke ? 1 : REPETITIONS }, () => {
    const start = performance.now();
    runOs(tenTransfers);
    return (performance.now() - start) / 1000;
  });
  return [
    atMost('os/steps-empty-block', steps(emptyBlock), 'steps', 9_000),
    atMost('os/steps-per-transfer', Math.round(perTransfer), 'steps', 14_000),
    atMost('os/seconds-10-transfers', Math.min(...seconds), 's', 1),
  ];
}

function atMost(name: string, value: number, unit: string, most: number): BenchResult {
  return { name, value, unit, goal: `value <= ${most}`, isMet: value <= most };
}
