import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary } from '@xero-webhooks/local-redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contestant } from './contestants.ts';
import { TUTORIAL } from './contestants.ts';
import { findLoadTool } from '../load/load-tool.ts';
import type { RequestFile } from '../load/requests.ts';
import { writeRequests } from '../load/requests.ts';
import type { Run } from './run.ts';
import { runContestant } from './run.ts';

const FORGETFUL: Contestant = {
  name: 'forgetful',
  program: new URL('../contestants/forgetful.ts', import.meta.url).pathname,
  queues: true,
};

const redis = findRedisBinary(process.env['PATH'] ?? '');

describe.skipIf(!redis)('a run (with a redis-server or valkey-server on PATH)', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'xw-run-test-'));
  const signal = new AbortController().signal;
  let requests: RequestFile;

  beforeAll(async () => {
    // The warm-up second may use three tenths of them, which is more than any receiver handles.
    requests = await writeRequests(join(dir, 'requests'), { requests: 20_000, eventsEach: 10 });
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  function run(contestant: Contestant, connections: number): Promise<Run> {
    const { send } = findLoadTool(undefined);
    return runContestant(contestant, { send, requests, connections, seconds: 1, fsync: 'everysec' }, signal);
  }

  it('is valid if every acknowledged event is stored', async () => {
    // Few connections, so that even a busy machine answers within the second.
    expect((await run(TUTORIAL, 20)).requests).toBeGreaterThan(0);
  });

  it('is invalid if one event in forty is lost, even with many connections', async () => {
    await expect(run(FORGETFUL, 1_000)).rejects.toThrow(/^forgetful: invalid result: of \d+ events \d+ lost$/);
  });
});
