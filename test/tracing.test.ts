import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, it } from 'vitest';
import { otlpReceiver } from './support/otlp-receiver.ts';
import { post, startIngress } from './support/system.ts';
import { xeroSystem } from './support/xero-system.ts';

const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;
const ERROR = 2;

/** An ingress and a worker that are traced, or are not, and a request with events of resources that are there. */
async function tracedSystem(environment: Record<string, string>) {
  const { prefix, xero, handled, startWorkers } = await xeroSystem();
  const ingress = await startIngress(prefix, environment);
  const [worker] = await startWorkers(1, { ...environment, RETRY_ATTEMPTS: '1' });
  const { tenantId } = xero.organisations[0]!;
  async function send(...resourceIds: string[]): Promise<void> {
    const events = resourceIds.map((resourceId) =>
      xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId, dateUtc: '2026-01-01T00:00:00' }),
    );
    expect((await post(ingress.url, xeroBody(events, 1))).status).toBe(200);
  }
  return {
    ingress,
    worker: worker!,
    handled,
    send,
    changed: () => xero.change({ category: 'invoice', notify: false }).resourceId,
    /** Ends both, so that the last spans are sent. */
    async end(): Promise<void> {
      for (const { child, ended } of [ingress, worker!]) {
        child.kill('SIGTERM');
        expect(await ended).toEqual({ code: 0, signal: null });
      }
    },
  };
}

const outcome = (line: Record<string, unknown>, what: string): boolean => line['outcome'] === what;

describe('a trace', () => {
  it('goes from the request through the queue into each handler and its call of Xero, and log lines name it', async () => {
    const collector = await otlpReceiver();
    const system = await tracedSystem({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=a%20secret',
    });
    await system.send(system.changed());
    const line = await system.worker.line((one) => outcome(one, 'handled'), 'the event to be handled');
    await system.end();

    const [request] = collector.named('POST /webhook');
    const [read] = collector.named('invoice.updated read');
    const [note] = collector.named('invoice.updated note');
    const [call] = collector.named('GET Invoices');
    expect(request).toMatchObject({
      kind: SERVER,
      service: 'xero-webhooks-ingress',
      attributes: { 'http.response.status_code': 200 },
    });
    expect(request!.parentSpanId ?? '').toBe('');
    const of = { traceId: request!.traceId, service: 'xero-webhooks-worker' };
    for (const handler of [read, note])
      expect(handler).toMatchObject({ ...of, kind: CONSUMER, parentSpanId: request!.spanId });
    expect(read!.attributes).toMatchObject({ 'xw.handler': 'read', 'xw.attempt': 1, 'xw.outcome': 'succeeded' });
    expect(call).toMatchObject({ ...of, kind: CLIENT, parentSpanId: read!.spanId, links: [] });
    expect(collector.headers[0]).toMatchObject({ url: '/v1/traces', 'x-api-key': 'a secret' });

    expect(line).toMatchObject({ traceId: request!.traceId, key: expect.any(String), deliveryId: expect.any(String) });
    const accepted = system.ingress.lines.find(({ msg }) => msg === 'request accepted');
    expect(accepted).toMatchObject({
      traceId: request!.traceId,
      spanId: request!.spanId,
      deliveryId: line['deliveryId'],
    });
  });

  it('has one span of a call that reads for several handlers, linked to all of them', async () => {
    const collector = await otlpReceiver();
    const system = await tracedSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await system.send(system.changed(), system.changed());
    await collector.until('GET Invoices');
    await system.end();
    const [call, ...others] = collector.named('GET Invoices');
    const reads = collector.named('invoice.updated read').map(({ spanId }) => spanId);
    expect(others).toEqual([]);
    expect(call!.attributes['xw.resources']).toBe(2);
    expect(reads).toHaveLength(2);
    expect(new Set([call!.parentSpanId, ...call!.links.map(({ spanId }) => spanId)])).toEqual(new Set(reads));
  });

  it('says of a handler that failed why', async () => {
    const collector = await otlpReceiver();
    const system = await tracedSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await system.send('no-such-invoice');
    await system.worker.line((one) => outcome(one, 'dead'), 'a dead letter');
    await system.end();
    expect(collector.named('invoice.updated read')[0]).toMatchObject({
      status: { code: ERROR, message: expect.stringMatching(/^Xero answered 404/) },
    });
  });

  it('that nobody takes disturbs nothing, and none begins where no collector is named', async () => {
    const lost = await tracedSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    await lost.send(lost.changed());
    await lost.worker.line((one) => outcome(one, 'handled'), 'the event to be handled');
    await lost.end();
    const without = await tracedSystem({});
    await without.send(without.changed());
    const line = await without.worker.line((one) => outcome(one, 'handled'), 'the event to be handled');
    expect(line).not.toHaveProperty('traceId');
    expect(without.ingress.lines.some((one) => 'traceId' in one)).toBe(false);
  });
});
