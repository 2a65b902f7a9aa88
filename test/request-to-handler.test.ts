import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import {
  captureA,
  captureB,
  creditNoteBody,
  ROOT,
  severalEventsBody,
  testClient,
  testPrefix,
  until,
} from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { handledFile } from './support/handled-file.ts';
import { post, startIngress, startWorker, TEST_KEY } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/recording-handlers.ts`;

describe('a signed webhook', () => {
  it('reaches a handler once for each of its events, through one ingress and two workers', async () => {
    const prefix = testPrefix();
    const { file, read } = handledFile();
    const ingress = await startIngress(prefix, { XERO_WEBHOOK_KEY: `${captureA.key},${TEST_KEY}` });
    await Promise.all([1, 2].map(() => startWorker(prefix, HANDLERS, { HANDLED_FILE: file })));

    for (const capture of [captureA, captureB]) {
      const answer = await post(ingress.url, capture.body, { 'x-xero-signature': capture.good });
      expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([200, '', null]);
    }
    const many = Array.from({ length: 40 }, (_, index) =>
      xeroEvent({
        category: 'invoice',
        type: 'update',
        resourceId: `i-${index}`,
        tenantId: 't-1',
        dateUtc: '2026-01-01T00:00:00',
      }),
    );
    for (const body of [
      creditNoteBody,
      severalEventsBody,
      ...many.map((event, index) => xeroBody([event], index + 1)),
    ]) {
      expect((await post(ingress.url, body)).status).toBe(200);
    }
    // Xero sends again what it is not sure of.
    expect((await post(ingress.url, severalEventsBody)).status).toBe(200);

    await until(() => read().length >= 44, '44 handled events');
    const handled = read();
    expect(handled).toHaveLength(44);
    expect(new Set(handled.map(({ key }) => key)).size).toBe(44);
    expect(
      Object.fromEntries(
        Map.groupBy(handled, ({ name }) => name)
          .entries()
          .map(([name, all]) => [name, all.length]),
      ),
    ).toEqual({
      'invoice.updated': 42,
      'contact.updated': 1,
      'creditnote.created': 1,
    });
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 44, '44 completed jobs');
  });

  it('gets 401 with nothing in it where the signature is that of the check of the intent to receive', async () => {
    const ingress = await startIngress(testPrefix(), { XERO_WEBHOOK_KEY: captureA.key });
    const answer = await post(ingress.url, captureA.body, { 'x-xero-signature': captureA.bad! });
    expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([401, '', null]);
  });

  it('is explained in the log where only the development key is set', async () => {
    const ingress = await startIngress(testPrefix(), { XERO_WEBHOOK_KEY: 'xw-development-abc' });
    expect((await post(ingress.url, '{}')).status).toBe(401);
    const line = await ingress.line(({ outcome }) => outcome === 'signature-mismatch');
    expect(line.msg).toContain('only the development key is set');
  });
});
