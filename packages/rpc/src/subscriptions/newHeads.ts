import { optional } from '../method.ts';
import { formatHeader } from '../wire/block.ts';
import { firstBlock, followBlocks } from './followBlocks.ts';
import { readStart } from './parameters.ts';
import { defineSubscription } from './subscription.ts';

/** Headers of new blocks. */
export const subscribeNewHeads = defineSubscription({
  name: 'starknet_subscribeNewHeads',
  parameters: { block_id: optional(readStart) },
  errors: ['TOO_MANY_BLOCKS_BACK', 'BLOCK_NOT_FOUND'],
  open({ block_id }, backend) {
    const first = firstBlock(backend, block_id);
    return (sink) =>
      followBlocks(backend, sink, first, ({ header }) =>
        sink.notify('starknet_subscriptionNewHeads', formatHeader(header)),
      );
  },
});
