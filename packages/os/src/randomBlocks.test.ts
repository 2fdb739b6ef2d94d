import { expect, it } from 'vitest';
import { compareWithBlock } from './output/compareWithBlock.ts';
import { runOs } from './runOs.ts';
import { randomChain } from './testing/randomBlocks.ts';

const BLOCK_COUNT = 20;

it('random blocks are proven, one by one and many in a run', () => {
  const chain = randomChain(1, BLOCK_COUNT);
  for (let number = 1; number <= BLOCK_COUNT; number++) {
    const { blocks } = runOs(chain.osInput(number));
    expect(compareWithBlock(blocks[0]!, chain.headers[number]!)).toBeUndefined();
  }
  const { output } = runOs(chain.osInput(1, BLOCK_COUNT));
  expect(output.newBlockHash).toBe(chain.headers[BLOCK_COUNT]!.blockHash);
}, 300_000);
