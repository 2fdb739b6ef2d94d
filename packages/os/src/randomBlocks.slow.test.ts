import { expect, it } from 'vitest';
import { compareWithBlock } from './output/compareWithBlock.ts';
import { runOs } from './runOs.ts';
import { randomChain } from './testing/randomBlocks.ts';

const [CHAIN_COUNT, BLOCK_COUNT] = [25, 20];

it.each(Array.from({ length: CHAIN_COUNT }, (_, i) => i + 2))(
  'random blocks of seed %i are proven',
  (seed) => {
    const chain = randomChain(seed, BLOCK_COUNT);
    for (let first = 1; first <= BLOCK_COUNT; ) {
      const last = Math.min(BLOCK_COUNT, first + ((seed + first) % 4));
      const { blocks } = runOs(chain.osInput(first, last));
      for (const [i, block] of blocks.entries())
        expect(compareWithBlock(block, chain.headers[first + i]!)).toBeUndefined();
      first = last + 1;
    }
  },
);
