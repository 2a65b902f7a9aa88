import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findRedisBinary, startJsRedis, startRedisBinary } from './local-redis.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-binaries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A folder with programs of these names in it, which do as little as the script says. */
function folderWith(names: readonly string[], { mode = 0o755, script = 'exit 3' } = {}): string {
  const folder = emptyFolder();
  for (const name of names) writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode });
  return folder;
}

/** Whether something listens on a port of this machine. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('a Redis server on PATH', () => {
  it.each([
    ['PATH is empty', () => ''],
    ['PATH has nothing but delimiters', () => delimiter.repeat(3)],
    ['its folders are empty', () => [emptyFolder(), emptyFolder()].join(delimiter)],
    ['its folders are not there', () => '/nowhere/bin'],
    ['what has the name cannot be run', () => folderWith(['redis-server', 'valkey-server'], { mode: 0o644 })],
    ['programs have similar names', () => folderWith(['redis-cli', 'redis-server.sh', 'my-redis-server'])],
  ])('is not found where %s', (_what, path) => {
    expect(findRedisBinary(path())).toBeUndefined();
  });

  it('is found in the first folder that has it', () => {
    const [first, second] = [folderWith(['redis-server']), folderWith(['redis-server'])];
    expect(findRedisBinary(['/nowhere', first, second].join(delimiter))).toEqual({
      kind: 'redis-server',
      binary: join(first, 'redis-server'),
    });
  });

  it('is valkey-server where there is no redis-server', () => {
    const valkey = folderWith(['valkey-server']);
    expect(findRedisBinary(valkey)).toEqual({ kind: 'valkey-server', binary: join(valkey, 'valkey-server') });
    const both = [valkey, folderWith(['redis-server'])].join(delimiter);
    expect(findRedisBinary(both)?.kind).toBe('redis-server');
  });
});

describe('a Redis server that does not start', () => {
  it('says so in its own words', async () => {
    const folder = folderWith(['redis-server'], { script: 'echo starting; echo "Bad directive" >&2; exit 3' });
    const dir = join(emptyFolder(), 'data');
    await expect(startRedisBinary(findRedisBinary(folder)!, { dir })).rejects.toThrow(
      /^Redis ended with code 3:\n(?:.*\n)?Bad directive/,
    );
  });

  it('is the error of the system where it cannot be run', async () => {
    const missing = { kind: 'redis-server', binary: '/nowhere/redis-server' } as const;
    await expect(startRedisBinary(missing, { dir: join(emptyFolder(), 'data') })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('the stand-in for Redis', () => {
  it('answers on its port until it is stopped, which can be asked for twice', async () => {
    const redis = await startJsRedis();
    onTestFinished(redis.stop);
    expect(redis).toMatchObject({ kind: 'js-redis-server', url: `redis://127.0.0.1:${redis.port}` });
    expect(await answers(redis.port)).toBe(true);
    await redis.stop();
    expect(await answers(redis.port)).toBe(false);
    await redis.stop();
  });
});
