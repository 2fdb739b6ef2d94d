import type { Air, ProgramOperand } from '@cairn/stark';

/** Slots that every constraint contract takes and gives: the sum of constraints, and the public fractions. */
export const SLOT = { sum: 0, publicNumerator: 1, publicDenominator: 2 } as const;
/** How many those are. */
export const FIXED_SLOTS = 3;

/** Places, in words from its start, of what the block passed to constraint contracts holds. */
export interface CallBlock {
  readonly coefficient: number;
  readonly lookupPoint: number;
  readonly alpha: number;
  readonly alphaCount: number;
  readonly meanSums: number;
  readonly first: number;
  readonly last: number;
  readonly publicValues: number;
  readonly samples: number;
  readonly nextSamples: number;
  readonly wordCount: number;
}

/** The block of an AIR with so many samples, behind `slotCount` slots. */
export function callBlock(air: Air, columnCount: number, nextCount: number, slotCount: number): CallBlock {
  let next = slotCount;
  const place = (count: number) => {
    const at = next;
    next += count;
    return at;
  };
  const tableCount = air.tables.length;
  const alphaCount = Math.max(0, ...air.buses.map((bus) => bus.fields.length));
  return {
    coefficient: place(1),
    lookupPoint: place(1),
    alphaCount,
    alpha: place(alphaCount),
    meanSums: place(tableCount),
    first: place(tableCount),
    last: place(tableCount),
    publicValues: place(air.publicCells.length),
    samples: place(columnCount),
    nextSamples: place(nextCount),
    wordCount: next,
  };
}

/** Where the block holds an operand that is neither a slot nor a constant. */
export function placeInBlock(
  block: CallBlock,
  operand: Exclude<ProgramOperand, { kind: 'slot' | 'constant' }>,
): number {
  switch (operand.kind) {
    case 'public':
      return block.publicValues + operand.index;
    case 'sample':
      return block.samples + operand.index;
    case 'nextSample':
      return block.nextSamples + operand.index;
    case 'selector':
      return (operand.row === 'first' ? block.first : block.last) + operand.table;
    case 'meanSum':
      return block.meanSums + operand.table;
    case 'lookupPoint':
      return block.lookupPoint;
    case 'alphaPower':
      return block.alpha + operand.power - 1;
    case 'compositionCoefficient':
      return block.coefficient;
  }
}
