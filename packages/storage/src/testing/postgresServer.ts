import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../sql/postgresSql.ts';

/** A PostgreSQL server of a test's own. */
export interface TestPostgres {
  /** Address of a new, empty database. */
  createDatabase(): Promise<string>;
  /** Stops the server and deletes what it stored. */
  stop(): Promise<void>;
}

/** The folder of `initdb` and `postgres` on this machine: of `PATH`, or the newest of Debian's; undefined if none. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

/** Starts a server in a temporary directory, on a free port of this machine; some 2 s. */
export async function startPostgres(folder: string): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'cairn-postgres-'));
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  execFileSync(
    join(folder, 'initdb'),
    ['-D', data, '-U', 'cairn', '--auth=trust', '--no-sync', '--encoding=UTF8'],
    {
      ...user,
      cwd: directory,
      stdio: 'pipe',
    },
  );
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const server = spawn(
    join(folder, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, cwd: directory, stdio: 'ignore' },
  );
  const address = (name: string) => `postgres://cairn@127.0.0.1:${port}/${name}`;
  const admin = await firstConnection(server, address('postgres'));
  let databaseCount = 0;
  return {
    async createDatabase() {
      const name = `test_${(databaseCount += 1)}`;
      await admin.query(`create database ${name}`);
      return address(name);
    },
    async stop() {
      await admin.close();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function firstConnection(server: ChildProcess, url: string) {
  for (const deadlineMs = Date.now() + 30_000; ; ) {
    try {
      return await openPostgres(url);
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
