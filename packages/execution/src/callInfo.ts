import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { EntryPointType, SyscallName, VmResources } from '@cairn/protocol';

/** How a call's work is charged: by the gas its own code counts, or by VM steps. */
export type TrackedResource = 'SierraGas' | 'CairoSteps';

/** A call to an entry point. */
export interface EntryPointCall {
  type: EntryPointType;
  selector: Felt;
  calldata: readonly Felt[];
  /** Contract whose storage the call works on. */
  contractAddress: ContractAddress;
  callerAddress: ContractAddress;
  /** Class to run; absent, that of the contract. */
  classHash?: ClassHash;
  kind: 'CALL' | 'LIBRARY_CALL';
  initialGas: bigint;
}

/** An event or message with its place in the order of the whole transaction. */
export interface Ordered<T> {
  order: number;
  value: T;
}

export interface EmittedEvent {
  keys: readonly Felt[];
  data: readonly Felt[];
}

export interface SentMessage {
  toAddress: Felt;
  payload: readonly Felt[];
}

/** How often a syscall was made, and the total length of what its price grows with. */
export interface SyscallUsage {
  callCount: number;
  linearFactor: number;
}

/** A finished call with everything it did. Resources include those of inner calls. */
export interface CallInfo {
  call: EntryPointCall & { classHash: ClassHash };
  retdata: readonly Felt[];
  failed: boolean;
  /** 0 in `CairoSteps` mode. */
  gasConsumed: bigint;
  trackedResource: TrackedResource;
  /** VM work that is charged by steps, inner calls included. */
  stepResources: VmResources;
  /** VM work of this call alone, however it is charged. */
  ownResources: VmResources;
  syscalls: Map<SyscallName, SyscallUsage>;
  events: Ordered<EmittedEvent>[];
  messages: Ordered<SentMessage>[];
  innerCalls: CallInfo[];
}

/** The call and all calls below it, in order of entry. */
export function* callTree(root: CallInfo): Generator<CallInfo> {
  yield root;
  for (const inner of root.innerCalls) yield* callTree(inner);
}
