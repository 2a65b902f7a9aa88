import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiOf, get, listIn, NOON, startStopped } from './fake-xero-for-tests.ts';
import { RESOURCE_CATEGORIES, RESOURCE_KINDS } from '@xero-webhooks/handlers';

const idsIn = (list: Record<string, unknown>[]): unknown[] => list.map((each) => each['InvoiceID']);

describe('a resource', () => {
  it.each(RESOURCE_CATEGORIES)('of the category %s is read by its id, and listed', async (category) => {
    const xero = await startStopped();
    const api = apiOf(xero);
    const { path, id } = RESOURCE_KINDS[category];
    const [listed] = await listIn(await api(path));
    const answer = await api(`${path}/${String(listed![id]).toUpperCase()}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await listIn(answer)).toEqual([expect.objectContaining({ [id]: listed![id] })]);
  });

  it.each(RESOURCE_CATEGORIES)('of the category %s can be created', async (category) => {
    const xero = await startStopped();
    const { resourceId, type } = xero.change({ category });
    expect(type).toBe('CREATE');
    const { path, id } = RESOURCE_KINDS[category];
    expect(await listIn(await apiOf(xero)(`${path}/${resourceId}`))).toEqual([
      expect.objectContaining({ [id]: resourceId, UpdatedDateUTC: `/Date(${NOON}+0000)/` }),
    ]);
  });

  it('comes in an envelope, with dates in both of the forms of Xero', async () => {
    const xero = await startStopped();
    const { resourceId } = xero.change({ category: 'invoice', fields: { InvoiceNumber: 'INV-7' } });
    const body = (await (await apiOf(xero)(`Invoices/${resourceId}`)).json()) as { Invoices: unknown[] };
    expect(body).toMatchObject({ Id: expect.any(String), Status: 'OK', DateTimeUTC: `/Date(${NOON})/` });
    expect(body.Invoices).toEqual([
      expect.objectContaining({
        Type: 'ACCREC',
        InvoiceID: resourceId,
        InvoiceNumber: 'INV-7',
        Contact: expect.objectContaining({ Name: 'Ridgeway University' }),
        DateString: '2026-11-23T00:00:00',
        Date: `/Date(${Date.UTC(2026, 10, 23)}+0000)/`,
        Status: 'AUTHORISED',
        SubTotal: 250,
        TotalTax: 37.5,
        Total: 287.5,
        AmountDue: 287.5,
        LineItems: [expect.objectContaining({ Description: 'Consulting', LineAmount: 250 })],
      }),
    ]);
  });

  it('keeps what a change does not name', async () => {
    const xero = await startStopped();
    const { resourceId } = xero.change({
      category: 'contact',
      fields: { Name: 'Before', EmailAddress: 'a@b.example' },
    });
    const { type } = xero.change({ category: 'contact', resourceId, fields: { Name: 'After' } });
    expect(type).toBe('UPDATE');
    const [contact] = await listIn(await apiOf(xero)(`Contacts/${resourceId}`));
    expect(contact).toMatchObject({ Name: 'After', EmailAddress: 'a@b.example' });
  });

  it('is new with a contact and an invoice that are there', async () => {
    const xero = await startStopped();
    const { fields: invoice } = xero.change({ category: 'invoice' });
    const { fields: payment } = xero.change({ category: 'payment' });
    expect(xero.resourceIds('contact')).toContain((invoice['Contact'] as { ContactID: string }).ContactID);
    expect(xero.resourceIds('invoice')).toContain((payment['Invoice'] as { InvoiceID: string }).InvoiceID);
  });

  it('never has the date of another change, even when the clock stands', async () => {
    const xero = await startStopped();
    const dates = xero.changeAll([{ category: 'invoice' }, { category: 'invoice' }]).map(({ updatedAt }) => updatedAt);
    expect(dates).toEqual([NOON, NOON + 1]);
  });

  it('belongs to its organisation', async () => {
    const xero = await startStopped();
    const { tenantId } = xero.organisations[1]!;
    const { resourceId } = xero.change({ category: 'invoice', tenantId });
    expect((await apiOf(xero)(`Invoices/${resourceId}`)).status).toBe(404);
    expect((await apiOf(xero, tenantId)(`Invoices/${resourceId}`)).status).toBe(200);
    expect(() => xero.change({ category: 'invoice', tenantId: 'nobody' })).toThrow(RangeError);
  });

  it.each(['Invoices/no-such-id', 'Nothing', 'Invoices/a/b', 'constructor'])(
    'that is not there is a 404 in plain text: %s',
    async (path) => {
      const answer = await apiOf(await startStopped())(path);
      expect([answer.status, await answer.text()]).toEqual([404, "The resource you're looking for cannot be found"]);
    },
  );
});

describe('a list', () => {
  it('has the ones whose ids are asked for, of invoices and contacts only', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    const [first, second] = [xero.change({ category: 'invoice' }), xero.change({ category: 'invoice' })];
    const wanted = [first.resourceId, second.resourceId.toUpperCase(), randomUUID()].join(',');
    expect(idsIn(await listIn(await api(`Invoices?IDs=${wanted}&page=1`)))).toEqual([
      first.resourceId,
      second.resourceId,
    ]);
    const contact = xero.change({ category: 'contact' });
    expect(await listIn(await api(`Contacts?IDs=${contact.resourceId}`))).toHaveLength(1);
    xero.change({ category: 'payment' });
    expect(await listIn(await api('Payments?IDs=no-such-id'))).toHaveLength(2);
  });

  it.each(['no-such-id', `${randomUUID()},no-such-id`, `${randomUUID()},`])(
    'is refused where an id that is asked for is no GUID: %s',
    async (ids) => {
      const answer = await apiOf(await startStopped())(`Invoices?IDs=${ids}`);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ ErrorNumber: 10, Type: 'ValidationException', Message: expect.any(String) }),
      ]);
    },
  );

  it('leaves archived contacts out, unless they are asked for', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    const [resourceId] = xero.resourceIds('contact');
    xero.change({ category: 'contact', resourceId: resourceId!, fields: { ContactStatus: 'ARCHIVED' } });
    expect(await listIn(await api('Contacts'))).toHaveLength(4);
    expect(await listIn(await api(`Contacts?IDs=${resourceId}&page=1`))).toHaveLength(0);
    expect(await listIn(await api('Contacts?includeArchived=true'))).toHaveLength(5);
    expect(await listIn(await api(`Contacts?IDs=${resourceId}&includeArchived=true`))).toHaveLength(1);
    expect(await listIn(await api(`Contacts/${resourceId}`))).toHaveLength(1);
  });

  it('has the lines only when it is read by pages', async () => {
    const api = apiOf(await startStopped());
    for (const invoice of await listIn(await api('Invoices'))) expect(invoice).not.toHaveProperty('LineItems');
    for (const invoice of await listIn(await api('Invoices?page=1'))) expect(invoice['LineItems']).not.toHaveLength(0);
  });

  it('comes in pages of a hundred, or of the size asked for', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    for (let count = 0; count < 100; count++) xero.change({ category: 'invoice' });
    expect(await listIn(await api('Invoices'))).toHaveLength(105);
    expect(await listIn(await api('Invoices?page=1'))).toHaveLength(100);
    expect(await listIn(await api('Invoices?page=2'))).toHaveLength(5);
    expect(await listIn(await api('Invoices?page=3'))).toHaveLength(0);
    const sized = await api('Invoices?page=1&pageSize=1000');
    expect(await sized.json()).toMatchObject({
      pagination: { page: 1, pageSize: 1000, pageCount: 1, itemCount: 105 },
    });
  });

  it.each(['page=0', 'page=x', 'page=1&pageSize=0', 'page=1&pageSize=1001'])('is refused with %s', async (query) => {
    const answer = await apiOf(await startStopped())(`Invoices?${query}`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ Type: 'QueryParseException' }),
    ]);
  });

  it.each(['2026-11-23T12:00:00', '2026-11-23T12:00:00Z', 'Mon, 23 Nov 2026 12:00:00 GMT'])(
    'has what changed since %s',
    async (since) => {
      const xero = await startStopped();
      const { resourceId } = xero.change({ category: 'invoice' });
      const headers = { 'if-modified-since': since };
      expect(idsIn(await listIn(await apiOf(xero)('Invoices', headers)))).toEqual([resourceId]);
    },
  );
});

describe('a call', () => {
  it('is answered with a correlation id of its own, whatever comes of it', async () => {
    const xero = await startStopped({ limits: { perMinute: 3 } });
    const api = apiOf(xero);
    const { access_token: token } = xero.grant();
    xero.addFault({ kind: 'status', status: 503, on: { path: '/api.xro/2.0/Payments' } });
    const answers = [
      await api('Invoices'),
      await api('Invoices/no-such-id'),
      await api('Payments'),
      await api('Invoices'),
      await api('Invoices', { 'xero-tenant-id': 'nobody' }),
      await get(xero, '/connections', token),
      await get(xero, '/connections', 'made-up'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 503, 429, 403, 200, 401]);
    const ids = answers.map(({ headers }) => headers.get('xero-correlation-id'));
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(new Set(ids).size).toBe(answers.length);
  });

  it.each([
    ['no token', {}],
    ['a token that nobody knows', { authorization: 'Bearer made-up' }],
    ['a token of another scheme', { authorization: 'Basic eDp5' }],
  ])('is refused with %s', async (_what, headers) => {
    const xero = await startStopped();
    const answer = await fetch(`${xero.url}/api.xro/2.0/Invoices`, { headers });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      {
        Type: null,
        Title: 'Unauthorized',
        Status: 401,
        Detail: 'AuthenticationUnsuccessful',
        Instance: expect.any(String),
        Extensions: {},
      },
    ]);
  });

  it('is refused for an organisation that the token does not cover, or for none', async () => {
    const xero = await startStopped();
    const { access_token: token } = xero.grant({ tenantIds: [xero.organisations[0]!.tenantId] });
    const headers = { authorization: `Bearer ${token}`, 'xero-tenant-id': xero.organisations[1]!.tenantId };
    const refused = [
      await fetch(`${xero.url}/api.xro/2.0/Invoices`, { headers }),
      await get(xero, '/api.xro/2.0/Invoices', token),
    ];
    for (const answer of refused) {
      expect([answer.status, await answer.json()]).toEqual([
        403,
        expect.objectContaining({ Title: 'Forbidden', Status: 403, Detail: 'AuthenticationUnsuccessful' }),
      ]);
    }
  });

  it('that would write is refused', async () => {
    const xero = await startStopped();
    const { access_token: token } = xero.grant();
    const headers = { authorization: `Bearer ${token}`, 'xero-tenant-id': xero.organisations[0]!.tenantId };
    expect((await fetch(`${xero.url}/api.xro/2.0/Invoices`, { method: 'POST', headers })).status).toBe(405);
  });
});

describe('a demo organisation', () => {
  it('has the same invoices every time, which look real', async () => {
    const [one, other] = [await startStopped(), await startStopped()];
    const invoices = await listIn(await apiOf(one)('Invoices?page=1'));
    expect(await listIn(await apiOf(other)('Invoices?page=1'))).toEqual(invoices);
    expect(invoices[0]).toMatchObject({
      InvoiceNumber: 'INV-0001',
      Status: 'PAID',
      Total: 575,
      AmountDue: 0,
      AmountPaid: 575,
    });
  });
});
