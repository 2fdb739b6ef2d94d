import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';

/**
 * What a driver threw, as an error of this package. Classes of SQLSTATE: PostgreSQL manual, appendix A.
 * @param where the database, for the message; without a password
 */
export function sqlError(cause: unknown, where: string): CairnError {
  if (cause instanceof CairnError) return cause;
  const { message, code } = cause as { message?: string; code?: string };
  const sqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
  const options = { cause, details: { sqlState } };
  if (sqlState === '53100') {
    return new CairnError<StorageErrorCode>('DISK_FULL', `${where}: the disk is full: ${message}`, {
      ...options,
      fix: 'make room on the disk, then start again',
    });
  }
  // 08 connection lost, 28 login refused, 3D no such database, 53300 too many connections, 57P server stopping.
  if (sqlState === undefined || /^(08|28|3D|57P|53300)/.test(sqlState)) {
    return new CairnError<StorageErrorCode>('STORAGE_UNAVAILABLE', `${where}: ${message || code}`, {
      ...options,
      fix: 'check that the database runs, and its address, user and password',
    });
  }
  return new CairnError<StorageErrorCode>(
    'SQL_FAILED',
    `${where}: ${message} (SQLSTATE ${sqlState})`,
    options,
  );
}

/**
 * Runs `body` in the transaction that a driver's `begin` opens. What the body throws is passed on as it is; what the
 * driver throws becomes an error of this package.
 */
export async function inTransaction<S, T>(
  where: string,
  begin: (run: (session: S) => Promise<T>) => Promise<unknown>,
  body: (session: S) => Promise<T>,
): Promise<T> {
  let thrown: { error: unknown } | undefined;
  let result: { value: T } | undefined;
  try {
    await begin(async (session) => {
      try {
        const value = await body(session);
        result = { value };
        return value;
      } catch (error) {
        thrown = { error };
        throw error;
      }
    });
  } catch (cause) {
    throw thrown === undefined ? sqlError(cause, where) : thrown.error;
  }
  return result!.value;
}
