import { readFileSync } from 'node:fs';
import { CairnError } from '@cairn/primitives';
import { beforeAll, describe, expect, it } from 'vitest';
import { readProgramJson } from './cairoProgram.ts';
import { readCairoPie } from './readCairoPie.ts';
import { readZip, writeZip } from './zipArchive.ts';

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

let archive: Uint8Array;
let files: Map<string, Uint8Array>;
beforeAll(async () => {
  archive = readFileSync(new URL('fixtures/mixed.pie.zip', import.meta.url));
  files = await readZip(archive);
});

const text = (name: string) => new TextDecoder().decode(files.get(name)!);
/** The archive with another text for a file. */
async function withFile(name: string, content: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return writeZip(new Map(files).set(name, bytes));
}
const codeOf = async (bytes: Uint8Array): Promise<string> => {
  try {
    await readCairoPie(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof CairnError) return error.code;
    throw error;
  }
};

describe('a malformed PIE is refused with a code', () => {
  /** Paths of all values in a JSON; of the program's data only the first words. */
  function* paths(value: Json, path: (string | number)[] = []): Generator<(string | number)[]> {
    if (path.length > 0) yield path;
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value))
      if (!(path.at(-1) === 'data' && Number(key) > 1)) yield* paths(part, [...path, key]);
  }
  const put = (value: Json, [key, ...rest]: (string | number)[], to: Json | undefined): Json => {
    const copy = structuredClone(value) as { [key: string]: Json };
    if (rest.length > 0) copy[key!] = put(copy[key!]!, rest, to);
    else if (to === undefined) delete copy[key!];
    else copy[key!] = to;
    return copy;
  };

  it('whatever stands in place of a value of its metadata', { timeout: 120_000 }, async () => {
    const metadata = readProgramJson(text('metadata.json')) as Json;
    const wrong: (Json | undefined)[] = [
      undefined,
      null,
      -1,
      1.5,
      1e300,
      'x',
      [],
      {},
      [[]],
      { index: -1, size: 0 },
    ];
    let refused = 0;
    for (const path of paths(metadata))
      for (const value of wrong) {
        const changed = JSON.stringify(put(metadata, path, value));
        const code = await codeOf(await withFile('metadata.json', changed));
        // An empty list of builtins or of extra segments is one, but does not fit the rest.
        expect(code, `${path.join('.')} = ${JSON.stringify(value)}`).toBe('INVALID_PIE');
        refused++;
      }
    expect(refused).toBeGreaterThan(400);
  });

  it.each([
    ['version.json', '{}'],
    ['version.json', '{"cairo_pie":"0.9"}'],
    ['version.json', 'null'],
    ['metadata.json', '{'],
    ['metadata.json', `${'['.repeat(100_000)}`],
    ['execution_resources.json', '[]'],
    ['execution_resources.json', '{"n_steps":-1,"n_memory_holes":0,"builtin_instance_counter":{}}'],
    ['execution_resources.json', '{"n_steps":1,"n_memory_holes":0,"builtin_instance_counter":{"abacus":1}}'],
    ['additional_data.json', '7'],
    ['additional_data.json', '{"output":1,"output_builtin":1}'],
    ['additional_data.json', '{"__proto__":1}'],
    ['memory.bin', ''],
    ['memory.bin', 'x'.repeat(40)],
    ['stray.json', '{}'],
  ])('%s: %.40s', async (name, content) => {
    expect(await codeOf(await withFile(name, content))).toBe('INVALID_PIE');
  });

  it.each([
    ['a cell behind its segment', 0, 2n ** 63n + 1_000_000n],
    ['a cell of a segment that is not there', 0, 2n ** 63n + (99n << 47n)],
    ['an address without mark', 0, 5n],
    ['a pointer to a segment that is not there', 8, undefined, 2n ** 255n + (99n << 47n)],
    ['a pointer too far into a segment', 8, undefined, 2n ** 255n + (1n << 47n) + 2n ** 40n],
    ['no felt', 8, undefined, 2n ** 252n],
    ['another word of the program', 8, undefined, 77n],
  ] as [string, number, bigint?, bigint?][])('memory has %s', async (_name, at, address, value) => {
    const memory = files.get('memory.bin')!.slice();
    const view = new DataView(memory.buffer);
    if (address !== undefined) view.setBigUint64(at, address, true);
    if (value !== undefined)
      for (let word = 0; word < 4; word++)
        view.setBigUint64(at + 8 * word, BigInt.asUintN(64, value >> BigInt(64 * word)), true);
    expect(await codeOf(await withFile('memory.bin', memory))).toBe('INVALID_PIE');
  });

  it('memory lacks any cell of the program or of the stack that main starts from', async () => {
    const memory = files.get('memory.bin')!;
    const { program } = await readCairoPie(archive);
    for (const cell of [0, program.data.length - 1, program.data.length, program.data.length + 6]) {
      const without = Uint8Array.of(...memory.subarray(0, 40 * cell), ...memory.subarray(40 * (cell + 1)));
      expect(await codeOf(await withFile('memory.bin', without)), `cell ${cell}`).toBe('INVALID_PIE');
    }
  });
});

describe('a hostile archive is refused', () => {
  it('whatever byte is changed', { timeout: 120_000 }, async () => {
    let read = 0;
    for (let at = 0; at < archive.length; at += 7) {
      const changed = Uint8Array.from(archive);
      changed[at]! ^= 1 << (at & 7);
      const code = await codeOf(changed);
      if (code === 'read') read++;
      else expect(['INVALID_ARCHIVE', 'INVALID_PIE']).toContain(code);
    }
    // Times, attributes, local headers and comments mean nothing here.
    expect(read).toBeLessThan(archive.length / 7 / 8);
  });

  it('however it is cut', async () => {
    for (let length = 0; length < archive.length; length += 97)
      expect(await codeOf(archive.subarray(0, length))).toBe('INVALID_ARCHIVE');
  });

  it('when it says that a file is longer than its bytes can hold, or that all are too long', async () => {
    const bomb = await writeZip(new Map([['memory.bin', new Uint8Array(2 ** 20)]]));
    const directory = bomb.length - 22 - 46 - 'memory.bin'.length;
    const announced = (size: number) => {
      const changed = bomb.slice();
      new DataView(changed.buffer).setUint32(directory + 24, size, true);
      return changed;
    };
    await expect(readZip(announced(2 ** 28))).rejects.toThrow(/longer than its packed bytes/);
    await expect(readZip(announced(2 ** 31))).rejects.toThrow(/expected at most 536870912/);
    await expect(readZip(announced(2 ** 19))).rejects.toThrow(/longer than announced/);
    await expect(readZip(bomb, 2 ** 20 - 1)).rejects.toThrow(/expected at most/);
    expect((await readZip(bomb, 2 ** 20)).get('memory.bin')!.length).toBe(2 ** 20);
  });

  it('when it has a file twice', async () => {
    const twice = await writeZip(new Map([...files, ['memory.bim', new Uint8Array(8)]]));
    const changed = Uint8Array.from(twice, (byte, i) =>
      byte === 'm'.charCodeAt(0) && new TextDecoder().decode(twice.subarray(i - 9, i + 1)) === 'memory.bim'
        ? 'n'.charCodeAt(0)
        : byte,
    );
    expect(await codeOf(changed)).toBe('INVALID_ARCHIVE');
    await expect(readCairoPie(changed)).rejects.toThrow(/twice/);
  });
});
