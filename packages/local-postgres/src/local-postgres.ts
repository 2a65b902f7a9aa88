import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A PostgreSQL of the tests' own, reached by its socket. */
export type Postgres = { readonly url: string; stop(): Promise<void> };

/** Where Debian puts the programs, which are on nobody's PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** Starts a PostgreSQL with an empty database, or nothing where there is none on this machine. */
export async function startPostgres(): Promise<Postgres | undefined> {
  const [version] = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted().toReversed() : [];
  if (version === undefined) return undefined;
  const programs = join(DEBIAN, version, 'bin');
  // The folder of the tests is for their user alone, and this may run as another one.
  const folder = mkdtempSync('/tmp/xw-pg-');
  const user = whoMayRunIt(folder);
  const data = join(folder, 'data');
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'test', '--auth=trust', '--no-sync'], {
    ...user,
    stdio: 'pipe',
  });
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], {
    ...user,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => void server.once('exit', () => resolve()));
  while (!existsSync(join(folder, '.s.PGSQL.5432'))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${server.exitCode}`);
    await wait(20);
  }
  return {
    url: `postgresql://test@localhost/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** It refuses to run as root. */
function whoMayRunIt(folder: string): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })));
  chownSync(folder, uid!, gid!);
  return { uid: uid!, gid: gid! };
}
