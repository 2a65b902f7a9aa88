import { describe, expect, it, onTestFinished } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { startPresence } from './presence.ts';

describe('the count of worker processes', () => {
  it('follows those that come and go', async () => {
    const prefix = testPrefix();
    const start = async () => {
      const presence = await startPresence({ client: testClient(), prefix, intervalMs: 20 });
      onTestFinished(presence.stop);
      return presence;
    };
    const first = await start();
    expect(first.count()).toBe(1);
    const second = await start();
    const third = await start();
    await expect.poll(() => [first.count(), second.count(), third.count()]).toEqual([3, 3, 3]);
    await second.stop();
    await expect.poll(() => first.count()).toBe(2);
  });

  it('forgets those that were killed', async () => {
    const prefix = testPrefix();
    const killed = testClient();
    await startPresence({ client: killed, prefix, intervalMs: 20 });
    killed.disconnect();
    const other = await startPresence({ client: testClient(), prefix, intervalMs: 20 });
    onTestFinished(other.stop);
    await expect.poll(() => other.count()).toBe(1);
  });

  it('stays at what it was where Redis does not answer', async () => {
    const client = testClient();
    const presence = await startPresence({ client, prefix: testPrefix(), intervalMs: 60_000 });
    client.disconnect();
    expect(presence.count()).toBe(1);
    await presence.stop();
  });
});
