import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';
import type { SqlDatabase } from './sqlDatabase.ts';

/** A change of the tables, applied once and never edited after a release. */
export interface Migration {
  /** 1, 2, 3, … without a gap. */
  number: number;
  statements: readonly string[];
}

/** Any number will do, as long as every version of Cairn uses this one. */
const ADVISORY_LOCK = 7_126_044_318;

/**
 * Applies, in one transaction, the migrations a database lacks. Several processes may call it at once: one applies
 * them while the others wait.
 * @param owner whose tables they are; several owners share one database
 * @throws CairnError `STORAGE_VERSION` when the database has migrations this program does not know
 */
export async function migrate(
  database: SqlDatabase,
  owner: string,
  migrations: readonly Migration[],
): Promise<void> {
  await database.transaction(async (session) => {
    await session.query('select pg_advisory_xact_lock($1::bigint)', [ADVISORY_LOCK]);
    await session.query(
      'create table if not exists migration (owner text, number integer, primary key (owner, number))',
    );
    const [row] = await session.query<{ done: number }>(
      'select coalesce(max(number), 0) as done from migration where owner = $1',
      [owner],
    );
    const done = row!.done;
    if (done > migrations.length) {
      throw new CairnError<StorageErrorCode>(
        'STORAGE_VERSION',
        `the ${owner} tables have version ${done}, this program knows up to ${migrations.length}`,
        { details: { owner, done }, fix: 'use the newer program, or another database' },
      );
    }
    for (const { number, statements } of migrations.slice(done)) {
      for (const statement of statements) await session.query(statement);
      await session.query('insert into migration (owner, number) values ($1, $2)', [owner, number]);
    }
  });
}
