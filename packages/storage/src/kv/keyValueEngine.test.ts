import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyValueEngine } from './keyValueEngine.ts';
import { LmdbEngine } from './lmdbEngine.ts';
import { MemoryEngine } from './memoryEngine.ts';

const key = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes);

const laws = (make: () => KeyValueEngine): void => {
  it('reads back what was committed, in key order, and forgets what was deleted', async () => {
    const engine = make();
    engine.commit([
      { table: 'a', key: key(2), value: key(20) },
      { table: 'a', key: key(1, 255), value: key(10) },
      { table: 'b', key: key(2), value: key(99) },
    ]);
    await engine.commitSoon([{ table: 'a', key: key(3), value: key(30) }]);
    engine.commit([{ table: 'a', key: key(2), value: undefined }]);
    expect(engine.get('a', key(2))).toBeUndefined();
    expect([...engine.get('b', key(2))!]).toEqual([99]);
    expect([...engine.entries('a')].map(([k, v]) => [[...k], [...v]])).toEqual([
      [[1, 255], [10]],
      [[3], [30]],
    ]);
    await engine.close();
  });
};

describe('memory engine', () => laws(() => new MemoryEngine()));

describe('LMDB engine', () => {
  const path = mkdtempSync(join(tmpdir(), 'cairn-lmdb-'));
  laws(() => new LmdbEngine(path));

  it('keeps its tables when opened again', async () => {
    const engine = new LmdbEngine(path);
    expect([...engine.get('b', key(2))!]).toEqual([99]);
    await engine.close();
    rmSync(path, { recursive: true });
  });

  it('refuses a folder it cannot make with a coded error', () => {
    expect(() => new LmdbEngine('/etc/passwd/chain')).toThrow(/cannot open the database/);
  });
});
