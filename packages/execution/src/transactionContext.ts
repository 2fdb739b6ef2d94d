import type { ContractAddress, Felt } from '@cairn/primitives';
import {
  type BlockContext,
  type DataAvailabilityMode,
  deployedAddress,
  QUERY_VERSION_BASE,
  type ResourceBounds,
  type Transaction,
  type VersionedConstants,
} from '@cairn/protocol';
import type { ChainInfo } from './chainInfo.ts';
import type { ClassSource } from './executableClass.ts';
import type { ExecutionObserver } from './executionObserver.ts';

/** What contracts see of the transaction they run in. */
export interface TransactionInfo {
  /** Version as signed: with the query bit in simulations. */
  version: Felt;
  hash: Felt;
  senderAddress: ContractAddress;
  signature: readonly Felt[];
  nonce: Felt;
  /** Fields of version 3; absent for L1 handlers and meta transactions. */
  v3?: {
    resourceBounds: ResourceBounds;
    tip: bigint;
    paymasterData: readonly Felt[];
    nonceDataAvailabilityMode: DataAvailabilityMode;
    feeDataAvailabilityMode: DataAvailabilityMode;
    accountDeploymentData: readonly Felt[];
    proofFacts: readonly Felt[];
  };
}

/** Everything around one transaction that its execution depends on, besides the state. */
export interface TransactionContext {
  block: BlockContext;
  chain: ChainInfo;
  constants: VersionedConstants;
  classes: ClassSource;
  observer?: ExecutionObserver;
  info: TransactionInfo;
}

/** The account that pays for a transaction, or the contract that an L1 handler enters. */
export function senderAddress(tx: Transaction): ContractAddress {
  switch (tx.type) {
    case 'INVOKE':
    case 'DECLARE':
      return tx.senderAddress;
    case 'DEPLOY_ACCOUNT':
      return deployedAddress(tx);
    case 'L1_HANDLER':
      return tx.contractAddress;
  }
}

/** The contract's view of a transaction. */
export function transactionInfo(tx: Transaction, hash: Felt, query: boolean): TransactionInfo {
  const base = {
    version: BigInt(tx.version) + (query ? QUERY_VERSION_BASE : 0n),
    hash,
    senderAddress: senderAddress(tx),
    signature: tx.type === 'L1_HANDLER' ? [] : tx.signature,
    nonce: tx.nonce ?? 0n,
  };
  if (tx.type === 'L1_HANDLER') return base;
  return {
    ...base,
    v3: {
      resourceBounds: tx.resourceBounds,
      tip: tx.tip,
      paymasterData: tx.paymasterData,
      nonceDataAvailabilityMode: tx.nonceDataAvailabilityMode,
      feeDataAvailabilityMode: tx.feeDataAvailabilityMode,
      accountDeploymentData: tx.type === 'DEPLOY_ACCOUNT' ? [] : tx.accountDeploymentData,
      proofFacts: tx.type === 'INVOKE' ? (tx.proofFacts ?? []) : [],
    },
  };
}
