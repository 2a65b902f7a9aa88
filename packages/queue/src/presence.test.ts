import { describe, expect, it, onTestFinished } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import type { WorkerInfo } from './presence.ts';
import { listWorkers, startPresence } from './presence.ts';

const worker = (name: string, startedAt = 0): WorkerInfo => ({
  name,
  release: '1.0.0',
  startedAt,
  shards: 1,
  concurrency: 50,
  readsXero: true,
  handlers: [{ name: 'record', events: ['invoice.updated'] }],
});

describe('the presence of worker processes', () => {
  it('follows those that come and go', async () => {
    const prefix = testPrefix();
    const start = (name: string, startedAt: number) => {
      const presence = startPresence({ client: testClient(), prefix, worker: worker(name, startedAt), intervalMs: 20 });
      onTestFinished(presence.stop);
      return presence;
    };
    const first = start('a:1', 3);
    expect(first.count()).toBe(1);
    const second = start('a:2', 1);
    const third = start('b:1', 2);
    await expect.poll(() => [first.count(), second.count(), third.count()]).toEqual([3, 3, 3]);
    expect(await listWorkers(testClient(), prefix)).toEqual([worker('a:2', 1), worker('b:1', 2), worker('a:1', 3)]);
    await second.stop();
    await expect.poll(() => first.count()).toBe(2);
    expect((await listWorkers(testClient(), prefix)).map(({ name }) => name)).toEqual(['b:1', 'a:1']);
  });

  it('forgets those that were killed', async () => {
    const prefix = testPrefix();
    const killed = testClient();
    startPresence({ client: killed, prefix, worker: worker('a:1'), intervalMs: 20 });
    await expect.poll(() => listWorkers(testClient(), prefix)).toHaveLength(1);
    killed.disconnect();
    const other = startPresence({ client: testClient(), prefix, worker: worker('a:2'), intervalMs: 20 });
    onTestFinished(other.stop);
    await expect.poll(async () => (await listWorkers(testClient(), prefix)).map(({ name }) => name)).toEqual(['a:2']);
    await expect.poll(() => other.count()).toBe(1);
  });

  it('stays at what it was where Redis does not answer', async () => {
    const client = testClient();
    const presence = startPresence({ client, prefix: testPrefix(), worker: worker('a:1'), intervalMs: 60_000 });
    client.disconnect();
    expect(presence.count()).toBe(1);
    await presence.stop();
  });

  it('finds nobody where none has ever been', async () => {
    expect(await listWorkers(testClient(), testPrefix())).toEqual([]);
  });
});
