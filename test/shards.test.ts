import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dataFolder, writeDevelopmentFile } from '@xero-webhooks/runtime';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ROOT, startProcess, testClient, testPrefix, until } from '@xero-webhooks/testing';
import { handledFile } from './support/handled-file.ts';
import { runXw } from './support/run-xw.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/varied-handlers.ts`;

let number = 0;

/** An event of its own, of one of twenty organisations. */
function event(category: string, type: string): XeroEvent {
  const dateUtc = '2026-01-02T03:04:05.67';
  return xeroEvent({ category, type, resourceId: `r-${++number}`, tenantId: `t-${number % 20}`, dateUtc });
}

const body = (...events: XeroEvent[]): Buffer => xeroBody(events, 1);

type Result = { code: number | null; text: string };

async function xw(args: string[], environment: Record<string, string>, cwd = ROOT): Promise<Result> {
  const app = startProcess(['apps/cli/src/main.ts', ...args], environment, { cwd });
  const { code } = await app.ended;
  return { code, text: app.lines.map(({ msg }) => msg).join('\n') };
}

describe('xw shards', () => {
  it(
    'changes the number only when nothing is left, and then stops every process of the old number',
    { timeout: 60_000 },
    async () => {
      const prefix = testPrefix();
      const environment = { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix };
      const { file, read } = handledFile();
      const ingress = await startIngress(prefix);
      const first = event('invoice', 'update');
      expect((await post(ingress.url, body(first))).status).toBe(200);

      expect(await xw(['shards', '4'], environment)).toEqual({
        code: 1,
        text: expect.stringMatching(
          /xw: the number of shards cannot become 4 yet: xero-events-0 holds 1 waiting: running workers handle the rest \[XW_SHARDS_NOT_DRAINED\] see docs\/errors\.md#xw_shards_not_drained$/,
        ),
      });
      const shown = await xw(['shards'], environment);
      expect(shown.code).toBe(0);
      expect(shown.text).toMatch(
        /^QUEUE_SHARDS is 1, recorded under t-\w+:shards\n\nqueue .*\nxero-events-0 +1 +0 +0 +0 +0$/,
      );
      const json = await runXw(['shards', '--json'], environment);
      expect(JSON.parse(json.stdout)).toEqual({
        recorded: 1,
        queues: [{ name: 'xero-events-0', waiting: 1, active: 0, delayed: 0, deadLetters: 0, handled: 0 }],
      });
      expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(200);

      const worker = await startWorker(prefix, HANDLERS, { HANDLED_FILE: file });
      await until(() => read().length === 2, '2 handled events');
      const drained = /xero-events-0 +0 +0 +0 +0 +2$/;
      await until(async () => drained.test((await xw(['shards'], environment)).text), 'drained queues');
      expect(await xw(['shards', '4'], environment)).toEqual({
        code: 0,
        text: expect.stringMatching(/\nQUEUE_SHARDS was 1 and is 4: start every process with QUEUE_SHARDS=4$/),
      });

      expect(await worker.ended).toEqual({ code: 1, signal: null });
      await ingress.line(
        ({ code, msg }) => code === 'XW_SHARDS' && msg.startsWith('QUEUE_SHARDS is 1, but 4 is recorded'),
      );
      const late = event('invoice', 'update');
      expect((await post(ingress.url, body(late))).status).toBe(503);
      expect((await ingress.line(({ outcome }) => outcome === 'refused'))['reason']).toMatch(/^QUEUE_SHARDS is 1/);
      expect((await fetch(`${ingress.admin}/readyz`)).status).toBe(503);

      const QUEUE_SHARDS = '4';
      const again = await startIngress(prefix, { QUEUE_SHARDS });
      await startWorker(prefix, HANDLERS, { QUEUE_SHARDS, HANDLED_FILE: file });
      // Xero tries again what was refused, and repeats what it is not sure of.
      const events = Array.from({ length: 20 }, () => event('invoice', 'update'));
      for (const one of [late, first, ...events]) expect((await post(again.url, body(one))).status).toBe(200);
      await until(() => read().length >= 23, 'the other events');
      expect(new Set(read().map(({ key }) => key)).size).toBe(23);
      expect(read()).toHaveLength(23);
      expect(await xw(['shards', '4'], environment)).toEqual({
        code: 0,
        text: expect.stringContaining('is already 4'),
      });
    },
  );

  it('refuses where a dead letter is left', async () => {
    const prefix = testPrefix();
    const environment = { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix };
    const ingress = await startIngress(prefix);
    const worker = await startWorker(prefix, HANDLERS, { HANDLED_FILE: '/dev/null' });
    expect((await post(ingress.url, body(event('payment', 'create')))).status).toBe(200);
    await worker.line(({ alert }) => alert === 'dead-letter');
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:failed`)) === 1, 'the dead letter');
    expect(await xw(['shards', '2'], environment)).toMatchObject({
      code: 1,
      text: expect.stringContaining(
        'xero-events-0 holds 1 dead letter: "xw failed retry" or "xw failed drop" empties the dead letters [XW_SHARDS_NOT_DRAINED] see docs/errors.md#xw_shards_not_drained',
      ),
    });
    expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(200);
  });

  it('loses nothing while events keep coming', { timeout: 90_000 }, async () => {
    const prefix = testPrefix();
    const environment = { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix };
    const { file, read } = handledFile();
    const ingress = await startIngress(prefix);
    await startWorker(prefix, HANDLERS, { HANDLED_FILE: file });
    const accepted: string[] = [];
    let sending = true;
    onTestFinished(() => {
      sending = false;
    });
    const sent = (async () => {
      while (sending) {
        const one = event('invoice', 'update');
        const { status } = await post(ingress.url, body(one));
        if (status === 200) accepted.push(one.resourceId);
        // The next one comes when this one is handled, so that there are moments in which nothing is left.
        await wait(30);
      }
    })();
    await until(() => accepted.length > 10, 'some events');
    await until(async () => (await xw(['shards', '2'], environment)).code === 0, 'the change', 60_000);
    sending = false;
    await sent;
    expect((await post(ingress.url, body(event('invoice', 'update')))).status).toBe(503);
    await startWorker(prefix, HANDLERS, { QUEUE_SHARDS: '2', HANDLED_FILE: file });
    const seen = (): Set<string> => new Set(read().map(({ resourceId }) => resourceId));
    await until(() => accepted.every((id) => seen().has(id)), 'all events');
    const left = (await xw(['shards'], environment)).text.split('\n').slice(3);
    expect(left.map((line) => line.split(/ +/).slice(1, 5))).toEqual([
      ['0', '0', '0', '0'],
      ['0', '0', '0', '0'],
    ]);
  });

  it('looks at the Redis that "xw dev" runs in the working directory where the environment names none', async () => {
    const prefix = testPrefix();
    await testClient().set(`${prefix}:shards`, 3);
    const cwd = mkdtempSync(join(tmpdir(), 'xw-shards-'));
    writeDevelopmentFile(dataFolder(cwd), { webhookUrl: '', webhookKey: '', redisUrl: inject('redis').url });
    expect(await xw(['shards'], { REDIS_PREFIX: prefix }, cwd)).toEqual({
      code: 0,
      text: expect.stringMatching(/^QUEUE_SHARDS is 3, /),
    });
  });

  it.each([
    [{}, /^xw: REDIS_URL is not set: .* \[XW_CONFIG\] see docs\/errors\.md#xw_config$/],
    [
      { REDIS_URL: 'redis://:secret@127.0.0.1:1' },
      /^xw: Redis does not answer \(127\.0\.0\.1:1\): start it, .* \[XW_REDIS_ABSENT\] see docs\/errors\.md#xw_redis_absent$/,
    ],
  ])('says in one line what is wrong with %j', async (environment: Record<string, string>, line) => {
    const cwd = mkdtempSync(join(tmpdir(), 'xw-shards-'));
    expect(await xw(['shards'], environment, cwd)).toEqual({ code: 1, text: expect.stringMatching(line) });
  });

  it.each(['0', '65', '1.5', 'many', '-1'])('refuses to make it %s', async (count) => {
    const { code, text } = await xw(['shards', '--', count], { REDIS_URL: inject('redis').url });
    expect(code).toBe(2);
    expect(text).toMatch(/count must be a whole number from 1 to 64 .*; see "xw shards --help" \[XW_USAGE\]/);
  });
});
