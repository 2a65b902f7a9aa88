import { randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import type { FakeXero } from '@xero-webhooks/fake-xero';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { makeEventJobs } from '../event-jobs.ts';

/** A fake Xero with organisations to read from. */
export type FakeBooks = AsyncDisposable & {
  readonly xero: FakeXero;
  readonly tenantIds: readonly string[];
  /** Makes so many invoices, evenly over some organisations, and the job of an event of each. */
  invoiceJobs(count: number, tenantIds: readonly string[]): EventJob[];
};

/** Starts a fake Xero with so many organisations and Xero's own limits. */
export async function startFakeBooks(organisations: number): Promise<FakeBooks> {
  const list = Array.from({ length: organisations }, (_, index) => ({
    tenantId: randomUUID(),
    name: `Organisation ${index + 1}`,
  }));
  const xero = await startFakeXero({ organisations: list });
  return {
    xero,
    tenantIds: list.map(({ tenantId }) => tenantId),
    invoiceJobs(count, tenantIds) {
      const changed = xero.changeAll(
        Array.from({ length: count }, (_, index) => ({
          category: 'invoice' as const,
          tenantId: tenantIds[index % tenantIds.length]!,
          notify: false,
        })),
      );
      return makeEventJobs({
        count,
        resourceOf(index) {
          const { resourceId, tenantId } = changed[index]!;
          return { resourceId, tenantId };
        },
      });
    },
    [Symbol.asyncDispose]: xero.stop,
  };
}
