import { createLogger } from '@xero-webhooks/runtime';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeTokens } from './fake-tokens.ts';

const { signal } = new AbortController();

describe('tokens for the fake Xero', () => {
  it('are there for its organisation, and say what to do for any other', async () => {
    const xero = await startFakeXero();
    onTestFinished(xero.stop);
    const tokens = createFakeTokens({ url: xero.url, log: createLogger('test', 'silent') });
    const { tenantId } = xero.organisations[0]!;
    expect(await tokens.tokenOf(tenantId.toUpperCase(), { signal })).toMatchObject({ outcome: 'token' });
    expect(await tokens.tokenOf('somebody-real', { signal })).toMatchObject({
      outcome: 'none',
      code: 'XW_XERO_NOT_CONNECTED',
      reason: expect.stringContaining('docs/xero.md'),
    });
    expect(xero.calls().map(({ path }) => path)).toEqual(['/connect/token', '/connections']);
  });

  it('are missing for a moment where it is not there', async () => {
    const tokens = createFakeTokens({ url: 'http://127.0.0.1:1', log: createLogger('test', 'silent') });
    expect(await tokens.tokenOf('any', { signal })).toMatchObject({
      outcome: 'none',
      code: 'XW_XERO_TOKEN_UNAVAILABLE',
    });
  });
});
