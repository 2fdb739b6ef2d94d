import type { Felt } from '@cairn/primitives';
import type { Syscall } from './syscall.ts';

/** Reads a storage cell of the calling contract. */
export const storageRead: Syscall<Felt> = {
  name: 'StorageRead',
  read: (reader) => reader.storageKey(),
  run: (key, { context, call }) => [context.state.storageAt(call.contractAddress, key)],
};

/** Writes a storage cell of the calling contract. */
export const storageWrite: Syscall<{ key: Felt; value: Felt }> = {
  name: 'StorageWrite',
  read: (reader) => ({ key: reader.storageKey(), value: reader.felt() }),
  run: ({ key, value }, { context, call }) => {
    context.state.setStorage(call.contractAddress, key, value);
    return [];
  },
};
