import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mountSmallDisk } from '../testing/smallDisk.ts';
import { FileBlobs } from './fileBlobs.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cairn-blobs-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('notices a file that was changed, and mends it when the bytes are put again', async () => {
  const blobs = new FileBlobs(directory);
  const bytes = new Uint8Array(1000).fill(7);
  const hash = await blobs.put(bytes);
  const path = join(directory, hash.slice(0, 2), hash);
  for (const spoil of [
    () => truncateSync(path, 999),
    () => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(1), Buffer.from([8])])),
    () => truncateSync(path, 0),
  ]) {
    spoil();
    await expect(blobs.get(hash)).rejects.toMatchObject({ code: 'BLOB_CORRUPT', details: { hash } });
    await blobs.put(bytes);
    expect(await blobs.get(hash)).toHaveLength(1000);
  }
  expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
});

it('clears away what a killed process left half written', async () => {
  mkdirSync(join(directory, 'incoming'));
  writeFileSync(join(directory, 'incoming', 'old'), 'half');
  writeFileSync(join(directory, 'incoming', 'new'), 'half');
  utimesSync(join(directory, 'incoming', 'old'), new Date(0), new Date(0));
  await new FileBlobs(directory).put(new Uint8Array([1]));
  expect(readdirSync(join(directory, 'incoming'))).toEqual(['new']);
});

it('refuses a name that is no hash', async () => {
  await expect(new FileBlobs(directory).get('../../etc/passwd')).rejects.toMatchObject({ code: 'INTERNAL' });
});

it('says so when the directory cannot be used', async () => {
  writeFileSync(join(directory, 'file'), '');
  await expect(new FileBlobs(join(directory, 'file')).put(new Uint8Array(1))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  });
});

it('says so when the disk is full, and leaves nothing behind', async ({ skip }) => {
  const path = join(directory, 'disk');
  const disk = mountSmallDisk(path, '256k');
  if (disk === undefined) return skip('a small file system cannot be mounted here (needs root on Linux)');
  try {
    const blobs = new FileBlobs(path);
    const small = await blobs.put(new Uint8Array(50_000));
    await expect(blobs.put(new Uint8Array(500_000))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(readdirSync(join(path, 'incoming'))).toEqual([]);
    expect(await blobs.get(small)).toHaveLength(50_000);
    await blobs.put(new Uint8Array(60_000));
  } finally {
    disk.unmount();
  }
});
