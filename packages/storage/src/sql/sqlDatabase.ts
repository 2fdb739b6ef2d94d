import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';

/** A value bound to `$1`, `$2`, … JSON is bound as text and cast: `$1::text::jsonb`. */
export type SqlValue = string | number | boolean | null;

/** Where statements run: a database, or one transaction of it. */
export interface SqlSession {
  /**
   * Runs one statement and returns its rows. A `bigint` comes back as a number, `jsonb` as what it holds.
   * @throws CairnError `SQL_FAILED` when the database refuses the statement (details: `sqlState`), `DISK_FULL`,
   * `STORAGE_UNAVAILABLE` when it cannot be reached, `STORAGE_CORRUPT` for a `bigint` no number can hold.
   */
  query<T>(text: string, parameters?: readonly SqlValue[]): Promise<T[]>;
}

/** A PostgreSQL database, embedded or on a server; the same SQL for both. */
export interface SqlDatabase extends SqlSession {
  /**
   * Runs `body` in one transaction: committed when it returns, rolled back when it throws. Inside, use the given
   * session only: the embedded database has one connection and would wait for itself.
   */
  transaction<T>(body: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Type number of `bigint` in PostgreSQL's catalogue (`pg_type`). */
export const BIGINT_OID = 20;

/** Reads the text of a `bigint`. */
export function parseSqlBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new CairnError<StorageErrorCode>(
      'STORAGE_CORRUPT',
      `a column holds ${text}, which no number can hold exactly`,
    );
  }
  return value;
}
