import { describe, expect, it } from 'vitest';
import { chunksOf, evaluate, evaluationPoint } from './output/evaluate.ts';
import { runOs } from './runOs.ts';
import { countedChain, doubleTransfer, inputElsewhere } from './testing/attackChains.ts';

describe('data outside of the output', () => {
  it.each([
    ['blobs', 'an empty block', () => doubleTransfer(1).osInput(2)],
    ['pages', 'transfers', () => doubleTransfer(3).osInput(1)],
    ['blobs', '300 blocks', () => countedChain().osInput(1, 270)],
  ] as const)('is shown by its value at a point: %s, %s', (kind, _what, make) => {
    const { data } = runOs(make()).output;
    const input = inputElsewhere(make(), kind);
    const { output } = runOs(input);
    const point = evaluationPoint(data, input.data.commitments);
    expect(output.dataPlace).toBe(kind);
    expect(output.data).toEqual([]);
    expect(output.evaluations).toEqual({
      point,
      chunks: chunksOf(data, kind).map((words, i) => ({
        commitment: input.data.commitments[i],
        value: evaluate(words, point),
      })),
    });
    expect(output.newBlockHash).toBe(input.blocks.at(-1)!.header.blockHash);
  });
});
