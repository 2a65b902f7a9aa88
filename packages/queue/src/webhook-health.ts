import type { RedisClient } from '@xero-webhooks/runtime';

/** What a request to the webhook came to, as operators ask for it. */
export type WebhookOutcome = 'accepted' | 'intent-to-receive' | 'signature-mismatch' | 'unreadable' | 'refused';

/** When each last happened, in milliseconds since 1970; `undefined` where it never did. */
export type WebhookHealth = {
  readonly last: Readonly<Record<WebhookOutcome, number | undefined>>;
  /** The position in XERO_WEBHOOK_KEY of the key that last matched, from 0. */
  readonly keyIndex: number | undefined;
  /** When requests that Xero signed last failed for long, until one was accepted again. */
  readonly outage: WebhookOutage | undefined;
};

/** In milliseconds since 1970. */
export type WebhookOutage = { readonly since: number; readonly until: number };

/** Notes what a request came to. Nothing waits for it, and nothing fails because of it. */
export type NoteWebhook = (outcome: WebhookOutcome, keyIndex?: number) => void;

/** Each outcome is written at most so often, in milliseconds: anybody can send requests. */
const QUIET_MS = 1_000;

const OUTCOMES: readonly WebhookOutcome[] = [
  'accepted',
  'intent-to-receive',
  'signature-mismatch',
  'unreadable',
  'refused',
];

export function createNoteWebhook(client: RedisClient, prefix: string): NoteWebhook {
  const wroteAt = new Map<WebhookOutcome, number>();
  return (outcome, keyIndex) => {
    const now = Date.now();
    if (now - (wroteAt.get(outcome) ?? 0) < QUIET_MS || client.status !== 'ready') return;
    wroteAt.set(outcome, now);
    const fields = keyIndex === undefined ? { [outcome]: now } : { [outcome]: now, keyIndex };
    client.hset(keyOf(prefix), fields).catch(() => {});
  };
}

export async function readWebhookHealth(client: RedisClient, prefix: string): Promise<WebhookHealth> {
  const fields = await client.hgetall(keyOf(prefix));
  const number = (name: string): number | undefined => (fields[name] === undefined ? undefined : Number(fields[name]));
  const last = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, number(outcome)])) as WebhookHealth['last'];
  return { last, keyIndex: number('keyIndex'), outage: outageOf(fields) };
}

/** Two ingresses tell of the same outage: what begins within so long after another's end belongs to it, in milliseconds. */
const SAME_OUTAGE_MS = 60_000;

/** Notes that requests failed for long, and that one was accepted again. */
export async function noteOutage(client: RedisClient, prefix: string, { since, until }: WebhookOutage): Promise<void> {
  const before = outageOf(await client.hgetall(keyOf(prefix)));
  const isSame = before !== undefined && since <= before.until + SAME_OUTAGE_MS && before.since <= until;
  const outage = isSame
    ? { since: Math.min(before.since, since), until: Math.max(before.until, until) }
    : { since, until };
  await client.hset(keyOf(prefix), { outageSince: outage.since, outageUntil: outage.until });
}

function outageOf({ outageSince, outageUntil }: Readonly<Record<string, string>>): WebhookOutage | undefined {
  if (outageSince === undefined || outageUntil === undefined) return undefined;
  return { since: Number(outageSince), until: Number(outageUntil) };
}

function keyOf(prefix: string): string {
  return `${prefix}:webhook`;
}
