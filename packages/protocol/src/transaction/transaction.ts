import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';

/** Where data of an account lives: `L1` is 0 on the wire, `L2` is 1. */
export type DataAvailabilityMode = 'L1' | 'L2';

/** Upper bounds a sender sets for one resource: amount in gas units (u64), price in fri per unit (u128). */
export interface ResourceBound {
  maxAmount: bigint;
  maxPricePerUnit: bigint;
}

/** Bounds of a version-3 transaction; `l1DataGas` is absent only in transactions made before 0.13.4. */
export interface ResourceBounds {
  l1Gas: ResourceBound;
  l2Gas: ResourceBound;
  l1DataGas?: ResourceBound;
}

/** Fields every version-3 account transaction carries. @see SNIP-8 */
export interface V3Fields {
  version: 3;
  signature: readonly Felt[];
  nonce: Felt;
  resourceBounds: ResourceBounds;
  /** Fri per unit of L2 gas, u64. */
  tip: bigint;
  paymasterData: readonly Felt[];
  nonceDataAvailabilityMode: DataAvailabilityMode;
  feeDataAvailabilityMode: DataAvailabilityMode;
}

export interface InvokeV3 extends V3Fields {
  type: 'INVOKE';
  senderAddress: ContractAddress;
  calldata: readonly Felt[];
  accountDeploymentData: readonly Felt[];
  /** Felts of a client-side proof (SNIP-36); absent or empty in ordinary transactions. */
  proofFacts?: readonly Felt[];
}

export interface DeclareV3 extends V3Fields {
  type: 'DECLARE';
  senderAddress: ContractAddress;
  classHash: ClassHash;
  compiledClassHash: Felt;
  accountDeploymentData: readonly Felt[];
}

export interface DeployAccountV3 extends V3Fields {
  type: 'DEPLOY_ACCOUNT';
  classHash: ClassHash;
  contractAddressSalt: Felt;
  constructorCalldata: readonly Felt[];
}

/** A message from L1; `calldata[0]` is the L1 sender. Made by the sequencer, never by a client. */
export interface L1HandlerTransaction {
  type: 'L1_HANDLER';
  version: 0;
  contractAddress: ContractAddress;
  entryPointSelector: Felt;
  calldata: readonly Felt[];
  /** Absent in the first transactions of mainnet. */
  nonce?: Felt;
}

/** Account transactions that enter a block today. */
export type AccountTransaction = InvokeV3 | DeclareV3 | DeployAccountV3;
/** Everything that runs in a block Cairn builds. */
export type Transaction = AccountTransaction | L1HandlerTransaction;

export interface InvokeV0 {
  type: 'INVOKE';
  version: 0;
  contractAddress: ContractAddress;
  entryPointSelector: Felt;
  calldata: readonly Felt[];
  maxFee: bigint;
  signature: readonly Felt[];
}

export interface InvokeV1 {
  type: 'INVOKE';
  version: 1;
  senderAddress: ContractAddress;
  calldata: readonly Felt[];
  maxFee: bigint;
  signature: readonly Felt[];
  nonce: Felt;
}

/** Declares of versions 0 to 2; only version 2 names a compiled class hash. */
export interface OldDeclare {
  type: 'DECLARE';
  version: 0 | 1 | 2;
  senderAddress: ContractAddress;
  classHash: ClassHash;
  compiledClassHash?: Felt;
  maxFee: bigint;
  signature: readonly Felt[];
  nonce: Felt;
}

export interface DeployAccountV1 {
  type: 'DEPLOY_ACCOUNT';
  version: 1;
  classHash: ClassHash;
  contractAddressSalt: Felt;
  constructorCalldata: readonly Felt[];
  maxFee: bigint;
  signature: readonly Felt[];
  nonce: Felt;
}

export interface DeployTransaction {
  type: 'DEPLOY';
  version: 0 | 1;
  classHash: ClassHash;
  contractAddressSalt: Felt;
  constructorCalldata: readonly Felt[];
}

/** Transactions of older protocol versions: hashed and stored, never executed by Cairn. */
export type OldTransaction = InvokeV0 | InvokeV1 | OldDeclare | DeployAccountV1 | DeployTransaction;
/** Any transaction of Starknet's history. */
export type AnyTransaction = Transaction | OldTransaction;
