import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeXeroOptions } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GrantSystem } from '../grants/grants-for-tests.ts';
import { listOrganisations } from '../grants/list-organisations.ts';
import { grantSystem, KEY, MINUTE_MS, never } from '../grants/grants-for-tests.ts';
import type { Identity } from '../identity/identity.ts';
import type { TokenSource } from '../tokens/token-source.ts';
import type { Connect } from './connect.ts';
import { createConnect } from './connect.ts';
import { createConnections } from './connections.ts';

const BACK = 'http://localhost:3001/connect/callback';
const ONE = { tenantId: '11111111-1111-4111-a111-111111111111', name: 'One' };
const TWO = { tenantId: '22222222-2222-4222-a222-222222222222', name: 'Two' };
const WORLD: FakeXeroOptions = {
  organisations: [ONE, TWO],
  users: [
    { userId: 'u-1', tenantIds: [ONE.tenantId, TWO.tenantId] },
    { userId: 'u-2', tenantIds: [TWO.tenantId] },
  ],
};

/** What connects, and what a page lists. */
type ListingConnect = Connect & { list(): ReturnType<typeof listOrganisations> };

async function connectSystem() {
  const system = await grantSystem(WORLD);
  const tokens = system.source();
  return { system, tokens, connect: connectWith(system, system.identity, tokens) };
}

function connectWith(system: GrantSystem, identity: Identity, tokens: TokenSource = system.source()): ListingConnect {
  const { client, prefix, xero } = system;
  const connect = createConnect({
    client,
    prefix,
    encryptionKeys: [KEY],
    identity,
    tokens,
    apiUrl: xero.url,
    loginUrl: xero.url,
    now: xero.clock.now,
  });
  return { ...connect, list: () => listOrganisations(client, prefix, [KEY]) };
}

/** Goes the way to Xero and back as the user who is chosen by the fake's consent. */
async function authorise(connect: Connect): Promise<ReturnType<Connect['complete']>> {
  const { url, state } = await connect.begin(BACK);
  const answer = await fetch(url, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location')!);
  expect(back.searchParams.get('state')).toBe(state);
  return connect.complete(state, back.searchParams.get('code')!);
}

const shown = async (connect: ListingConnect): Promise<string[]> => (await connect.list()).map(({ name }) => name);

const grantKeys = ({ client, prefix }: GrantSystem): Promise<string[]> => client.keys(`${prefix}:*:set`);

describe('connecting', () => {
  it('asks for what reads need, and for a refresh token whatever scopes are set', async () => {
    const { connect, system } = await connectSystem();
    const { searchParams } = new URL((await connect.begin(BACK)).url);
    expect(searchParams.get('scope')).toBe(
      'offline_access accounting.invoices.read accounting.payments.read accounting.contacts.read',
    );
    const { client, prefix, identity, xero } = system;
    const own = createConnect({
      client,
      prefix,
      identity,
      encryptionKeys: [KEY],
      apiUrl: xero.url,
      loginUrl: xero.url,
      tokens: system.source(),
      scopes: 'accounting.contacts.read',
    });
    const { url } = await own.begin(BACK);
    expect(new URL(url).searchParams.get('scope')).toBe('offline_access accounting.contacts.read');
  });

  it('keeps one grant for one user, however often they connect', async () => {
    const { connect, system } = await connectSystem();
    system.xero.setConsent({ userId: 'u-1', tenantIds: [ONE.tenantId] });
    expect(await authorise(connect)).toEqual({ outcome: 'connected', organisations: 1 });
    const [first] = await connect.list();
    system.xero.clock.advance(MINUTE_MS);
    system.xero.setConsent({ userId: 'u-1', tenantIds: [TWO.tenantId] });
    expect(await authorise(connect)).toEqual({ outcome: 'connected', organisations: 2 });
    const both = await connect.list();
    expect(both[0]).toEqual({ ...first, renewedAt: both[1]!.renewedAt });
    expect(both[1]).toMatchObject({ ...TWO, grantId: first!.grantId, connectedAt: first!.connectedAt + MINUTE_MS });
    expect(await grantKeys(system)).toHaveLength(1);
  });

  it('lets go what Xero does not list any more, and leaves other users’ organisations alone', async () => {
    const { connect, system, tokens } = await connectSystem();
    system.xero.setConsent({ userId: 'u-1' });
    await authorise(connect);
    system.xero.setConsent({ userId: 'u-2' });
    await authorise(connect);
    const { connectionId } = (await connect.list()).find(({ tenantId }) => tenantId === ONE.tenantId)!;
    const token = await tokens.tokenOf(ONE.tenantId, { signal: never });
    expect(token.outcome).toBe('token');
    if (token.outcome === 'token') await createConnections(system.xero.url).remove(token.accessToken, connectionId);

    system.xero.setConsent({ userId: 'u-1', tenantIds: [] });
    // Xero still lists the other organisation for the user, who has connected it before.
    expect(await authorise(connect)).toEqual({ outcome: 'connected', organisations: 1 });
    expect(await shown(connect)).toEqual(['Two']);
  });

  it('forgets a grant that lost its last organisation to another user', async () => {
    const { connect, system } = await connectSystem();
    system.xero.setConsent({ userId: 'u-2' });
    await authorise(connect);
    system.xero.setConsent({ userId: 'u-1' });
    await authorise(connect);
    expect(await grantKeys(system)).toHaveLength(1);
    expect((await connect.list()).every(({ fault }) => fault === undefined)).toBe(true);
  });
});

describe('disconnecting', () => {
  it('keeps the grant for the other organisations, and revokes it with the last', async () => {
    const { connect, system, tokens } = await connectSystem();
    await authorise(connect);
    expect(await connect.disconnect(ONE.tenantId)).toEqual({ outcome: 'disconnected', told: true });
    expect(await tokens.tokenOf(ONE.tenantId, { signal: never })).toMatchObject({ code: 'XW_XERO_NOT_CONNECTED' });
    expect(await tokens.tokenOf(TWO.tenantId, { signal: never })).toMatchObject({ outcome: 'token' });
    const [key] = await grantKeys(system);
    const { tokens: left } = (await system.store.read(/grant-([\w-]+)/.exec(key!)![1]!)) as {
      tokens: { refreshToken: string };
    };

    expect(await connect.disconnect(TWO.tenantId.toUpperCase())).toEqual({ outcome: 'disconnected', told: true });
    expect(await grantKeys(system)).toEqual([]);
    expect(await system.identity.refresh(left.refreshToken)).toMatchObject({ outcome: 'refused' });
    expect(await connect.disconnect(TWO.tenantId)).toEqual({ outcome: 'absent' });
  });

  it('revokes the grant with the last two organisations, also when they go at the same time', async () => {
    const { connect, system } = await connectSystem();
    for (let times = 0; times < 10; times++) {
      await authorise(connect);
      const outcomes = await Promise.all([ONE, TWO].map(({ tenantId }) => connect.disconnect(tenantId)));
      expect(outcomes).toEqual([
        { outcome: 'disconnected', told: true },
        { outcome: 'disconnected', told: true },
      ]);
      expect(await grantKeys(system)).toEqual([]);
    }
    expect(system.xero.calls().filter(({ path }) => path === '/connect/revocation')).toHaveLength(10);
  });

  it('lets who connects again at the same time know that it was undone', async () => {
    const { connect, system } = await connectSystem();
    system.xero.setConsent({ userId: 'u-2' });
    await authorise(connect);
    const revoking = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = connectWith(system, {
      ...system.identity,
      async revoke(token) {
        revoking.resolve();
        await goOn.promise;
        return system.identity.revoke(token);
      },
    });
    const disconnected = slow.disconnect(TWO.tenantId);
    await revoking.promise;
    const redeemed = Promise.withResolvers<void>();
    const again = authorise(
      connectWith(system, {
        ...system.identity,
        async redeem(words) {
          const answer = await system.identity.redeem(words);
          redeemed.resolve();
          return answer;
        },
      }),
    );
    await redeemed.promise;
    goOn.resolve();
    expect(await disconnected).toEqual({ outcome: 'disconnected', told: true });
    expect(await again).toMatchObject({ outcome: 'failed', code: 'XW_CONNECT_NOTHING' });
    expect([await shown(connect), await grantKeys(system)]).toEqual([[], []]);
    expect(await authorise(connect)).toEqual({ outcome: 'connected', organisations: 1 });
  });

  it('leaves alone what was connected again before the grant could be revoked', async () => {
    const { connect, system, tokens } = await connectSystem();
    system.xero.setConsent({ userId: 'u-2' });
    await authorise(connect);
    const before = (await connect.list())[0]!;
    const release = await system.store.lock(before.grantId, 30_000);
    expect(await connect.disconnect(TWO.tenantId)).toMatchObject({ outcome: 'unfinished' });
    await release!();
    expect(await authorise(connect)).toEqual({ outcome: 'connected', organisations: 1 });
    expect(await system.organisations.leave(before)).toBe('elsewhere');
    await system.organisations.remove(before);
    expect(await shown(connect)).toEqual(['Two']);
    expect(await tokens.tokenOf(TWO.tenantId, { signal: never })).toMatchObject({ outcome: 'token' });
  });

  it('renews a token that has ended before it tells Xero', async () => {
    const { connect, system } = await connectSystem();
    await authorise(connect);
    system.xero.clock.advance(40 * MINUTE_MS);
    expect(await connect.disconnect(ONE.tenantId)).toEqual({ outcome: 'disconnected', told: true });
    expect(await shown(connect)).toEqual(['Two']);
  });

  it('does not revoke a grant while another process renews it', async () => {
    const { connect, system } = await connectSystem();
    system.xero.setConsent({ userId: 'u-2' });
    await authorise(connect);
    const { grantId } = (await connect.list())[0]!;
    const release = await system.store.lock(grantId, 30_000);
    expect(await connect.disconnect(TWO.tenantId)).toMatchObject({ outcome: 'unfinished' });
    await release!();
    expect(await connect.disconnect(TWO.tenantId)).toEqual({ outcome: 'disconnected', told: true });
  });

  it('says why an organisation has to be connected again', async () => {
    const { connect, system } = await connectSystem();
    await authorise(connect);
    const [key] = await grantKeys(system);
    await system.client.hset(key!, 'tokens', 'v1.nonsense');
    expect((await connect.list())[0]!.fault).toMatch(/TOKEN_ENCRYPTION_KEY/);
    await system.client.del(key!);
    expect((await connect.list())[0]!.fault).toMatch(/no longer in Redis/);
    expect(await connect.disconnect(ONE.tenantId)).toEqual({ outcome: 'disconnected', told: false });
  });
});

describe('the list of connections', () => {
  async function listOf(body: string): Promise<unknown> {
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    return createConnections(`http://127.0.0.1:${port}`).list('token');
  }

  it('has organisations alone, with a name each', async () => {
    const body = [
      { id: 'c-1', tenantId: 'T-1', tenantType: 'ORGANISATION', tenantName: 'One' },
      { id: 'c-2', tenantId: 'p-2', tenantType: 'PRACTICE', tenantName: 'A practice' },
      { id: 'c-3', tenantId: 't-3', tenantType: 'ORGANISATION', tenantName: null },
    ];
    expect(await listOf(JSON.stringify(body))).toEqual({
      outcome: 'listed',
      connections: [
        { id: 'c-1', tenantId: 't-1', name: 'One' },
        { id: 'c-3', tenantId: 't-3', name: 't-3' },
      ],
    });
  });

  it.each(['{}', '<html>', '[1]', '[{"tenantType":"ORGANISATION","id":"c","tenantId":"../x"}]'])(
    'is none where it cannot be read whole: %s',
    async (body) => {
      expect(await listOf(body)).toMatchObject({ outcome: 'unavailable' });
    },
  );
});
