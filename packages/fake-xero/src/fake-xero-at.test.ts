import { serve } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { fakeXeroAt } from './fake-xero-at.ts';
import { startStopped } from './fake-xero-for-tests.ts';

/** An address that accepts everything. */
async function startTarget(): Promise<string> {
  const url = await serve((request, response) => void request.resume().on('end', () => response.end()));
  return `${url}/webhook`;
}

describe('a fake Xero of another process', () => {
  it('has the same organisations and resources', async () => {
    const xero = await startStopped();
    const distant = fakeXeroAt(xero.url);
    const [, { tenantId } = xero.organisations[0]!] = xero.organisations;
    expect(await distant.organisations()).toEqual(xero.organisations);
    expect(await distant.resourceIds('contact', tenantId)).toEqual(xero.resourceIds('contact', tenantId));
  });

  it('makes changes, and tells what came of telling of them', async () => {
    const xero = await startStopped();
    const distant = fakeXeroAt(xero.url);
    const url = await startTarget();
    await distant.setWebhookTarget({ url, key: 'some key' });
    expect(await distant.webhookState()).toMatchObject({ url, enabled: true });
    const changed = await distant.changeAll([{ category: 'invoice' }, { category: 'contact' }], 2);
    expect(changed.map(({ told }) => told?.event.eventCategory)).toEqual(['INVOICE', 'CONTACT']);
    expect(await distant.firstAttempts(1, 2)).toEqual(xero.webhook.attempts());
    expect(xero.webhook.attempts()).toEqual([expect.objectContaining({ lastSequence: 2, outcome: 'accepted' })]);
  });

  it('says what is wrong', async () => {
    const xero = await startStopped();
    const distant = fakeXeroAt(xero.url);
    await expect(distant.resourceIds('invoice', 'nobody')).rejects.toThrow('unknown organisation nobody');
    await xero.stop();
    await expect(distant.organisations()).rejects.toThrow('fetch failed');
  });
});
