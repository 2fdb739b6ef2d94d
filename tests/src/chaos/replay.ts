import { BlockExecutor } from '@cairn/execution';
import { Chain, type GenesisConfig } from '@cairn/node';
import type { BlockContext } from '@cairn/protocol';
import { MemoryEngine } from '@cairn/storage';

/**
 * Executes every block of a chain again, from genesis, in memory, and returns the numbers of blocks whose
 * hash comes out different.
 */
export function replayChain(original: Chain, config: GenesisConfig): number[] {
  const genesis = original.store.block(0)!.block.header;
  const replayed = Chain.open(new MemoryEngine(), { ...config, timestamp: genesis.timestamp });
  const different: number[] = [];
  if (replayed.head.block.header.blockHash !== genesis.blockHash) different.push(0);
  for (let number = 1; number <= original.head.block.header.blockNumber; number++) {
    const { block } = original.store.block(number)!;
    const { blockNumber, timestamp, sequencerAddress, gasPrices, l1DaMode, starknetVersion } = block.header;
    const context: BlockContext = {
      blockNumber,
      timestamp,
      sequencerAddress,
      gasPrices,
      l1DaMode,
      starknetVersion,
    };
    const executor = new BlockExecutor(
      replayed.headState,
      replayed.environment(context),
      replayed.readableHash(blockNumber),
    );
    for (const { transaction, receipt } of block.transactions) {
      executor.execute({ transaction, hash: receipt.transactionHash, codeSize: 0, paidFeeOnL1Wei: 0n });
    }
    const transactions = executor.transactions.map(({ transaction, receipt }) => ({ transaction, receipt }));
    replayed.append(context, transactions, executor.finish(), new Map());
    if (replayed.head.block.header.blockHash !== block.header.blockHash) different.push(number);
  }
  return different;
}
