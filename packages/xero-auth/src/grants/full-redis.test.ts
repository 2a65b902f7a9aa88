import { expect, it } from 'vitest';
import { describeWithRedisBinary, ownRedis } from '@xero-webhooks/testing';
import { KEY } from './grants-for-tests.ts';
import { createGrantStore } from './grant-store.ts';

/** A Redis that a grant is kept in, and that has no memory left for more. */
async function fullRedis() {
  const redis = await ownRedis();
  const client = redis.client();
  const store = createGrantStore({ client, prefix: 'x', encryptionKeys: [KEY], now: Date.now });
  await store.replace('grant', { accessToken: 'a', refreshToken: 'r', issuedAt: 0, expiresAt: 0 });
  await client.config('SET', 'maxmemory', '1');
  return { store };
}

describeWithRedisBinary('a full Redis', () => {
  it('lets grants be renewed, one process at a time, and declared dead', async () => {
    const { store } = await fullRedis();
    const release = await store.lock('grant', 10_000);
    expect(release).toBeTypeOf('function');
    expect(await store.lock('grant', 10_000)).toBe(undefined);
    await release!();
    expect(await store.lock('grant', 10_000)).toBeTypeOf('function');
    const grant = await store.read('grant');
    expect(grant.state === 'live' && (await store.declareDead('grant', grant.version, 'invalid_grant'))).toBe(true);
  });
});
