import type { ContractAddress, Felt } from '@cairn/primitives';
import type { BuiltinName } from '../constants/resources.ts';

/** Amounts of the three priced resources. */
export interface GasVector {
  l1Gas: bigint;
  l1DataGas: bigint;
  l2Gas: bigint;
}

export interface Event {
  fromAddress: ContractAddress;
  keys: readonly Felt[];
  data: readonly Felt[];
}

/** A message sent to L1; `toAddress` is a 160-bit Ethereum address. */
export interface MessageToL1 {
  fromAddress: ContractAddress;
  toAddress: Felt;
  payload: readonly Felt[];
}

/** What running a transaction cost: Cairo steps and builtins, gas for data availability, and all gas charged. */
export interface ExecutionResources {
  stepCount: number;
  memoryHoleCount: number;
  builtins: Partial<Record<BuiltinName, number>>;
  dataAvailability: GasVector;
  totalGasConsumed: GasVector;
}

/** Result of one transaction as it enters the block's receipt commitment. */
export interface Receipt {
  transactionHash: Felt;
  /** In fri; in wei for L1 handlers and transactions before version 3. */
  actualFee: bigint;
  events: readonly Event[];
  messagesToL1: readonly MessageToL1[];
  /** Present exactly when the transaction reverted. */
  revertReason?: string;
  resources: ExecutionResources;
}
