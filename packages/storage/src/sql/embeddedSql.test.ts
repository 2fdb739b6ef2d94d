import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountSmallDisk } from '../testing/smallDisk.ts';
import { openEmbeddedSql } from './embeddedSql.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cairn-sql-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('keeps what was committed', async () => {
  const first = await openEmbeddedSql(join(directory, 'new', 'folder'));
  await first.query('create table value (id integer)');
  await first.query('insert into value values (1)');
  await first.close();
  await first.close();
  const second = await openEmbeddedSql(join(directory, 'new', 'folder'));
  expect(await second.query('select id from value')).toEqual([{ id: 1 }]);
  await second.close();
  expect(readdirSync(join(directory, 'new', 'folder'))).toEqual(['data']);
});

it('refuses a directory this process has open', async () => {
  const database = await openEmbeddedSql(directory);
  await expect(openEmbeddedSql(directory)).rejects.toMatchObject({
    code: 'STORAGE_IN_USE',
    details: { pid: process.pid },
  });
  await database.query('select 1');
  await database.close();
});

it('starts over from a template that was half unpacked', async () => {
  mkdirSync(join(directory, 'data.new'));
  writeFileSync(join(directory, 'data.new', 'PG_VERSION'), '18\n');
  const database = await openEmbeddedSql(directory);
  await database.query('select 1');
  await database.close();
  expect(existsSync(join(directory, 'data.new'))).toBe(false);
});

it('refuses the data of another version of PostgreSQL', async () => {
  mkdirSync(join(directory, 'data'));
  writeFileSync(join(directory, 'data', 'PG_VERSION'), '17\n');
  await expect(openEmbeddedSql(directory)).rejects.toMatchObject({ code: 'STORAGE_VERSION' });
  expect(readdirSync(directory)).toEqual(['data']);
});

it('says so when the directory cannot be made', async () => {
  writeFileSync(join(directory, 'file'), '');
  await expect(openEmbeddedSql(join(directory, 'file'))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  });
});

it('ignores the claims of processes that are gone, honours those of other machines that beat', async () => {
  const own = encodeURIComponent(hostname()).replaceAll('-', '%2D');
  writeFileSync(join(directory, `in-use-by-${own}-${process.pid}-1`), '');
  writeFileSync(join(directory, `in-use-by-${own}-999999999-1`), '');
  const foreign = join(directory, 'in-use-by-elsewhere-7-1');
  writeFileSync(foreign, '');
  await expect(openEmbeddedSql(directory)).rejects.toMatchObject({
    code: 'STORAGE_IN_USE',
    details: { machine: 'elsewhere' },
  });
  utimesSync(foreign, new Date(0), new Date(0));
  const database = await openEmbeddedSql(directory);
  await database.close();
  expect(readdirSync(directory)).toEqual(['data']);
});

describe('with another process', () => {
  let child: ChildProcess;
  let program: string;

  beforeEach(async () => {
    program = await bundleOpener();
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  it('refuses its directory; once it is killed, finds all it committed', async () => {
    // The child counts up for ever and tells each number after the statement that stored it.
    const script = `
      const { openEmbeddedSql } = await import(${JSON.stringify(program)});
      const database = await openEmbeddedSql(${JSON.stringify(join(directory, 'database'))});
      await database.query('create table counter (id integer primary key)');
      for (let id = 1; ; id++) {
        await database.query('insert into counter values ($1)', [id]);
        process.stdout.write(id + '\\n');
      }`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
      child.stdout!.on('data', (chunk) => {
        told += chunk;
        if (told.split('\n').length > 200) resolve();
      });
    });

    await expect(openEmbeddedSql(join(directory, 'database'))).rejects.toMatchObject({
      code: 'STORAGE_IN_USE',
      details: { pid: child.pid },
    });

    const ended = new Promise((resolve) => child.stdout!.once('close', resolve));
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await ended;
    const lastTold = Number(told.trimEnd().split('\n').at(-1));
    const database = await openEmbeddedSql(join(directory, 'database'));
    const [row] = await database.query<{ rows: number; last: number }>(
      'select count(*) as rows, max(id)::bigint as last from counter',
    );
    await database.close();
    expect(row!.last).toBeGreaterThanOrEqual(lastTold);
    expect(row!.rows).toBe(row!.last);
  });

  /** The opener as one program that plain Node runs. */
  async function bundleOpener(): Promise<string> {
    const pglite = import.meta.resolve('@electric-sql/pglite');
    const bundle = await rolldown({
      input: fileURLToPath(new URL('./embeddedSql.ts', import.meta.url)),
      platform: 'node',
      resolve: { conditionNames: ['source', 'import', 'default'] },
      external: [/^node:/, pglite],
      plugins: [
        {
          name: 'external-pglite',
          resolveId: (id) =>
            id === '@electric-sql/pglite' ? { id: pglite, external: 'absolute' } : undefined,
        },
      ],
    });
    const { output } = await bundle.write({ dir: join(directory, 'program'), entryFileNames: '[name].mjs' });
    await bundle.close();
    return pathToFileURL(join(directory, 'program', output[0].fileName)).href;
  }
});

it('keeps its log of writes short', async () => {
  const database = await openEmbeddedSql(directory);
  await database.query('create table value (id integer, body text)');
  await database.query('insert into value values (1, $1)', ['']);
  for (let count = 0; count < 2_500; count++) {
    await database.query('update value set body = $1', [`${count}`.repeat(200)]);
  }
  const log = readdirSync(join(directory, 'data', 'pg_wal')).filter((name) => name.length === 24);
  await database.close();
  // 2,500 times 800 bytes and more were written in segments of 1 MB.
  expect(log.length).toBeLessThanOrEqual(2);
});

it('says so when the disk is full, and has all it committed once there is room', async ({ skip }) => {
  const path = join(directory, 'disk');
  const disk = mountSmallDisk(path, '14m');
  if (disk === undefined) return skip('a small file system cannot be mounted here (needs root on Linux)');
  try {
    const database = await openEmbeddedSql(path);
    await database.query('create table value (id integer, body text)');
    let committed = 0;
    const fill = async () => {
      for (;;) {
        await database.query('insert into value select $1, md5(i::text) from generate_series(1, 2000) i', [
          committed + 1,
        ]);
        committed += 1;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'DISK_FULL' });
    await database.close();
    // Whether a start needs room depends on where the writing stopped.
    await openEmbeddedSql(path).then(
      (opened) => opened.close(),
      (error) => expect(error).toMatchObject({ code: 'DISK_FULL' }),
    );
    disk.resize('60m');
    const again = await openEmbeddedSql(path);
    const batches = await again.query<{ id: number; rows: number }>(
      'select id, count(*) as rows from value group by id order by id',
    );
    await again.close();
    expect(committed).toBeGreaterThan(0);
    // The statement that found the disk full may have been stored or not, but not in part.
    expect(batches.length - committed).toBeOneOf([0, 1]);
    expect(batches.every((batch, index) => batch.id === index + 1 && batch.rows === 2000)).toBe(true);
  } finally {
    disk.unmount();
  }
});
