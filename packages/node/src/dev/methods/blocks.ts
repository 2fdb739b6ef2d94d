import { formatFelt } from '@cairn/primitives';
import {
  type ClosedBlockView,
  defineMethod,
  type Method,
  readBlockId,
  readClosedBlockId,
  required,
} from '@cairn/rpc';
import type { DevChain } from '../devChain.ts';

/** Blocks on demand, blocks taken back, and blocks that count as accepted on L1. */
export function blockMethods(dev: DevChain): Method[] {
  const createBlock = () => {
    const { header } = dev.createBlock().block;
    return { block_hash: formatFelt(header.blockHash), block_number: header.blockNumber };
  };
  return [
    ...['devnet_createBlock', 'dev_generateBlock', 'evm_mine'].map((name) =>
      defineMethod({ name, parameters: {}, handler: createBlock }),
    ),
    defineMethod({
      name: 'devnet_acceptOnL1',
      parameters: { starting_block_id: required(readClosedBlockId) },
      handler({ starting_block_id: id }, backend) {
        const block = backend.block(id) as ClosedBlockView;
        return { accepted: dev.acceptOnL1(block.header.blockNumber).map(formatFelt) };
      },
    }),
    defineMethod({
      name: 'devnet_abortBlocks',
      parameters: { starting_block_id: required(readBlockId) },
      handler({ starting_block_id: id }, backend) {
        if (id.kind === 'pre_confirmed') dev.createBlock();
        const block = backend.block(id.kind === 'pre_confirmed' ? { kind: 'latest' } : id);
        const first = block.kind === 'closed' ? block.header.blockNumber : block.context.blockNumber;
        return { aborted: dev.abortBlocks(first).map(formatFelt) };
      },
    }),
  ];
}
