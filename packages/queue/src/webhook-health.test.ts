import { testClient, testPrefix } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { createNoteWebhook, noteOutage, readWebhookHealth } from './webhook-health.ts';

it('the webhook tells when each kind of request last came, and which key matched', async () => {
  const [client, prefix] = [testClient(), testPrefix()];
  await client.ping();
  const nothing = { accepted: undefined, 'intent-to-receive': undefined, 'signature-mismatch': undefined };
  expect(await readWebhookHealth(client, prefix)).toMatchObject({ last: nothing, keyIndex: undefined });
  const note = createNoteWebhook(client, prefix);
  const before = Date.now();
  note('signature-mismatch');
  note('accepted', 1);
  // Too soon after the other: it is not written.
  note('accepted', 0);
  await expect.poll(() => readWebhookHealth(client, prefix)).toMatchObject({ keyIndex: 1 });
  const { last } = await readWebhookHealth(client, prefix);
  expect(last.accepted).toBeGreaterThanOrEqual(before);
  expect(last['signature-mismatch']).toBeGreaterThanOrEqual(before);
  expect(last['intent-to-receive']).toBeUndefined();
});

it('a webhook without Redis notes nothing, and fails nobody', async () => {
  const client = testClient();
  client.disconnect();
  expect(() => createNoteWebhook(client, testPrefix())('accepted', 0)).not.toThrow();
});

it('the webhook tells of its last outage, which is one for all ingresses', async () => {
  const [client, prefix] = [testClient(), testPrefix()];
  const MINUTE = 60_000;
  const outage = async () => (await readWebhookHealth(client, prefix)).outage;
  await client.ping();
  expect(await outage()).toBeUndefined();
  await noteOutage(client, prefix, { since: 10 * MINUTE, until: 20 * MINUTE });
  await noteOutage(client, prefix, { since: 12 * MINUTE, until: 21 * MINUTE });
  await noteOutage(client, prefix, { since: 9 * MINUTE, until: 19 * MINUTE });
  expect(await outage()).toEqual({ since: 9 * MINUTE, until: 21 * MINUTE });
  await noteOutage(client, prefix, { since: 30 * MINUTE, until: 40 * MINUTE });
  expect(await outage()).toEqual({ since: 30 * MINUTE, until: 40 * MINUTE });
});
