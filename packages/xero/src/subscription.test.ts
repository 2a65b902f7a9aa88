import { startFakeXero } from '@xero-webhooks/fake-xero';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSubscription } from './subscription.ts';

const words = { url: 'https://example.com/webhook', events: ['INVOICE'] };

/** A Xero that takes subscriptions, and what it was asked. */
async function takingXero(status: number, body: string) {
  const asked: { path: string | undefined; authorization: string | undefined; body: unknown }[] = [];
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path, headers } = request;
      asked.push({ path, authorization: headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  return { asked, apiUrl: url };
}

describe('a subscription', () => {
  it('is asked for as tutorials show', async () => {
    const { asked, apiUrl } = await takingXero(201, '{"id":"s-1"}');
    expect(await createSubscription(words, 'token', { apiUrl })).toEqual({ id: 's-1' });
    expect(asked).toEqual([
      { path: '/connections/webhooks/subscriptions', authorization: 'Bearer token', body: words },
    ]);
  });

  it('is made in the portal where Xero has no address for it', async () => {
    const xero = await startFakeXero();
    onTestFinished(xero.stop);
    const { access_token: token } = xero.grant();
    const refusal = createSubscription(words, token, { apiUrl: xero.url });
    await expect(refusal).rejects.toMatchObject({
      code: 'XW_XERO_PORTAL_ONLY',
      status: 404,
      message: expect.stringContaining('https://developer.xero.com/app/manage'),
    });
  });

  it.each([
    [401, 'XW_XERO_UNAUTHORISED'],
    [403, 'XW_XERO_UNAUTHORISED'],
    [400, 'XW_XERO_REFUSED'],
    [500, 'XW_XERO_REFUSED'],
  ])('is refused with %i', async (status, code) => {
    const { apiUrl } = await takingXero(status, '{"Detail":"not like this"}');
    const refusal = createSubscription(words, 'secret-token', { apiUrl });
    await expect(refusal).rejects.toMatchObject({ code, status, message: `Xero answered ${status}: not like this` });
  });

  it('does not show the token where Xero is not there', async () => {
    const error = await createSubscription(words, 'secret-token', { apiUrl: 'http://127.0.0.1:1' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'XW_XERO_UNREACHABLE', message: 'Xero could not be reached (ECONNREFUSED)' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret-token');
  });
});
