import { testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createNoteHandler, readHandlerHealth } from './handler-health.ts';
import { testQueueRedis } from './testing/queue-redis.ts';

/** Two workers, and what operators read of their handlers. */
async function workers() {
  const { client, prefix } = await testQueueRedis(testPrefix());
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  return {
    one: createNoteHandler(client, prefix),
    other: createNoteHandler(client, prefix),
    later: (ms: number) => void vi.setSystemTime(Date.now() + ms),
    read: () => readHandlerHealth(client, prefix),
  };
}

describe('the health of handlers', () => {
  it('says since when a handler fails, whichever worker runs it', async () => {
    const { one, other, later, read } = await workers();
    expect(await read()).toEqual([]);
    one('sync', true);
    later(5_000);
    one('sync', false);
    later(5_000);
    other('sync', false);
    other('copy to SQL', true);
    expect(await read()).toEqual([
      { handler: 'copy to SQL', succeededAt: 1_010_000, failedAt: undefined, failingSince: undefined },
      { handler: 'sync', succeededAt: 1_000_000, failedAt: 1_010_000, failingSince: 1_005_000 },
    ]);
    later(1_000);
    one('sync', true);
    expect((await read())[1]).toEqual({
      handler: 'sync',
      succeededAt: 1_011_000,
      failedAt: 1_010_000,
      failingSince: undefined,
    });
  });

  it('is written once a second at most while nothing changes', async () => {
    const { one, later, read } = await workers();
    one('sync', false);
    later(999);
    one('sync', false);
    expect((await read())[0]?.failedAt).toBe(1_000_000);
    later(1);
    one('sync', false);
    expect((await read())[0]).toMatchObject({ failedAt: 1_001_000, failingSince: 1_000_000 });
  });
});
