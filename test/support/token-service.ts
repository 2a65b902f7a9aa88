import type { FakeXero } from '@xero-webhooks/fake-xero';
import { serve } from '@xero-webhooks/testing';

/** What somebody runs who keeps tokens for several systems: the other end of XERO_TOKEN_URL. */
export type TokenService = {
  readonly environment: Readonly<Record<string, string>>;
  /** What it was asked, in order. */
  readonly asked: readonly { readonly tenantId: string; readonly refresh: boolean }[];
};

const SECRET = 'token-service-secret';

/** Starts it, with tokens that it got from the fake without asking its identity server over HTTP. */
export async function startTokenService(xero: FakeXero): Promise<TokenService> {
  const asked: { tenantId: string; refresh: boolean }[] = [];
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers.authorization !== `Bearer ${SECRET}`) return void response.writeHead(401).end();
      asked.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof asked)[number]);
      const { access_token: accessToken, expires_in: seconds } = xero.grant();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ accessToken, expiresAt: new Date(xero.clock.now() + seconds * 1000) }));
    });
  });
  return {
    asked,
    environment: { XERO_TOKEN_URL: `${url}/token`, XERO_TOKEN_SECRET: SECRET },
  };
}
