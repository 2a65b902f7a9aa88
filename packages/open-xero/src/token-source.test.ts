import type { QueueRedis } from '@xero-webhooks/queue';
import { createLogger, loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { chooseTokens } from './token-source.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');

/** What is chosen for an environment. */
function choose(environment: Record<string, string>, accessToken?: () => null) {
  const config = loadConfig(workerVariables, { REDIS_URL: 'redis://127.0.0.1', ...environment });
  const redis = { client: testClient(), prefix: testPrefix() } as unknown as QueueRedis;
  return chooseTokens({ config, accessToken, redis, log: createLogger('test', 'silent') });
}

const app = { XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'secret', TOKEN_ENCRYPTION_KEY: KEY };
const fake = { XERO_FAKE_URL: 'http://127.0.0.1:5' };

describe('access tokens', () => {
  it('come from the handler module before all else', () => {
    const everything = { ...app, ...fake, XERO_TOKEN_URL: 'http://127.0.0.1:6', XERO_CUSTOM_CONNECTION: 'true' };
    expect(choose(everything, () => null)?.from).toBe('accessToken of the handler module');
    expect(choose(everything)?.from).toBe('XERO_TOKEN_URL');
  });

  it('come from a custom connection where the app is one, else from the connect page', () => {
    expect(choose({ ...app, XERO_CUSTOM_CONNECTION: 'true' })?.from).toBe('custom connection');
    expect(choose(app)?.from).toBe('connect page');
  });

  it('come from the fake Xero only where nothing else is set', () => {
    expect(choose(fake)).toMatchObject({ from: 'fake Xero', apiUrl: 'http://127.0.0.1:5' });
    expect(choose({ ...app, ...fake })).toMatchObject({ from: 'connect page', apiUrl: 'https://api.xero.com' });
    expect(choose(fake, () => null)).toMatchObject({ apiUrl: 'https://api.xero.com' });
    expect(choose({})).toBeUndefined();
  });

  it.each([
    [{ XERO_CLIENT_ID: 'id' }, 'TOKEN_ENCRYPTION_KEY is not set'],
    [{ XERO_CLIENT_ID: 'id', XERO_CUSTOM_CONNECTION: 'true' }, 'XERO_CLIENT_SECRET is not set'],
    [{ XERO_CUSTOM_CONNECTION: 'true' }, 'XERO_CLIENT_ID is not set'],
  ])('are refused where a variable is missing beside %j', (environment, message) => {
    expect(() => choose(environment)).toThrow(
      expect.objectContaining({ code: 'XW_CONFIG', message: expect.stringContaining(message) }),
    );
  });
});
