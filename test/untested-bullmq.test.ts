import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { ROOT, testPrefix } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { handledFile } from './support/handled-file.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const UNTESTED = { NODE_OPTIONS: `--require ${ROOT}test/support/untested-bullmq.cjs` };

it('with a BullMQ that was not tested, events are handled all the same, and both processes say so', async () => {
  const prefix = testPrefix();
  const handled = handledFile();
  const ingress = await startIngress(prefix, UNTESTED);
  const worker = await startWorker(prefix, `${ROOT}test/support/recording-handlers.ts`, {
    ...UNTESTED,
    HANDLED_FILE: handled.file,
  });
  const event = xeroEvent({
    category: 'invoice',
    type: 'update',
    resourceId: 'r-1',
    tenantId: 't-1',
    dateUtc: '2026-01-01T00:00:00',
  });
  expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
  await worker.line(({ msg }) => msg === 'event handled', 'the event to be handled');
  for (const { lines } of [ingress, worker]) {
    expect(lines.filter(({ code }) => code === 'XW_BULLMQ_UNKNOWN')).toHaveLength(1);
  }
});
