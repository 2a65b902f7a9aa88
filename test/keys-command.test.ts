import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, inject, it } from 'vitest';
import { createGrantStore } from '../packages/xero-auth/src/grants/grant-store.ts';
import { createOrganisations } from '../packages/xero-auth/src/grants/organisations.ts';
import { runXw } from './support/run-xw.ts';

const keyOf = (text: string): string => Buffer.alloc(32, text).toString('base64');

const TOKENS = { accessToken: 'a', refreshToken: 'r', expiresAt: 0, issuedAt: 0 };

/** Organisations that were connected under a key. */
async function connected(key: string) {
  const [client, prefix] = [testClient(), testPrefix()];
  const store = createGrantStore({ client, prefix, encryptionKeys: [key], now: Date.now });
  const organisations = createOrganisations(client, prefix);
  for (const name of ['Demo', 'Other']) {
    await store.replace(`grant-of-${name}`, TOKENS);
    const organisation = { tenantId: `t-${name}`, name, grantId: '', connectionId: 'c', connectedAt: 0 };
    await organisations.point(`grant-of-${name}`, [organisation]);
  }
  return {
    prefix,
    client,
    xw: (keys: string, ...args: string[]) =>
      runXw(['keys', ...args], {
        REDIS_URL: inject('redis').url,
        REDIS_PREFIX: prefix,
        ...(keys === '' ? {} : { TOKEN_ENCRYPTION_KEY: keys }),
      }),
    state: async (underKey: string) =>
      (await createGrantStore({ client, prefix, encryptionKeys: [underKey], now: Date.now }).read('grant-of-Demo'))
        .state,
  };
}

describe('xw keys generate', () => {
  it('prints a new key and nothing else', async () => {
    const [encryption, webhook] = await Promise.all(
      ['encryption', 'webhook'].map((kind) => runXw(['keys', 'generate', kind])),
    );
    expect(encryption).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w+/]{43}=\n$/), stderr: '' });
    expect(webhook).toMatchObject({ stdout: expect.stringMatching(/^xw-development-[\w-]{43}\n$/) });
    const json = await runXw(['keys', 'generate', 'encryption', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'encryption' });
    expect(json.stdout).not.toContain(encryption!.stdout.trim());
  });

  it('says which kinds there are', async () => {
    expect(await runXw(['keys', 'generate', 'master'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/'master' is invalid .*webhook, encryption; see "xw keys --help" \[XW_USAGE\]/),
    });
  });
});

describe('xw keys rotate', () => {
  it('encrypts what is stored with the first key, and says when the others are no longer needed', async () => {
    const [old, young] = [keyOf('old'), keyOf('young')];
    const { xw, state, client, prefix } = await connected(old);
    expect(await xw(`${young},${old}`, 'rotate', '--by', 'ann')).toEqual({
      code: 0,
      stdout:
        'encrypted 2 token sets with the first key; 0 had it already\nthe other keys are no longer needed: remove them from TOKEN_ENCRYPTION_KEY at the board and all workers\n',
      stderr: '',
    });
    expect(await state(young)).toBe('live');
    const [operation] = await client.lrange(`${prefix}:{operations}`, 0, -1);
    expect(JSON.parse(operation!)).toMatchObject({ by: 'ann', action: 'rotate encryption keys', count: 2 });
    expect(JSON.parse((await xw(young, 'rotate', '--json')).stdout)).toEqual({
      tokenSets: [
        { outcome: 'current', organisations: ['Demo'] },
        { outcome: 'current', organisations: ['Other'] },
      ],
    });
  });

  it('fails while no key fits, and shows none', async () => {
    const old = keyOf('old');
    const { xw, state } = await connected(old);
    const { code, stdout, stderr } = await xw(keyOf('wrong'), 'rotate');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('no key fits: Demo, Other: add the key that they were encrypted with');
    expect(stdout).not.toContain(keyOf('wrong'));
    expect(await state(old)).toBe('live');
    expect(await xw('', 'rotate')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('TOKEN_ENCRYPTION_KEY is not set: set it to the new key and, after a comma,'),
    });
  });
});
