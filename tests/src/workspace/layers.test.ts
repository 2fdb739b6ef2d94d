import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readJson = (path: string): any => JSON.parse(read(path));

interface Row {
  layer: number;
  folder: string;
  imports: string[];
}

/** Rows `| layer | `folder` | purpose | imports |` of ARCHITECTURE.md. */
const table: Row[] = read('ARCHITECTURE.md')
  .split('\n')
  .map((line) => /^\|\s*(\d+)\s*\|\s*`([^`]+)`\s*\|[^|]*\|([^|]*)\|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, layer, folder, imports]) => ({
    layer: Number(layer),
    folder: folder!.startsWith('apps/') ? folder! : `packages/${folder}`,
    imports: [...imports!.matchAll(/`([^`]+)`/g)].map((m) => m[1]!),
  }));
const layerOf = new Map(table.map(({ folder, layer }) => [folder, layer]));

/** The first layer that may touch the machine. */
const FIRST_IMPURE_LAYER = 5;

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('the package table of ARCHITECTURE.md', () => {
  it('lists exactly the packages and apps there are', () => {
    const folders = ['packages', 'apps'].flatMap((parent) =>
      readdirSync(join(ROOT, parent))
        .filter((name) => existsSync(join(ROOT, parent, name, 'package.json')))
        .map((name) => `${parent}/${name}`),
    );
    expect(table.map((row) => row.folder).sort()).toEqual(folders.sort());
  });

  it.each(table)('$folder: manifest, project references and table agree, and imports only go down', (row) => {
    const manifest = readJson(`${row.folder}/package.json`);
    const own = Object.keys(manifest.dependencies ?? {})
      .filter((name) => name.startsWith('@cairn/'))
      .map((name) => name.slice('@cairn/'.length));
    expect(own.sort()).toEqual([...row.imports].sort());
    const references = (readJson(`${row.folder}/tsconfig.json`).references ?? []).map((r: { path: string }) =>
      r.path.split('/').at(-1),
    );
    expect(references.sort()).toEqual([...row.imports].sort());
    for (const name of own) expect(layerOf.get(`packages/${name}`)).toBeLessThan(row.layer);
  });

  it('packages below the purity line name no Node module and no clock or chance', () => {
    const offences = table
      .filter((row) => row.layer < FIRST_IMPURE_LAYER)
      .flatMap((row) => sources(`${row.folder}/src`))
      // Benchmarks measure, and the worker pool of the prover hands out threads.
      .filter((path) => !/\/(bench|testing|nodePool)\//.test(path))
      .filter((path) =>
        /from 'node:|Date\.now|Math\.random|process\.|Buffer\./.test(stripComments(read(path))),
      );
    expect(offences).toEqual([]);
  });

  it('no package throws an error without a code', () => {
    const offences = table
      .flatMap((row) => sources(`${row.folder}/src`))
      .filter((path) => !/\/(bench|testing)\//.test(path))
      .filter((path) => /throw new Error\(/.test(stripComments(read(path))));
    expect(offences).toEqual([]);
  });

  it('libraries with side effects are imported in one folder each', () => {
    const homes: [RegExp, string][] = [
      [/from 'lmdb'/, 'packages/storage/src/kv/'],
      [/from 'ws'/, 'packages/rpc/src/server/'],
      [/from 'node:http'/, 'packages/rpc/src/server/'],
      [/from 'commander'/, 'apps/cairn/src/'],
      [/from 'smol-toml'/, 'packages/runtime/src/'],
    ];
    const all = table.flatMap((row) => sources(`${row.folder}/src`));
    for (const [pattern, home] of homes) {
      expect(all.filter((path) => pattern.test(read(path)) && !path.startsWith(home))).toEqual([]);
    }
  });
});

function stripComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
