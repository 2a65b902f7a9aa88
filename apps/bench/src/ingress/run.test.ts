import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary } from '@xero-webhooks/local-redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contestant } from './contestants.ts';
import { TUTORIAL, WEBHOOK_KEY } from './contestants.ts';
import { findLoadTool } from './load-tool.ts';
import type { RequestFile } from './requests.ts';
import { writeRequests } from './requests.ts';
import type { Run } from './run.ts';
import { runContestant } from './run.ts';

const FORGETFUL: Contestant = {
  name: 'forgetful',
  program: new URL('contestants/forgetful.ts', import.meta.url),
  queues: true,
};

const redis = findRedisBinary(process.env['PATH'] ?? '');

describe.skipIf(!redis)('a run (with a redis-server or valkey-server on PATH)', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'xw-run-test-'));
  const signal = new AbortController().signal;
  let requests: RequestFile;

  beforeAll(async () => {
    // More than any receiver takes of them in the second to warm up, which has three tenths of them.
    requests = await writeRequests(join(dir, 'requests'), { requests: 20_000, eventsEach: 10, key: WEBHOOK_KEY });
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  function run(contestant: Contestant, connections: number): Promise<Run> {
    const { send } = findLoadTool(undefined);
    return runContestant(contestant, { send, requests, connections, seconds: 1, fsync: 'everysec' }, signal);
  }

  it('is a result where every event that was answered for is stored', async () => {
    // Few, so that a busy machine too has answered within the second.
    expect((await run(TUTORIAL, 20)).requests).toBeGreaterThan(0);
  });

  it('is no result where one event in forty is lost, however many connections hide it', async () => {
    await expect(run(FORGETFUL, 1_000)).rejects.toThrow(/^forgetful: of \d+ events \d+ lost: that is no result$/);
  });
});
