import { randomUUID } from 'node:crypto';
import type { EventJob } from '@xero-webhooks/queue';
import type { FakeXero } from '@xero-webhooks/fake-xero';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { makeEventJobs } from '../harness/events.ts';

/** A fake Xero with organisations and Xero's own limits. */
export type FakeBooks = AsyncDisposable & {
  readonly xero: FakeXero;
  readonly tenantIds: readonly string[];
  /** Creates invoices, spread evenly over the organisations, and a job for each. */
  invoiceJobs(count: number, tenantIds: readonly string[]): EventJob[];
};

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
