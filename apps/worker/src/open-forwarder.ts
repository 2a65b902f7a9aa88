import type { Change, OpenForwarder } from '@xero-webhooks/forward';
import { createBreaker, createForwarder, createPlaces } from '@xero-webhooks/forward';
import type { RedisClient, Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';

/** The part of a worker's places that messages to one receiver may take. Reads for them share calls, so it is no less. */
const PART = 0.5;

type Options = {
  /** FORWARD_ALLOW_PRIVATE. */
  allowPrivate: boolean;
  redis: { readonly client: RedisClient; readonly prefix: string };
  /** How many events this process works on at once. */
  capacity: number;
  log: Log;
  metrics: Metrics;
};

/** What handlers forward with. Receivers that fail are known to all workers. */
export function openForwarder({ allowPrivate, redis, capacity, log, metrics }: Options): OpenForwarder {
  const forwards = counterOf(metrics, 'xw_forwards_total');
  return createForwarder({
    allowPrivate,
    breaker: createBreaker(redis.client, redis.prefix),
    places: createPlaces(Math.max(1, Math.floor(capacity * PART))),
    onSent: (outcome) => forwards.inc({ outcome }),
    onChange: (receiver, change, reason) => logChange(log, receiver, change, reason),
  });
}

function logChange(log: Log, receiver: string, change: Change, reason: string): void {
  if (change.change === 'closed') log.info({ receiver }, 'a receiver is well again: messages to it go on');
  else log.warn({ receiver, reason, waitMs: change.ms }, 'a receiver keeps failing: messages to it wait');
}
