import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, writeDevelopmentFile } from '@xero-webhooks/runtime';
import type { FakeXero, FakeXeroOptions } from '@xero-webhooks/fake-xero';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { createSignatureCheck, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseEventName } from './event-name.ts';
import { recallEvents } from './events.ts';
import type { SimulateOptions } from './options.ts';
import { MAX_BY_FAKE } from './options.ts';
import { addOverride } from './override.ts';
import { reportSimulation } from './report.ts';
import { simulateCapture, simulateEvents } from './simulate-events.ts';

const KEY = 'some key';

type Received = { matched: boolean; body: Buffer; events: XeroEvent[] };

type System = {
  xero: FakeXero;
  url: string;
  /** The requests that came in. */
  received: Received[];
  events: () => XeroEvent[];
  lines: string[];
  warnings: string[];
  workingDirectory: string;
  /** Runs the command; says whether all answers were as expected. */
  simulate: (name: string, options?: Partial<SimulateOptions>, signal?: AbortSignal) => Promise<boolean>;
};

/** What `xw dev` runs, as far as the command notices it: an ingress that answers in some way, and a fake Xero. */
async function startSystem(
  answer: (response: ServerResponse, xero: FakeXero) => void = (response) => response.end(),
  options: FakeXeroOptions['webhook'] = {},
  known: (events: number) => number | undefined = () => undefined,
): Promise<System> {
  const received: Received[] = [];
  const check = createSignatureCheck([KEY]);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { matched } = check(body, request.headers[SIGNATURE_HEADER] as string);
      received.push({ matched, body, events: eventsOf(body) });
      answer(response, xero);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  const xero = await startFakeXero({ webhook: { url, key: KEY, ...options } });
  const workingDirectory = mkdtempSync(join(tmpdir(), 'xw-simulate-'));
  onTestFinished(async () => {
    await xero.stop();
    server.close();
    server.closeAllConnections();
    rmSync(workingDirectory, { recursive: true });
  });
  writeDevelopmentFile(dataFolder(workingDirectory), {
    webhookUrl: url,
    webhookKey: KEY,
    redisUrl: 'redis://127.0.0.1:1',
    xeroUrl: xero.url,
  });
  const lines: string[] = [];
  const warnings: string[] = [];
  const target = { url, key: KEY };
  return {
    xero,
    url,
    received,
    events: () => received.flatMap(({ events }) => events),
    lines,
    warnings,
    workingDirectory,
    async simulate(name, some = {}, signal) {
      const where = {
        target,
        workingDirectory,
        warn: (line: string) => void warnings.push(line),
        countKnown: async (events: readonly XeroEvent[]) => known(events.length),
        ...(signal && { signal }),
      };
      const wanted = { perRequest: 1, ...some };
      const simulation = await (some.file === undefined
        ? simulateEvents(parseEventName(name), wanted, where)
        : simulateCapture(some.file, wanted, where));
      lines.push(...reportSimulation(simulation));
      return simulation.passed;
    },
  };
}

function eventsOf(body: Buffer): XeroEvent[] {
  try {
    return (JSON.parse(body.toString()) as { events: XeroEvent[] }).events;
  } catch {
    return [];
  }
}

const idsOf = (events: readonly XeroEvent[]): string[] => events.map(({ resourceId }) => resourceId).toSorted();

describe('a simulation beside a fake Xero', () => {
  it('updates different resources there, and has the fake deliver', async () => {
    const { xero, url, simulate, received, events, lines } = await startSystem();
    const before = xero.resourceIds('invoice');
    expect(await simulate('invoice.updated', { count: before.length + 2 })).toBe(true);
    expect(lines).toEqual([
      `sent       7 invoice.updated in 7 requests to ${url}, by the fake Xero at ${xero.url}`,
      'answers    200 × 7',
      expect.stringMatching(/^latency {4}median /),
    ]);
    expect(received.every(({ matched }) => matched)).toBe(true);
    expect(new Set(events().map(({ eventType, tenantId }) => `${eventType} ${tenantId}`))).toEqual(
      new Set([`UPDATE ${xero.organisations[0]!.tenantId}`]),
    );
    expect(idsOf(events())).toEqual([...xero.resourceIds('invoice')].toSorted());
    expect(idsOf(events())).toEqual(expect.arrayContaining([...before]));
  });

  it('creates new resources there', async () => {
    const { xero, simulate, events } = await startSystem();
    const before = xero.resourceIds('contact');
    expect(await simulate('contact.created', { count: 3 })).toBe(true);
    const added = xero.resourceIds('contact').filter((id) => !before.includes(id));
    expect(idsOf(events())).toEqual(added.toSorted());
    expect(events().map(({ eventType }) => eventType)).toEqual(['CREATE', 'CREATE', 'CREATE']);
  });

  it('puts several events into a request', async () => {
    const { simulate, received, lines } = await startSystem();
    await simulate('payment.updated', { count: 5, perRequest: 2 });
    expect(received.map(({ events }) => events.length).toSorted((a, b) => a - b)).toEqual([1, 2, 2]);
    expect(lines.slice(0, 2)).toEqual([
      expect.stringContaining('5 payment.updated in 3 requests'),
      'answers    200 × 3',
    ]);
  });

  it('takes another organisation of the fake', async () => {
    const { xero, simulate, events } = await startSystem();
    const { tenantId } = xero.organisations[1]!;
    await simulate('invoice.updated', { tenant: tenantId });
    expect(events()).toEqual([expect.objectContaining({ tenantId })]);
    expect(xero.resourceIds('invoice', tenantId)).toContain(events()[0]!.resourceId);
  });

  it('repeats the very events that the fake has delivered', async () => {
    const { xero, url, simulate, events, lines } = await startSystem();
    await simulate('invoice.updated', { count: 4, perRequest: 3 });
    const delivered = events();
    expect(await simulate('invoice.updated', { repeat: true })).toBe(true);
    const byPlace = (all: readonly XeroEvent[]): string[] => all.map((event) => JSON.stringify(event)).toSorted();
    expect(byPlace(events().slice(4))).toEqual(byPlace(delivered));
    expect(xero.webhook.attempts()).toHaveLength(2);
    expect(lines).toContain(`sent again 4 invoice.updated in 4 requests to ${url}`);
  });

  it('says what was refused, and that the fake goes on', async () => {
    const { simulate, lines } = await startSystem((response) => {
      response.statusCode = 503;
      response.end();
    });
    expect(await simulate('invoice.updated', { count: 2 })).toBe(false);
    expect(lines).toContain('answers    503 × 2');
    expect(lines.at(-1)).toBe('note       the fake Xero keeps retrying refused requests, as Xero does');
  });

  it('says that an answer took too long', async () => {
    const { simulate, lines } = await startSystem(() => {}, { deadlineMs: 20 });
    expect(await simulate('invoice.updated')).toBe(false);
    expect(lines).toEqual(
      expect.arrayContaining(['answers    none × 1', 'fault      Response took longer than 5 seconds']),
    );
  });

  it('counts what got no answer beside what did', async () => {
    let requests = 0;
    const { simulate, lines } = await startSystem((response) => {
      if (++requests % 3 === 0) response.destroy();
      else response.end();
    });
    expect(await simulate('invoice.updated', { count: 6 })).toBe(false);
    expect(lines).toEqual(
      expect.arrayContaining(['answers    200 × 4, none × 2', 'fault      No answer (the connection failed)']),
    );
  });

  it('says that nothing answers, and can be repeated all the same', async () => {
    const { simulate, events, workingDirectory } = await startSystem((response) => response.destroy());
    await expect(simulate('invoice.updated')).rejects.toMatchObject({ code: 'XW_UNREACHABLE' });
    expect(recallEvents(dataFolder(workingDirectory), 'invoice.updated', 1)).toEqual(events().slice(0, 1));
  });

  it('says that the fake has ended meanwhile', async () => {
    const { xero, simulate } = await startSystem((_response, fake) => void fake.stop());
    await expect(simulate('invoice.updated')).rejects.toMatchObject({
      code: 'XW_UNREACHABLE',
      message: expect.stringContaining(`the fake Xero at ${xero.url} did not deliver`),
    });
  });
});

describe('a simulation that the fake Xero cannot make', () => {
  it.each<[string, string, Partial<SimulateOptions>]>([
    ['of a subscription', 'subscription.created', {}],
    ['of a category that there is not', 'payrun.updated', {}],
    ['of another type', 'invoice.approved', {}],
    ['for an organisation of others', 'invoice.updated', { tenant: 'another' }],
    ['with an address', 'invoice.updated', { url: 'http://127.0.0.1/' }],
    ['with a key', 'invoice.updated', { key: KEY }],
    ['of very many events', 'invoice.updated', { count: MAX_BY_FAKE + 1, perRequest: 10_000 }],
  ])('is sent without it: %s', async (_what, name, options) => {
    const { xero, url, simulate, events, lines } = await startSystem();
    expect(await simulate(name, options)).toBe(true);
    expect(xero.webhook.attempts()).toEqual([]);
    expect(lines[0]).toMatch(new RegExp(`^sent       \\d+ ${name} in \\d requests? to ${url}$`));
    expect(events()[0]!.tenantId).toBe(options.tenant ?? xero.organisations[0]!.tenantId);
  });

  it('is sent without it: one with a bad signature', async () => {
    const { xero, simulate, received } = await startSystem((response) => {
      response.statusCode = 401;
      response.end();
    });
    expect(await simulate('invoice.updated', { badSignature: true })).toBe(true);
    expect(received.map(({ matched }) => matched)).toEqual([false]);
    expect(xero.webhook.attempts()).toEqual([]);
  });

  it('is sent without it where the webhook of the fake goes elsewhere', async () => {
    const { xero, simulate, received } = await startSystem();
    xero.webhook.setTarget({ url: 'http://127.0.0.1:9/', key: KEY });
    expect(await simulate('invoice.updated')).toBe(true);
    expect(received).toHaveLength(1);
  });

  it('is sent without it, for an organisation that does not exist, where the fake has ended', async () => {
    const { xero, simulate, events } = await startSystem();
    await xero.stop();
    expect(await simulate('invoice.updated')).toBe(true);
    expect(events()).toEqual([expect.objectContaining({ tenantId: expect.stringMatching(/^de300000-/) })]);
  });

  it('counts what got no answer beside what did', async () => {
    let requests = 0;
    const { url, simulate, lines } = await startSystem((response) => {
      if (++requests % 3 === 0) response.destroy();
      else response.end();
    });
    expect(await simulate('invoice.updated', { count: 6, url })).toBe(false);
    expect(lines.slice(0, 2)).toEqual([
      `sent       6 invoice.updated in 6 requests to ${url}`,
      'answers    200 × 4, none × 2',
    ]);
    expect(lines.at(-1)).toMatch(/^fault {6}No answer \(\w+\)$/);
  });

  it('does not go on for long where nothing answers', async () => {
    const { url, simulate, received } = await startSystem((response) => response.destroy());
    await expect(simulate('invoice.updated', { count: 200, url })).rejects.toMatchObject({ code: 'XW_UNREACHABLE' });
    expect(received.length).toBeLessThan(100);
  });

  it('says that Xero documents no such event, and that the fake Xero has no such resource', async () => {
    const { xero, simulate, warnings } = await startSystem();
    await simulate('payrun.created');
    await simulate('subscription.created');
    expect(warnings).toEqual([
      'note       Xero documents no event named payrun.created, and the fake Xero has no such resource for handlers to read',
    ]);
    await xero.stop();
    await simulate('payrun.created');
    expect(warnings[1]).toBe('note       Xero documents no event named payrun.created');
  });
});

describe('a simulation of what is not usual', () => {
  it('gives fields of each event other values, text or JSON, or leaves them out', async () => {
    const { simulate, events, xero } = await startSystem();
    const override = ['eventDateUtc=2020-01-01T00:00:00', 'data.Status=VOIDED', 'data.Extra={"a":[1]}', 'resourceUrl='];
    const overrides = override.reduce<ReturnType<typeof addOverride>>((all, one) => addOverride(one, all), []);
    expect(await simulate('creditnote.updated', { count: 2, override: overrides })).toBe(true);
    expect(events()).toHaveLength(2);
    for (const event of events()) {
      expect(event).toMatchObject({
        eventCategory: 'CREDITNOTE',
        eventDateUtc: '2020-01-01T00:00:00',
        data: { Type: 'ACCRECCREDIT', Status: 'VOIDED', Extra: { a: [1] } },
      });
      expect(event).not.toHaveProperty('resourceUrl');
    }
    expect(xero.webhook.attempts()).toEqual([]);
  });

  it.each(['nothing', '=1', 'a..b=1', 'a.=1', '__proto__.x=1'])('refuses the override %s', (text) => {
    expect(() => addOverride(text)).toThrow('It must be a field and its value');
  });

  it('sends a captured body byte for byte, under a signature of its own', async () => {
    const { simulate, received, workingDirectory, lines } = await startSystem();
    const file = join(workingDirectory, 'capture.json');
    const body = '{"events": [ {"resourceId":"r"} ],"firstEventSequence": 7,\n"lastEventSequence":7}';
    writeFileSync(file, body);
    expect(await simulate('', { file })).toBe(true);
    expect(received).toMatchObject([{ matched: true, body: Buffer.from(body) }]);
    expect(lines[0]).toContain(`1 events of ${file} in 1 request`);

    expect(await simulate('', { file, override: addOverride('resourceId=other') })).toBe(true);
    expect(received[1]).toMatchObject({ matched: true, events: [{ resourceId: 'other' }] });
  });

  it('sends a captured body that nobody can read, but does not change it', async () => {
    const { simulate, received, workingDirectory } = await startSystem((response) => {
      response.statusCode = 400;
      response.end();
    });
    const file = join(workingDirectory, 'odd');
    writeFileSync(file, Buffer.from([0xff, 0x00, 0x7b]));
    expect(await simulate('', { file })).toBe(false);
    expect(received).toMatchObject([{ matched: true, body: Buffer.from([0xff, 0x00, 0x7b]) }]);
    const override = addOverride('a=1');
    await expect(simulate('', { file, override })).rejects.toMatchObject({ code: 'XW_CAPTURE' });
    await expect(simulate('', { file: '/nowhere' })).rejects.toMatchObject({
      code: 'XW_CAPTURE',
      message: expect.stringContaining('/nowhere cannot be read (ENOENT)'),
    });
  });

  it('sends some of the requests twice, with the same bytes', async () => {
    const { url, simulate, received, lines } = await startSystem();
    expect(await simulate('invoice.updated', { count: 20, duplicates: 15 })).toBe(true);
    const bodies = received.map(({ body }) => body.toString());
    expect(bodies).toHaveLength(23);
    expect(new Set(bodies).size).toBe(20);
    expect(lines).toEqual([
      `sent       20 invoice.updated in 20 requests to ${url}`,
      'sent twice 3 of the requests, as Xero does',
      'answers    200 × 23',
      expect.stringMatching(/^latency/),
    ]);
  });

  it.each([
    ['by itself', { key: KEY }],
    ['by the fake Xero', {}],
  ])('begins no more requests once it is interrupted, and says how many it has sent: %s', async (_how, options) => {
    const interrupted = new AbortController();
    let requests = 0;
    const { simulate, received, lines } = await startSystem((response) => {
      if (++requests === 5) interrupted.abort();
      response.end();
    });
    expect(await simulate('invoice.created', { count: 1_000, rate: 100, ...options }, interrupted.signal)).toBe(false);
    expect(received.length).toBeLessThan(100);
    expect(lines[0]).toContain(`${received.length} invoice.created in ${received.length} requests`);
  });
});

describe('a repeated simulation', () => {
  const note = 'note       events that the queue already has, or that were handled, are dropped as duplicates';
  const dropped = (count: number): string => `duplicates ${count} dropped: the queue already has them`;

  it.each<[string, (events: number) => number | undefined, string[]]>([
    ['has all', (events) => events, [dropped(3)]],
    ['has some', () => 2, [dropped(2), note]],
    ['has none', () => 0, [note]],
    ['may have any', () => undefined, [note]],
  ])('says what is dropped where the queue %s of its events', async (_what, known, expected) => {
    const { simulate, lines } = await startSystem(undefined, {}, known);
    await simulate('invoice.updated', { count: 3 });
    expect(lines).toHaveLength(3);
    await simulate('invoice.updated', { repeat: true });
    expect(lines.slice(6)).toEqual(expected);
  });

  it('says nothing of that where the events were refused', async () => {
    let status = 200;
    const { simulate, lines } = await startSystem(
      (response) => {
        response.statusCode = status;
        response.end();
      },
      {},
      (events) => events,
    );
    await simulate('invoice.updated');
    status = 503;
    await simulate('invoice.updated', { repeat: true });
    status = 401;
    await simulate('invoice.updated', { repeat: true, badSignature: true });
    expect(lines.filter((line) => /^(duplicates|note)/.test(line))).toEqual([]);
  });
});
