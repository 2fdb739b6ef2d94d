import type { ContractAddress, Felt } from '@cairn/primitives';
import type { Hex } from 'viem';

/** Where on L1 something was logged. */
export interface L1Place {
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: number;
}

/** A message to L2 as the core contract logs it. */
export interface L1Message {
  /** The L1 account or contract that sent it. */
  readonly fromAddress: Felt;
  readonly toAddress: ContractAddress;
  readonly selector: Felt;
  readonly payload: readonly Felt[];
  readonly nonce: Felt;
}

/** What the core contract logs that a node acts on. */
export type L1Event = { readonly place: L1Place } & (
  | {
      readonly kind: 'messageSent';
      readonly message: L1Message;
      readonly feeWei: bigint;
      /** Unix seconds of the L1 block. */
      readonly timestamp: number;
    }
  | {
      readonly kind: 'cancellationStarted' | 'messageCanceled' | 'messageConsumed';
      readonly message: L1Message;
    }
  | {
      readonly kind: 'stateUpdated';
      readonly globalRoot: Felt;
      readonly blockNumber: number;
      readonly blockHash: Felt;
    }
);

/** Who follows the events of a core contract. */
export interface L1Listener {
  /** New events in the order of the chain, as deep as the watcher waits for. */
  events(events: readonly L1Event[]): void;
  /** All events of this L1 block and later ones are taken back: the L1 chain was reorganised. */
  reorganised(firstBlock: bigint): void;
  /** Every L1 block up to this one has been read. */
  readUpTo(block: bigint): void;
  /** L1 cannot be reached or answers nonsense; the watcher goes on trying. */
  failed(error: unknown): void;
}
