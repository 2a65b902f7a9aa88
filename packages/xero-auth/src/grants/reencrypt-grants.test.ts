import { describe, expect, it } from 'vitest';
import { createGrantStore } from './grant-store.ts';
import { grantSystem, KEY, never, NOON, OTHER_KEY } from './grants-for-tests.ts';
import { reencryptGrants } from './reencrypt-grants.ts';

/** What a process reads that has only one key. */
const storeWith = ({ client, prefix }: { client: Parameters<typeof createGrantStore>[0]['client']; prefix: string }) =>
  createGrantStore({ client, prefix, encryptionKeys: [OTHER_KEY], now: () => NOON });

describe('encrypting the stored token sets with another key', () => {
  it('leaves the tokens as they are, and needs the old key no longer', async () => {
    const system = await grantSystem();
    const { client, prefix, xero } = system;
    const { grantId, tokens } = await system.connect();
    const names = xero.organisations.map(({ name }) => name).toSorted();
    const keys = [OTHER_KEY, KEY];
    expect(await storeWith(system).read(grantId)).toMatchObject({ state: 'unreadable' });
    expect(await reencryptGrants(client, prefix, keys)).toEqual([{ outcome: 'reencrypted', organisations: names }]);
    expect(await storeWith(system).read(grantId)).toMatchObject({ state: 'live', tokens, updatedAt: NOON });
    expect(await reencryptGrants(client, prefix, keys)).toEqual([{ outcome: 'current', organisations: names }]);
    const token = await system
      .source({ encryptionKeys: [OTHER_KEY] })
      .tokenOf(xero.organisations[0]!.tenantId, { signal: never });
    expect(token).toEqual({ outcome: 'token', accessToken: tokens.accessToken });
  });

  it('keeps a grant that Xero no longer renews as it is', async () => {
    const system = await grantSystem();
    const { grantId } = await system.connect();
    await system.store.declareDead(grantId, await system.version(grantId), 'revoked');
    await reencryptGrants(system.client, system.prefix, [OTHER_KEY, KEY]);
    expect(await storeWith(system).read(grantId)).toMatchObject({ state: 'dead', reason: 'revoked' });
  });

  it('leaves what no key fits, and what is being renewed', async () => {
    const system = await grantSystem();
    const { client, prefix } = system;
    const { grantId } = await system.connect();
    const before = await system.version(grantId);
    expect(await reencryptGrants(client, prefix, [OTHER_KEY])).toMatchObject([{ outcome: 'unreadable' }]);
    const release = await system.store.lock(grantId, 5_000);
    expect(await reencryptGrants(client, prefix, [OTHER_KEY, KEY])).toMatchObject([{ outcome: 'busy' }]);
    await release?.();
    expect(await system.version(grantId)).toBe(before);
    expect(await reencryptGrants(client, prefix, [OTHER_KEY, KEY])).toMatchObject([{ outcome: 'reencrypted' }]);
  });

  it('does nothing where nothing is connected', async () => {
    const { client, prefix } = await grantSystem();
    expect(await reencryptGrants(client, prefix, [KEY])).toEqual([]);
  });
});
