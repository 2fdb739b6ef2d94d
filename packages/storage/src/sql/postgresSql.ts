import type { ParameterOrJSON } from 'postgres';
import {
  BIGINT_OID,
  parseSqlBigint,
  type SqlDatabase,
  type SqlSession,
  type SqlValue,
} from './sqlDatabase.ts';
import { inTransaction, sqlError } from './sqlError.ts';

/** The part of the driver a statement needs; a connection pool and a transaction both have it. */
interface Runner {
  unsafe(text: string, parameters: ParameterOrJSON<never>[]): Promise<Iterable<unknown>>;
}

/**
 * Opens a database on a PostgreSQL server (15 or later). Lost connections are opened again by themselves.
 * @param url `postgres://user:password@host:port/database`
 * @throws CairnError `STORAGE_UNAVAILABLE` when the server does not answer within 10 s or refuses the login
 */
export async function openPostgres(url: string): Promise<SqlDatabase> {
  const { default: postgres } = await import('postgres');
  const where = placeOf(url);
  const pool = openPool();
  const database: SqlDatabase = {
    ...sessionOf(pool, where),
    transaction: (body) =>
      inTransaction(where, (run) => pool.begin((connection) => run(sessionOf(connection, where))), body),
    close: () => pool.end({ timeout: 5 }),
  };
  try {
    await database.query('select 1');
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;

  function openPool() {
    try {
      return postgres(url, {
        max: 10,
        connect_timeout: 10,
        fetch_types: false,
        onnotice: () => {},
        types: { bigint: { to: BIGINT_OID, from: [BIGINT_OID], serialize: String, parse: parseSqlBigint } },
      });
    } catch (cause) {
      throw sqlError(cause, where);
    }
  }
}

function sessionOf(runner: Runner, where: string): SqlSession {
  return {
    async query<T>(text: string, parameters: readonly SqlValue[] = []): Promise<T[]> {
      try {
        return Array.from(await runner.unsafe(text, [...parameters])) as T[];
      } catch (cause) {
        throw sqlError(cause, where);
      }
    },
  };
}

/** Host and database of an address, for messages. */
function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `PostgreSQL ${host}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}
