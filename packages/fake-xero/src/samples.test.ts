import { describe, expect, it } from 'vitest';
import { RESOURCE_CATEGORIES, RESOURCE_KINDS } from '@xero-webhooks/handlers';
import { apiOf, listIn, NOON, startStopped } from './fake-xero-for-tests.ts';

describe('an edit that nobody describes', () => {
  it.each(RESOURCE_CATEGORIES)('changes something that shows in each %s, every time', async (category) => {
    const xero = await startStopped();
    for (const resourceId of xero.resourceIds(category)) {
      const seen = new Set<string>();
      const look = async (): Promise<void> => {
        const { path } = RESOURCE_KINDS[category];
        const [{ UpdatedDateUTC: _moves, ...shown } = {}] = await listIn(await apiOf(xero)(`${path}/${resourceId}`));
        // Whether a payment is reconciled has two sides only.
        expect(seen.has(JSON.stringify(shown))).toBe(false);
        if (category === 'payment') seen.clear();
        seen.add(JSON.stringify(shown));
      };
      await look();
      for (let edit = 0; edit < 4; edit++) {
        xero.change({ category, resourceId });
        await look();
      }
      xero.clock.advance(60_000);
    }
  });

  it('takes an invoice from draft to paid, with amounts that agree', async () => {
    const xero = await startStopped();
    const { resourceId } = xero.change({ category: 'invoice', fields: { Status: 'DRAFT' } });
    const edits = Array.from({ length: 5 }, () => xero.change({ category: 'invoice', resourceId }).fields);
    expect(edits.map(({ Status, AmountDue, AmountPaid }) => [Status, AmountDue, AmountPaid])).toEqual([
      ['SUBMITTED', 287.5, 0],
      ['AUTHORISED', 287.5, 0],
      ['PAID', 0, 287.5],
      ['PAID', 0, 287.5],
      ['PAID', 0, 287.5],
    ]);
    expect(edits[2]).toMatchObject({ FullyPaidOnDate: `/Date(${NOON + 3}+0000)/` });
    expect(new Set(edits.slice(2).map(({ Reference }) => Reference)).size).toBe(3);
  });

  it('does nothing to what is changed by hand', async () => {
    const xero = await startStopped();
    const { resourceId, fields } = xero.change({ category: 'contact', fields: { Name: 'Before' } });
    expect(xero.change({ category: 'contact', resourceId, fields: {} }).fields).toEqual(fields);
  });
});
