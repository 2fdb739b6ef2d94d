export { ChainStore, type StoredBlock, type StoredClass, type TransactionPlace } from './chain/chainStore.ts';
export { EventProbe, type WantedEvents } from './chain/eventFilter.ts';
export type { StorageErrorCode } from './errors.ts';
export type { KeyValueEngine, KeyValueWrite } from './kv/keyValueEngine.ts';
export { LmdbEngine } from './kv/lmdbEngine.ts';
export { MemoryEngine } from './kv/memoryEngine.ts';
export { decodeRecord, encodeRecord } from './recordCodec.ts';
