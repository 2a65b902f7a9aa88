import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { createTurnToWatch } from './turn-to-watch.ts';

/** Processes that would watch, over one Redis. */
function processes(ms = 60_000) {
  const [client, prefix] = [testClient(), testPrefix()];
  return (canPost: boolean) => createTurnToWatch({ client, prefix, what: 'system', ms, canPost });
}

describe('the turn to watch', () => {
  it('is that of one process, until it gives it away', async () => {
    const process = processes();
    const [one, other] = [process(true), process(true)];
    expect([await one.take(), await other.take(), await one.take()]).toEqual([true, false, true]);
    await other.give();
    expect(await other.take()).toBe(false);
    await one.give();
    expect([await other.take(), await one.take()]).toEqual([true, false]);
  });

  it('goes to another once its process has said nothing for too long', async () => {
    const process = processes(50);
    const [one, other] = [process(true), process(true)];
    expect(await one.take()).toBe(true);
    while (!(await other.take()));
    expect(await one.take()).toBe(false);
  });

  it('is taken by a process that can post from one that only logs, and not the other way round', async () => {
    const process = processes();
    const [logs, posts] = [process(false), process(true)];
    expect(await logs.take()).toBe(true);
    expect([await posts.take(), await logs.take(), await posts.take()]).toEqual([true, false, true]);
  });
});
