import { readFileSync } from 'node:fs';
import { open, readdir, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CairnError } from '@cairn/primitives';
import type { StorageErrorCode } from '../errors.ts';

const PREFIX = 'in-use-by-';
const HEARTBEAT_MS = 10_000;
/** After this long without a sign of life a claim of another machine (or container) counts as left behind. */
const SILENCE_MS = 60_000;

/**
 * Claims a directory for this process alone and returns the function that gives it back.
 *
 * A claim is an empty file whose name holds machine, process and the process's start time, so it belongs to one
 * process ever and anybody may delete it once that process is gone: no two can take over the same stale claim. Of
 * two processes that start at the same instant both may be refused; never are both let in.
 * @throws CairnError `STORAGE_IN_USE` when a living process holds the directory
 */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const machine = encodeURIComponent(hostname()).replaceAll('-', '%2D');
  const claim = `${PREFIX}${machine}-${process.pid}-${startOf(process.pid) ?? 'unknown'}`;
  const path = join(directory, claim);
  try {
    await (await open(path, 'wx')).close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(directory, claim);
    throw cause;
  }
  for (const name of await readdir(directory)) {
    if (!name.startsWith(PREFIX) || name === claim) continue;
    if (await isAlive(directory, name, machine)) {
      await unlink(path);
      throw inUse(directory, name);
    }
    await unlink(join(directory, name)).catch(() => {});
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await unlink(path).catch(() => {});
  };
}

async function isAlive(directory: string, claim: string, ownMachine: string): Promise<boolean> {
  const [machine, pidText, start] = claim.slice(PREFIX.length).split('-');
  if (machine !== ownMachine) {
    const modifiedMs = await stat(join(directory, claim)).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    return Date.now() - modifiedMs < SILENCE_MS;
  }
  const pid = Number(pidText);
  const startNow = startOf(pid);
  // Where start times can be read, another start time means the number was given to a new process.
  if (startNow !== undefined) return startNow === start;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in clock ticks since boot; undefined if it is gone or the system does not tell (proc(5)). */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // From field 3 on; the name in field 2 may hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // One that has ended and that its parent has not noticed yet keeps its start as its state says.
    return 'ZX'.includes(fields[0]!) ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function inUse(directory: string, claim: string): CairnError {
  const [machine, pid] = claim.slice(PREFIX.length).split('-');
  return new CairnError<StorageErrorCode>(
    'STORAGE_IN_USE',
    `the database in ${directory} is in use by process ${pid} on ${decodeURIComponent(machine!)}; one process at a time may open it`,
    {
      details: { directory, pid: Number(pid), machine: decodeURIComponent(machine!) },
      fix: 'stop that process, give this one another data directory, or use a PostgreSQL server for both',
    },
  );
}
