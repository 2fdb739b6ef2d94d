import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { CairnError } from '@cairn/primitives';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { StorageErrorCode } from '../errors.ts';
import { claimDirectory } from './directoryClaim.ts';
import {
  BIGINT_OID,
  parseSqlBigint,
  type SqlDatabase,
  type SqlSession,
  type SqlValue,
} from './sqlDatabase.ts';
import { inTransaction, sqlError } from './sqlError.ts';
import { tarFiles } from './tarFiles.ts';

/**
 * Statements between two checkpoints and between two vacuums. PGlite has no background processes: its log of writes
 * and the space of replaced rows would grow without end.
 */
const CHECKPOINT_EVERY = 2_000;
const VACUUM_EVERY = 40_000;

/**
 * Opens PGlite, PostgreSQL compiled to WebAssembly, in this process; it lives in memory when no directory is given.
 * What is committed survives the end of the process, however it ends. PGlite never calls `fsync`, so a power cut
 * may lose or break it: keep here only what can be worked out again from the chain.
 *
 * PERF: 0.5 s and about 200 MB of memory, most of it WebAssembly code.
 * @throws CairnError `STORAGE_IN_USE` when another process has the directory open, `STORAGE_VERSION` when it is of
 * another version of PostgreSQL, `DISK_FULL`, `STORAGE_UNAVAILABLE` when it cannot be opened
 */
export async function openEmbeddedSql(directory: string | undefined): Promise<SqlDatabase> {
  const where = directory === undefined ? 'PGlite' : `PGlite in ${directory}`;
  if (directory === undefined) {
    return new EmbeddedSql(
      await start({ loadDataDir: new Blob([await template()]) }, where),
      where,
      undefined,
    );
  }
  let release: (() => Promise<void>) | undefined;
  try {
    await mkdir(directory, { recursive: true });
    release = await claimDirectory(directory);
    const data = join(directory, 'data');
    if (!existsSync(data)) await unpackTemplate(data);
    await checkVersion(data);
    return new EmbeddedSql(await start({ dataDir: data }, where), where, release);
  } catch (cause) {
    await release?.();
    throw openError(cause, where);
  }
}

class EmbeddedSql implements SqlDatabase {
  readonly #pglite: PGlite;
  readonly #where: string;
  readonly #release: (() => Promise<void>) | undefined;
  #statementCount = 0;
  #tidiedAt = 0;

  constructor(pglite: PGlite, where: string, release: (() => Promise<void>) | undefined) {
    this.#pglite = pglite;
    this.#where = where;
    this.#release = release;
  }

  async query<T>(text: string, parameters: readonly SqlValue[] = []): Promise<T[]> {
    const rows = await this.#run<T>(this.#pglite, text, parameters);
    await this.#tidy();
    return rows;
  }

  async transaction<T>(body: (session: SqlSession) => Promise<T>): Promise<T> {
    const sessionOf = (transaction: Transaction): SqlSession => ({
      query: (text, parameters = []) => this.#run(transaction, text, parameters),
    });
    const result = await inTransaction(
      this.#where,
      (run) => this.#pglite.transaction((transaction) => run(sessionOf(transaction))),
      body,
    );
    await this.#tidy();
    return result;
  }

  async close(): Promise<void> {
    if (this.#pglite.closed) return;
    await this.#pglite.close();
    await this.#release?.();
  }

  async #run<T>(on: PGlite | Transaction, text: string, parameters: readonly SqlValue[]): Promise<T[]> {
    this.#statementCount += 1;
    try {
      return (await on.query<T>(text, [...parameters])).rows;
    } catch (cause) {
      throw sqlError(cause, this.#where);
    }
  }

  async #tidy(): Promise<void> {
    const before = this.#tidiedAt;
    const now = this.#statementCount;
    if (now - before < CHECKPOINT_EVERY) return;
    this.#tidiedAt = now;
    const isVacuumDue = Math.floor(now / VACUUM_EVERY) > Math.floor(before / VACUUM_EVERY);
    for (const command of isVacuumDue ? ['vacuum analyze', 'checkpoint'] : ['checkpoint']) {
      await this.#run(this.#pglite, command, []);
    }
  }
}

async function start(options: { dataDir: string } | { loadDataDir: Blob }, where: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  // What PGlite throws says nothing; the reason goes to its log.
  let reasons: string[] | undefined = [];
  const onStderr = (line: string) => {
    if (/FATAL|PANIC/.test(line)) reasons?.push(line);
    return false;
  };
  try {
    return await PGlite.create({ ...options, parsers: { [BIGINT_OID]: parseSqlBigint }, onStderr });
  } catch (cause) {
    throw openError(cause, where, reasons.join('; '));
  } finally {
    reasons = undefined;
  }
}

/** The archive of an empty database. */
async function template(): Promise<Uint8Array<ArrayBuffer>> {
  const { SQL_TEMPLATE } = await import('../generated/sqlTemplate.ts');
  return new Uint8Array(await promisify(brotliDecompress)(Buffer.from(SQL_TEMPLATE, 'base64')));
}

/** Makes an empty database in `data`, at once or not at all. */
async function unpackTemplate(data: string): Promise<void> {
  const building = `${data}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  for (const { path, content } of tarFiles(await template())) {
    if (content === undefined) await mkdir(join(building, path), { mode: 0o700 });
    else await writeFile(join(building, path), content, { mode: 0o600 });
  }
  await rename(building, data);
}

/** The version of PostgreSQL inside PGlite, which must be that of the data. */
const POSTGRES_VERSION = '18';

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (version !== POSTGRES_VERSION) {
    throw new CairnError<StorageErrorCode>(
      'STORAGE_VERSION',
      `the database in ${data} is of PostgreSQL ${version}, expected ${POSTGRES_VERSION}`,
      { details: { version }, fix: 'delete the directory: what it held is worked out again from the chain' },
    );
  }
}

/** @param log what PostgreSQL said before it gave up */
function openError(cause: unknown, where: string, log = ''): CairnError {
  if (cause instanceof CairnError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = log || message;
  if (code === 'ENOSPC' || code === 'EDQUOT' || reason.includes('No space left on device')) {
    return new CairnError<StorageErrorCode>('DISK_FULL', `${where}: the disk is full`, {
      cause,
      fix: 'make room on the disk; nothing that was committed is lost',
    });
  }
  return new CairnError<StorageErrorCode>('STORAGE_UNAVAILABLE', `${where} cannot be opened: ${reason}`, {
    cause,
    fix: 'check that the directory is writable; a broken database may be deleted, it is worked out again from the chain',
  });
}
