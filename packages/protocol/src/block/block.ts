import type { ContractAddress, Felt } from '@cairn/primitives';
import type { Receipt } from '../transaction/receipt.ts';
import type { AnyTransaction, Transaction } from '../transaction/transaction.ts';
import type { StarknetVersion } from './starknetVersion.ts';

/** Price of one unit of gas in both fee currencies. */
export interface GasPrice {
  priceInWei: bigint;
  priceInFri: bigint;
}

/** Prices of the three resources of a block. */
export interface GasPrices {
  l1Gas: GasPrice;
  l1DataGas: GasPrice;
  l2Gas: GasPrice;
}

/** Where the block's data goes on L1. */
export type L1DataAvailabilityMode = 'BLOB' | 'CALLDATA';

/** What is known of a block when its first transaction runs. */
export interface BlockContext {
  blockNumber: number;
  /** Seconds since the epoch. */
  timestamp: number;
  sequencerAddress: ContractAddress;
  gasPrices: GasPrices;
  l1DaMode: L1DataAvailabilityMode;
  starknetVersion: StarknetVersion;
}

/** Header of a closed block: everything its hash commits to. */
export interface BlockHeader extends BlockContext {
  blockHash: Felt;
  parentHash: Felt;
  stateRoot: Felt;
  transactionCommitment: Felt;
  eventCommitment: Felt;
  receiptCommitment: Felt;
  stateDiffCommitment: Felt;
  stateDiffLength: number;
  transactionCount: number;
  eventCount: number;
}

/** A transaction with its hash and what came of it. */
export interface ExecutedTransaction<T extends AnyTransaction = Transaction> {
  transaction: T;
  receipt: Receipt;
}

export interface Block<T extends AnyTransaction = Transaction> {
  header: BlockHeader;
  transactions: readonly ExecutedTransaction<T>[];
}
