import { describe, expect, it } from 'vitest';
import { describeWithRedisBinary, ownRedis, testClient, testPrefix } from '@xero-webhooks/testing';
import type { Breaker } from './breaker.ts';
import { createBreaker } from './breaker.ts';
import type { ReceiverState } from './judge.ts';

const ADDRESS = 'https://receiver.example/in';
const AILING: Extract<ReceiverState, { state: 'ailing' }> = { state: 'ailing', reason: 'it answered 503', waitMs: 0 };
const WELL: ReceiverState = { state: 'well' };

/** Two workers that share one Redis. */
function twoBreakers() {
  const prefix = testPrefix();
  return { breakers: [createBreaker(testClient(), prefix), createBreaker(testClient(), prefix)] as const, prefix };
}

/** Sends a message that comes to what is given, if it may go. */
async function send(breaker: Breaker, id: string, receiver: ReceiverState, address = ADDRESS) {
  const permit = await breaker.admit(address);
  return permit.outcome === 'wait' ? permit : ((await breaker.note(address, id, permit, receiver)) ?? 'went');
}

async function open(breaker: Breaker, receiver = AILING): Promise<void> {
  for (let failure = 0; failure < 5; failure++) await send(breaker, `opening-${failure}`, receiver);
}

/** Ends the wait of the receiver, as if its time had come. */
async function endWait(prefix: string): Promise<void> {
  const [key] = await testClient().keys(`${prefix}:{forward}:*`);
  await testClient().hset(key!, 'until', 1);
}

describe('the breaker of a receiver', () => {
  it('lets messages go while all is well, and keeps nothing', async () => {
    const { breakers, prefix } = twoBreakers();
    for (const id of ['a', 'b']) expect(await send(breakers[0], id, WELL)).toBe('went');
    expect(await testClient().keys(`${prefix}*`)).toEqual([]);
  });

  it('makes all wait, of all workers, after several failures in a row', async () => {
    const { breakers } = twoBreakers();
    for (const id of ['a', 'b', 'c', 'd']) expect(await send(breakers[0], id, AILING)).toBe('went');
    expect(await send(breakers[1], 'e', AILING)).toEqual({ change: 'opened', ms: 5_000 });
    for (const breaker of breakers) {
      const waits = await send(breaker, 'f', WELL);
      expect(waits).toMatchObject({ outcome: 'wait', reason: 'it answered 503' });
    }
    expect(await send(breakers[0], 'a', WELL, `${ADDRESS}/other`)).toBe('went');
  });

  it('lets those that wait come back one after another', async () => {
    const { breakers } = twoBreakers();
    await open(breakers[0]);
    const delays: number[] = [];
    for (let index = 0; index < 200; index++) {
      const permit = await breakers[index % 2]!.admit(ADDRESS);
      delays.push(permit.outcome === 'wait' ? permit.delayMs : 0);
    }
    expect(delays[0]).toBeGreaterThan(3_000);
    // 5 ms from one to the next, less the time that has gone by: the last comes a second after the first.
    expect(delays.at(-1)! - delays[0]!).toBeLessThan(1_000);
    expect(delays.every((delay) => delay > 0)).toBe(true);
  });

  it('is not moved by one message that always fails', async () => {
    const { breakers } = twoBreakers();
    for (let attempt = 0; attempt < 20; attempt++) expect(await send(breakers[0], 'poison', AILING)).toBe('went');
    expect(await send(breakers[0], 'other', WELL)).toBe('went');
  });

  it('counts failures in a row', async () => {
    const { breakers } = twoBreakers();
    for (let round = 0; round < 5; round++) {
      for (const id of ['a', 'b', 'c', 'd']) expect(await send(breakers[0], id, AILING)).toBe('went');
      expect(await send(breakers[0], 'e', WELL)).toBe('went');
    }
  });

  it('lets one message probe when the time has come, and all others once it is delivered', async () => {
    const { breakers, prefix } = twoBreakers();
    await open(breakers[0]);
    await endWait(prefix);
    const probe = await breakers[0].admit(ADDRESS);
    expect(probe).toEqual({ outcome: 'go', hasFailures: true, isProbe: true });
    const waits = await breakers[1].admit(ADDRESS);
    expect(waits).toMatchObject({ outcome: 'wait' });
    expect(await breakers[0].note(ADDRESS, 'a', probe as never, WELL)).toEqual({ change: 'closed' });
    expect(await breakers[1].admit(ADDRESS)).toEqual({ outcome: 'go', hasFailures: false, isProbe: false });
    expect(await testClient().keys(`${prefix}*`)).toEqual([]);
  });

  it('stays open twice as long after each probe that fails, up to five minutes', async () => {
    const { breakers, prefix } = twoBreakers();
    await open(breakers[0]);
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      await endWait(prefix);
      expect(await send(breakers[0], `a${round}`, AILING)).toBe('went');
      const permit = await breakers[1].admit(ADDRESS);
      waits.push(permit.outcome === 'wait' ? permit.delayMs : 0);
    }
    const seconds = waits.map((ms) => Math.round(ms / 1000));
    expect(seconds).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('waits as long as the receiver asks for', async () => {
    const { breakers } = twoBreakers();
    await open(breakers[0], { ...AILING, waitMs: 120_000 });
    const permit = await breakers[1].admit(ADDRESS);
    expect(permit.outcome === 'wait' && permit.delayMs).toBeGreaterThan(110_000);
  });

  it('lets another probe where nobody waited for the end of the first', async () => {
    const { breakers, prefix } = twoBreakers();
    await open(breakers[0]);
    await endWait(prefix);
    expect(await send(breakers[0], 'a', { state: 'unknown' })).toBe('went');
    expect(await breakers[1].admit(ADDRESS)).toMatchObject({ outcome: 'go', isProbe: true });
  });

  it('heeds a late success, and no late failure', async () => {
    const { breakers, prefix } = twoBreakers();
    const early = [await breakers[0].admit(ADDRESS), await breakers[0].admit(ADDRESS)] as const;
    await open(breakers[0]);
    const [key] = await testClient().keys(`${prefix}:{forward}:*`);
    const until = await testClient().hget(key!, 'until');
    await breakers[0].note(ADDRESS, 'early', early[0] as never, AILING);
    expect(await testClient().hget(key!, 'until')).toBe(until);
    expect(await breakers[0].note(ADDRESS, 'late', { ...early[1], hasFailures: true } as never, WELL)).toEqual({
      change: 'closed',
    });
  });

  it('lets messages go where Redis does not answer', async () => {
    const client = testClient();
    client.disconnect();
    expect(await send(createBreaker(client, testPrefix()), 'a', AILING)).toBe('went');
  });

  it('does not keep addresses: they may be secret', async () => {
    const { breakers, prefix } = twoBreakers();
    await send(breakers[0], 'a', AILING);
    const [key] = await testClient().keys(`${prefix}*`);
    expect(`${key} ${JSON.stringify(await testClient().hgetall(key!))}`).not.toContain('receiver');
    expect(await testClient().pttl(key!)).toBeGreaterThan(3_000_000);
  });
});

describeWithRedisBinary('the breaker in a full Redis', () => {
  it('opens, and lets one message probe, as ever', async () => {
    const redis = await ownRedis();
    const client = redis.client();
    await client.config('SET', 'maxmemory', '1');
    const breaker = createBreaker(client, 'x');
    await open(breaker);
    expect(await breaker.admit(ADDRESS)).toMatchObject({ outcome: 'wait' });
    const [key] = await client.keys('x:{forward}:*');
    await client.config('SET', 'maxmemory', '0');
    await client.hset(key!, 'until', 1);
    await client.config('SET', 'maxmemory', '1');
    expect(await send(breaker, 'a', AILING)).toBe('went');
    expect(await breaker.admit(ADDRESS)).toMatchObject({ outcome: 'wait' });
  });
});
