import { bytesToHex, hexToBytes } from '@cairn/primitives';
import type { KeyValueEngine, KeyValueWrite } from './keyValueEngine.ts';

/** Tables in memory: gone with the process. */
export class MemoryEngine implements KeyValueEngine {
  readonly #tables = new Map<string, Map<string, Uint8Array>>();

  get(table: string, key: Uint8Array): Uint8Array | undefined {
    return this.#tables.get(table)?.get(bytesToHex(key));
  }

  *entries(table: string): Iterable<[Uint8Array, Uint8Array]> {
    const sorted = [...(this.#tables.get(table) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, value] of sorted) yield [hexToBytes(key), value];
  }

  commit(writes: readonly KeyValueWrite[]): void {
    for (const { table, key, value } of writes) {
      let entries = this.#tables.get(table);
      if (!entries) this.#tables.set(table, (entries = new Map()));
      if (value === undefined) entries.delete(bytesToHex(key));
      else entries.set(bytesToHex(key), value);
    }
  }

  async commitSoon(writes: readonly KeyValueWrite[]): Promise<void> {
    this.commit(writes);
  }

  async close(): Promise<void> {}
}
