import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { Transaction } from '@cairn/protocol';

/**
 * Response that a syscall got. `felts` are what it holds beside gas and failure flag: its fields, then the felts of
 * its span; of failed ones the error data. Responses that follow from the request alone are empty.
 */
export interface RecordedResponse {
  gas: bigint;
  isFailed: boolean;
  felts: Felt[];
}

/** Code of a contract that ran, with the responses to its syscalls in order. */
export interface RecordedCall {
  classHash: ClassHash;
  compiledClassHash: Felt;
  /** Ends early where a syscall ended the whole execution. */
  responses: RecordedResponse[];
}

/** A transaction of a block, how it ended, and the calls that ran code, in the order in which they were entered. */
export interface RecordedTransaction {
  transaction: Transaction;
  isReverted: boolean;
  /** Of a reverted one, the gas counter that its execution is charged up to. */
  notedGas: bigint;
  /** Token in which the chain reckons messages from L1. */
  ethTokenAddress: ContractAddress;
  /** Bytes of code that a declaration is charged for, 0 for other types. */
  codeSize: number;
  calls: RecordedCall[];
  /** Of a declaration: the felts whose Poseidon hash is the class hash. */
  classHashParts?: Felt[];
}
