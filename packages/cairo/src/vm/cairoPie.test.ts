import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cairoPie, writeCairoPie } from './cairoPie.ts';
import { parseCairoProgram, readProgramJson } from './cairoProgram.ts';
import { readCairoPie } from './readCairoPie.ts';
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
      const bytes = await writeCairoPie(pie);
      const read = await readCairoPie(bytes);
      expect({ ...read, additionalData: {} }).toEqual({ ...pie, additionalData: {} });
      expect((await writeCairoPie(read)).length).toBeGreaterThan(1000);
      expect(pie.executionSegment.index).toBe(1);
      expect(Object.keys(read.additionalData)).toEqual(pie.program.builtins);
    });

  it('are refused when files are missing, damaged or lie', async () => {
    const pie = pieOf('collections');
    const bytes = await writeCairoPie(pie);
    await expect(readCairoPie(bytes.subarray(0, 500))).rejects.toThrow(/zip archive/);
    const files = await readZip(bytes);
    for (const name of [
      'version.json',
      'metadata.json',
      'additional_data.json',
      'execution_resources.json',
    ]) {
      const fewer = new Map([...files].filter(([key]) => key !== name));
      await expect(readCairoPie(await writeZip(fewer)), name).rejects.toThrow(/missing/);
    }
    const change = async (part: object) => readCairoPie(await writeCairoPie({ ...pie, ...part }));
    await expect(change({ returnFpSegment: { index: 9, size: 0 } })).rejects.toThrow(/out of order/);
    await expect(change({ program: { ...pie.program, main: 10_000 } })).rejects.toThrow(/main/);
    const stray = { address: { segment: 0, offset: 100_000 }, value: 1n };
    await expect(change({ memory: [...pie.memory, stray] })).rejects.toThrow(/lies in no segment/);
    const cut = new Map(files).set('memory.bin', files.get('memory.bin')!.subarray(1));
    await expect(readCairoPie(await writeZip(cut))).rejects.toThrow(/memory.bin has/);
    const damaged = bytes.slice();
    damaged[200]! ^= 1;
    await expect(readCairoPie(damaged)).rejects.toThrow(/damaged|inflated/);
  });
});
