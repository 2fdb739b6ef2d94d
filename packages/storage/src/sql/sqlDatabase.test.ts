import { hasCode } from '@cairn/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, startPostgres, type TestPostgres } from '../testing/postgresServer.ts';
import { openEmbeddedSql } from './embeddedSql.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgresSql.ts';
import type { SqlDatabase } from './sqlDatabase.ts';

const folder = findPostgres();
if (folder === undefined) console.log('skipped: SQL on a PostgreSQL server (no initdb and postgres found)');

let server: TestPostgres;

describe.each([
  { name: 'PGlite', isServer: false },
  ...(folder === undefined ? [] : [{ name: 'PostgreSQL', isServer: true }]),
])('$name', ({ isServer }) => {
  let database: SqlDatabase;

  beforeAll(async () => {
    if (isServer) server = await startPostgres(folder!);
    database = isServer
      ? await openPostgres(await server.createDatabase())
      : await openEmbeddedSql(undefined);
    await database.query('create table value (id integer primary key, big bigint, body jsonb, flag boolean)');
  }, 60_000);

  afterAll(async () => {
    await database?.close();
    if (isServer) await server.stop();
  });

  it('gives back what was bound', async () => {
    await database.query('insert into value values ($1, $2, $3::text::jsonb, $4)', [
      1,
      Number.MAX_SAFE_INTEGER,
      JSON.stringify({ a: ['ß', 1, null] }),
      true,
    ]);
    await database.query('insert into value values ($1, $2, $3::text::jsonb, $4)', [2, null, null, false]);
    expect(await database.query('select * from value order by id')).toEqual([
      { id: 1, big: Number.MAX_SAFE_INTEGER, body: { a: ['ß', 1, null] }, flag: true },
      { id: 2, big: null, body: null, flag: false },
    ]);
    expect(await database.query('select count(*) as rows from value')).toEqual([{ rows: 2 }]);
  });

  it('refuses a bigint that no number can hold', async () => {
    await expect(database.query('select 9007199254740993::bigint as big')).rejects.toSatisfy((error) =>
      hasCode(error, 'STORAGE_CORRUPT'),
    );
  });

  it('tells why the database refused a statement', async () => {
    await expect(database.query('select * from nothing')).rejects.toMatchObject({
      code: 'SQL_FAILED',
      details: { sqlState: '42P01' },
    });
    await expect(database.query('insert into value (id) values (7), (7)')).rejects.toMatchObject({
      code: 'SQL_FAILED',
      details: { sqlState: '23505' },
    });
  });

  it('rolls back a transaction that throws, and passes the error on', async () => {
    const failure = new RangeError('of the body');
    const attempt = database.transaction(async (session) => {
      await session.query('insert into value (id) values (50)');
      throw failure;
    });
    await expect(attempt).rejects.toBe(failure);
    expect(await database.query('select 1 from value where id = 50')).toEqual([]);

    const broken = database.transaction(async (session) => {
      await session.query('insert into value (id) values (51)');
      await session.query('select * from nothing');
    });
    await expect(broken).rejects.toMatchObject({ code: 'SQL_FAILED' });
    expect(await database.query('select 1 from value where id = 51')).toEqual([]);
  });

  it('returns what the body of a transaction returns', async () => {
    const rows = await database.transaction((session) => session.query('select 3 as three'));
    expect(rows).toEqual([{ three: 3 }]);
  });

  it('applies each migration once, however many call at the same time', async () => {
    const migrations = [
      { number: 1, statements: ['create table fruit (name text)', "insert into fruit values ('apple')"] },
      { number: 2, statements: ["insert into fruit values ('pear')"] },
    ];
    await migrate(database, 'fruit', migrations.slice(0, 1));
    await Promise.all(Array.from({ length: 4 }, () => migrate(database, 'fruit', migrations)));
    expect(await database.query('select name from fruit order by name')).toEqual([
      { name: 'apple' },
      { name: 'pear' },
    ]);
    await expect(migrate(database, 'fruit', migrations.slice(0, 1))).rejects.toMatchObject({
      code: 'STORAGE_VERSION',
    });
    await migrate(database, 'stone', [{ number: 1, statements: ['create table stone (name text)'] }]);
  });

  it('applies a migration wholly or not at all', async () => {
    const statements = ['create table half (name text)', 'select * from nothing'];
    await expect(migrate(database, 'half', [{ number: 1, statements }])).rejects.toMatchObject({
      code: 'SQL_FAILED',
    });
    await migrate(database, 'half', [{ number: 1, statements: statements.slice(0, 1) }]);
  });

  it.runIf(isServer)('says so when the server cannot be reached', async () => {
    await expect(openPostgres('postgres://user:secret@127.0.0.1:1/none')).rejects.toSatisfy(
      (error) => hasCode(error, 'STORAGE_UNAVAILABLE') && !error.message.includes('secret'),
    );
    const url = await server.createDatabase();
    await expect(openPostgres(`${url}_missing`)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});
