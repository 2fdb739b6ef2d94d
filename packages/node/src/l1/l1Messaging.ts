import type { MessageToL1 } from '@cairn/protocol';

/** Which core contract to connect to. */
export interface L1MessagingTarget {
  /** URL of the Ethereum node's JSON-RPC. */
  readonly networkUrl: string;
  /** The contract; undefined deploys one. */
  readonly coreContract?: bigint;
  /** Key of the account on L1 that deploys; undefined takes the first one of a development chain. */
  readonly deployerPrivateKey?: bigint;
}

/** A chain's connection to a core contract on L1, as clients see and steer it. */
export interface L1Messaging {
  /** Undefined while there is no connection. */
  readonly coreContract: bigint | undefined;
  /** URL of the Ethereum node; undefined while there is no connection. */
  readonly networkUrl: string | undefined;
  /**
   * Connects to a core contract, in place of the one so far, if any, whose events are then to be taken back by
   * `reorganised(0n)`. Afterwards `coreContract` is set.
   */
  load(target: L1MessagingTarget): Promise<void>;
  /**
   * Reads L1 up to now and brings there what is ready for it; resolves with the messages that reached L1 since the last
   * flush. With `isDryRun` it only tells which would.
   */
  flush(isDryRun: boolean): Promise<readonly MessageToL1[]>;
}
