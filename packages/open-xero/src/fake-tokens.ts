import type { Log } from '@xero-webhooks/runtime';
import type { TokenSource } from '@xero-webhooks/xero-auth';
import { createCustomConnectionTokens, createIdentity } from '@xero-webhooks/xero-auth';

/** The app of the fake Xero that needs no connect page. */
const APP = { clientId: 'demo-custom', clientSecret: 'demo-secret' };

const FOREIGN = {
  outcome: 'none',
  code: 'XW_XERO_NOT_CONNECTED',
  reason:
    'only a fake Xero runs here, and it does not have this organisation: to read from the real Xero, set XERO_CLIENT_ID or bring your own tokens (docs/xero.md)',
  retryMs: 60_000,
} as const;

/** Access tokens for the fake Xero of `xw dev`, which has only one organisation. */
export function createFakeTokens({ url, log }: { url: string; log: Log }): TokenSource {
  const tokens = createCustomConnectionTokens({ identity: createIdentity({ url, ...APP }), log });
  let connected: ReadonlySet<string> | undefined;

  return {
    async tokenOf(tenantId, options) {
      const token = await tokens.tokenOf(tenantId, options);
      if (token.outcome === 'none') return token;
      connected ??= await connectionsAt(url, token.accessToken).catch(() => undefined);
      return connected === undefined || connected.has(tenantId.toLowerCase()) ? token : FOREIGN;
    },
  };
}

async function connectionsAt(url: string, accessToken: string): Promise<ReadonlySet<string>> {
  const response = await fetch(`${url}/connections`, { headers: { authorization: `Bearer ${accessToken}` } });
  const list = (await response.json()) as readonly { tenantId: string }[];
  return new Set(list.map(({ tenantId }) => tenantId.toLowerCase()));
}
