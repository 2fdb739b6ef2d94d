import {
  BlockExecutor,
  type ClassSource,
  type ExecutableTransaction,
  type ExecutionObserver,
} from '@cairn/execution';
import type { BlockHeader, ExecutedTransaction } from '@cairn/protocol';
import type { StoredClass } from '@cairn/storage';
import { codeSize } from '../gateway/gateway.ts';
import type { Chain } from './chain.ts';

/** A block of the chain opened again, empty, on the state before it. A recorder observes it and gives it its classes. */
export function reopenBlock(
  chain: Chain,
  header: BlockHeader,
  recorder?: ExecutionObserver & { readonly classes: ClassSource },
): BlockExecutor {
  return new BlockExecutor(
    chain.stateOf(chain.before(header.blockNumber).roots),
    { ...chain.environment(header), ...(recorder && { observer: recorder, classes: recorder.classes }) },
    chain.readableHash(header.blockNumber),
  );
}

/** A transaction of the chain as it was executed, and the class it declares. */
export function executableAgain(
  chain: Chain,
  { transaction, receipt }: ExecutedTransaction,
): ExecutableTransaction & { declared: StoredClass | undefined } {
  const declared =
    transaction.type === 'DECLARE' ? chain.classes.storedClass(transaction.classHash) : undefined;
  return {
    transaction,
    hash: receipt.transactionHash,
    codeSize: declared ? codeSize(declared) : 0,
    paidFeeOnL1Wei: 1n,
    declared,
  };
}
