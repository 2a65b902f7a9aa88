import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { testHandlers } from 'xero-webhooks/testing';
import register from './handlers.ts';

/** What Slack got, and what it answers. */
const messages: unknown[] = [];
let answer = 200;

const slack = createServer(async (request, response) => {
  const chunks = await request.toArray();
  messages.push(JSON.parse(Buffer.concat(chunks as Buffer[]).toString()));
  response.writeHead(answer, answer === 429 ? { 'retry-after': '30' } : {}).end();
});
slack.listen(0, '127.0.0.1');
await once(slack, 'listening');
process.env.SLACK_WEBHOOK_URL = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T/B/X`;
after(() => slack.close());

const invoice = {
  InvoiceNumber: 'INV-7',
  Total: 99.5,
  CurrencyCode: 'NZD',
  Contact: { ContactID: 'c', Name: 'Ridgeway' },
};

async function emit(status: 'PAID' | 'AUTHORISED') {
  const handlers = await testHandlers(register, { resources: { invoice: { ...invoice, Status: status } } });
  return (await handlers.emit('invoice.updated')).announcePayment;
}

test('an invoice that is paid is announced, and no other', async () => {
  await emit('AUTHORISED');
  assert.equal((await emit('PAID'))?.outcome, 'succeeded');
  assert.deepEqual(messages, [{ text: 'Ridgeway has paid INV-7: 99.5 NZD' }]);
});

test('it waits as long as Slack asks for', async () => {
  answer = 429;
  const run = await emit('PAID');
  assert.deepEqual([run?.outcome, run?.delayMs], ['failed', 30_000]);
});

test('it gives up where the webhook is gone', async () => {
  answer = 404;
  assert.equal((await emit('PAID'))?.outcome, 'gave-up');
});
