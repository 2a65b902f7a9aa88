import { startFakeXero } from '@xero-webhooks/fake-xero';
import { testPrefix } from '@xero-webhooks/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openXero } from './open-xero.ts';

/** Opens a fake Xero, as a script does in whose environment it is. */
async function open(more: Record<string, string> = {}) {
  const fake = await startFakeXero();
  onTestFinished(fake.stop);
  const environment = {
    REDIS_URL: inject('redis').url,
    REDIS_PREFIX: testPrefix(),
    XERO_FAKE_URL: fake.url,
    LOG_LEVEL: 'silent',
    ...more,
  };
  const xero = await openXero({ environment });
  onTestFinished(xero.close);
  return { fake, xero, environment, tenantId: fake.organisations[0]!.tenantId };
}

describe('Xero, outside of handlers', () => {
  it('is read address by address, and list by list', async () => {
    const { fake, xero, tenantId } = await open();
    for (let index = 0; index < 5; index++) fake.change({ category: 'contact', notify: false });
    const organisation = xero.organisation(tenantId);
    const names: unknown[] = [];
    for await (const { Name } of organisation.list('Contacts', { pageSize: 2 })) names.push(Name);
    expect(names).toHaveLength(fake.resourceIds('contact').length);

    const [id] = fake.resourceIds('invoice');
    const { Invoices } = await organisation.get<{ Invoices: { InvoiceID: string; Date: Date }[] }>(`Invoices/${id}`);
    expect(Invoices[0]).toMatchObject({ InvoiceID: id, Date: expect.any(Date) });
  });

  it('fails as in a handler', async () => {
    const { xero, tenantId } = await open();
    await expect(xero.organisation(tenantId).get('Invoices/none')).rejects.toMatchObject({ code: 'XW_XERO_NOT_FOUND' });
    await expect(xero.organisation(tenantId).get('../x')).rejects.toMatchObject({ code: 'XW_XERO_PATH' });
  });

  it('is read within the limits of all, and a call that they do not allow waits until it is aborted', async () => {
    const { fake, xero, environment, tenantId } = await open({ XERO_MINUTE_LIMIT: '2' });
    const other = await openXero({ environment });
    onTestFinished(other.close);
    for (const one of [xero, other]) await one.organisation(tenantId).get('Invoices');
    const stop = new AbortController();
    const waiting = xero.organisation(tenantId, { signal: stop.signal }).get('Invoices');
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 200, 'it waits'))]);
    expect(first).toBe('it waits');
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(fake.calls().filter(({ path }) => path === '/api.xro/2.0/Invoices')).toHaveLength(2);
  });

  it('is read with tokens that the script brings', async () => {
    const { fake, environment, tenantId } = await open();
    const { access_token: accessToken } = fake.grant();
    const xero = await openXero({
      environment: { ...environment, XERO_API_URL: fake.url },
      accessToken: () => ({ accessToken, expiresAt: Date.now() + 1_000_000 }),
    });
    onTestFinished(xero.close);
    expect(await xero.organisation(tenantId).get('Invoices')).toHaveProperty('Invoices');
  });

  it('is not opened where nothing says where tokens come from', async () => {
    const environment = { REDIS_URL: inject('redis').url, REDIS_PREFIX: testPrefix(), LOG_LEVEL: 'silent' };
    await expect(openXero({ environment })).rejects.toMatchObject({
      code: 'XW_CONFIG',
      message: expect.stringMatching(/^nothing says where access tokens come from/),
    });
  });
});
