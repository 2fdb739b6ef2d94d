/** One write of a transaction; `value` undefined deletes the key. */
export interface KeyValueWrite {
  table: string;
  key: Uint8Array;
  value: Uint8Array | undefined;
}

/** Ordered tables of bytes. Keys sort as unsigned bytes and are at most 64 bytes long. */
export interface KeyValueEngine {
  get(table: string, key: Uint8Array): Uint8Array | undefined;
  /** All entries of a table in key order. */
  entries(table: string): Iterable<[key: Uint8Array, value: Uint8Array]>;
  /** Applies the writes as one: after a crash all of them are there, or none. Durable on return. */
  commit(writes: readonly KeyValueWrite[]): void;
  /** As {@link commit}, but may share one flush with other writes; durable when the promise resolves. */
  commitSoon(writes: readonly KeyValueWrite[]): Promise<void>;
  close(): Promise<void>;
}
