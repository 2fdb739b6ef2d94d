import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cairoPie, readCairoPie, writeCairoPie } from './cairoPie.ts';
import { parseCairoProgram, readProgramJson } from './cairoProgram.ts';
import { runProgram } from './runProgram.ts';
import { zeroHintRegistry } from './zeroHints/zeroHintRegistry.ts';
import { readZip, writeZip } from './zipArchive.ts';

function pieOf(name: string) {
  const url = new URL(`../../fixtures/zero/${name}.json`, import.meta.url);
  const json = readProgramJson(readFileSync(url, 'utf8')) as Parameters<typeof zeroHintRegistry>[0];
  const program = parseCairoProgram(json);
  return cairoPie(program, runProgram({ program, hints: zeroHintRegistry(json), maxSteps: 100_000 }));
}

describe('Cairo PIEs', () => {
  for (const name of ['collections', 'hashes', 'signatures'])
    it(`of ${name} come back as they were written`, async () => {
      const pie = pieOf(name);
      const bytes = writeCairoPie(pie);
      const read = await readCairoPie(bytes);
      expect({ ...read, additionalData: {} }).toEqual({ ...pie, additionalData: {} });
      expect(writeCairoPie(read).length).toBeGreaterThan(1000);
      expect(pie.executionSegment.index).toBe(1);
      expect(Object.keys(read.additionalData)).toEqual(pie.program.builtins);
    });

  it('are read when compressed, as other writers make them', async () => {
    const files = await readZip(writeCairoPie(pieOf('collections')));
    const archive = deflated(files);
    expect(await readZip(archive)).toEqual(files);
    expect((await readCairoPie(archive)).program.main).toBe(pieOf('collections').program.main);
  });

  it('are refused when files are missing, damaged or lie', async () => {
    const pie = pieOf('collections');
    const bytes = writeCairoPie(pie);
    await expect(readCairoPie(bytes.subarray(0, 500))).rejects.toThrow(/zip archive/);
    const files = await readZip(bytes);
    for (const name of [
      'version.json',
      'metadata.json',
      'additional_data.json',
      'execution_resources.json',
    ]) {
      const fewer = new Map([...files].filter(([key]) => key !== name));
      await expect(readCairoPie(writeZip(fewer)), name).rejects.toThrow(/missing/);
    }
    const change = (part: object) => readCairoPie(writeCairoPie({ ...pie, ...part }));
    await expect(change({ returnFpSegment: { index: 9, size: 0 } })).rejects.toThrow(/out of order/);
    await expect(change({ program: { ...pie.program, main: 10_000 } })).rejects.toThrow(/main/);
    const stray = { address: { segment: 0, offset: 100_000 }, value: 1n };
    await expect(change({ memory: [...pie.memory, stray] })).rejects.toThrow(/lies in no segment/);
    const cut = new Map(files).set('memory.bin', files.get('memory.bin')!.subarray(1));
    await expect(readCairoPie(writeZip(cut))).rejects.toThrow(/memory.bin has/);
    const damaged = bytes.slice();
    damaged[200]! ^= 1;
    await expect(readCairoPie(damaged)).rejects.toThrow(/damaged/);
  });
});

/** The archive of {@link writeZip} with deflated contents. */
function deflated(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const packed = new Map(
    [...files].map(([name, content]) => [name, new Uint8Array(deflateRawSync(content))]),
  );
  const archive = writeZip(packed);
  const view = new DataView(archive.buffer);
  const plain = writeZip(files);
  const plainView = new DataView(plain.buffer);
  // Directories have the same shape: method 8, and CRC and size of what was packed.
  let at = view.getUint32(archive.length - 6, true);
  let plainAt = plainView.getUint32(plain.length - 6, true);
  for (const name of files.keys()) {
    view.setUint16(at + 10, 8, true);
    for (const field of [16, 24])
      view.setUint32(at + field, plainView.getUint32(plainAt + field, true), true);
    at += 46 + name.length;
    plainAt += 46 + name.length;
  }
  return archive;
}
