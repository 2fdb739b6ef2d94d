import { CairnError } from '@cairn/primitives';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { StorageErrorCode } from '../errors.ts';
import type { KeyValueEngine, KeyValueWrite } from './keyValueEngine.ts';

type Table = Database<Buffer, Buffer>;

/** Tables in an LMDB environment in a folder of their own. */
export class LmdbEngine implements KeyValueEngine {
  readonly #root: RootDatabase;
  readonly #tables = new Map<string, Table>();

  /** @throws CairnError `STORAGE_UNAVAILABLE` when the folder cannot be opened. */
  constructor(path: string) {
    try {
      this.#root = open({ path, maxDbs: 32, keyEncoding: 'binary', encoding: 'binary', noSubdir: false });
    } catch (cause) {
      throw new CairnError<StorageErrorCode>('STORAGE_UNAVAILABLE', `cannot open the database in ${path}`, {
        cause,
        fix: 'check that the folder is writable and that no other process uses it',
      });
    }
  }

  get(table: string, key: Uint8Array): Uint8Array | undefined {
    return this.#table(table).get(key as Buffer);
  }

  *entries(table: string): Iterable<[Uint8Array, Uint8Array]> {
    for (const { key, value } of this.#table(table).getRange()) yield [key, value];
  }

  commit(writes: readonly KeyValueWrite[]): void {
    // Tables are opened before the transaction: opening one writes, too.
    for (const { table } of writes) this.#table(table);
    this.#root.transactionSync(() => {
      for (const { table, key, value } of writes) {
        if (value === undefined) this.#table(table).removeSync(key as Buffer);
        else this.#table(table).putSync(key as Buffer, value as Buffer);
      }
    });
  }

  async commitSoon(writes: readonly KeyValueWrite[]): Promise<void> {
    for (const { table } of writes) this.#table(table);
    await this.#root.batch(() => {
      for (const { table, key, value } of writes) {
        if (value === undefined) void this.#table(table).remove(key as Buffer);
        else void this.#table(table).put(key as Buffer, value as Buffer);
      }
    });
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #table(name: string): Table {
    let table = this.#tables.get(name);
    if (!table) {
      table = this.#root.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary' });
      this.#tables.set(name, table);
    }
    return table;
  }
}
