import type { RedisState } from '@xero-webhooks/runtime';
import { spanText } from '@xero-webhooks/runtime/span-text';
import type { FoundAlert } from './alerts.ts';
import { when } from './when.ts';

/** What an ingress knows without asking Redis. Times are in milliseconds since 1970. */
export type IngressFacts = {
  readonly now: number;
  readonly redis: RedisState;
  readonly failingSince: number | undefined;
  readonly mismatches: { readonly since: number; readonly count: number } | undefined;
};

/** Xero disables a webhook that has failed for so long, in milliseconds. */
const DISABLED_AFTER_MS = 24 * 3_600_000;

/** So many wrong signatures over so long a time, in milliseconds, are more than Xero's test of an endpoint. */
const MISMATCHES = 3;
const MISMATCHING_MS = 300_000;

/** What each ingress finds for itself, mostly because Redis is away. */
export function findIngressAlerts(
  { now, redis, failingSince, mismatches }: IngressFacts,
  { afterMs }: { readonly afterMs: number },
): FoundAlert[] {
  return [
    ...when(
      !redis.usable,
      'redis-unusable',
      redis.usable ? '' : `The ingress cannot use Redis: ${redis.reason}`,
      afterMs,
    ),
    ...when(
      mismatches !== undefined && mismatches.count >= MISMATCHES && now - mismatches.since >= MISMATCHING_MS,
      'signatures-refused',
      `${mismatches?.count} requests in a row had a signature that matches no key`,
    ),
    ...(failingSince === undefined ? [] : inDanger(now, failingSince, afterMs)),
  ];
}

function inDanger(now: number, since: number, afterMs: number): FoundAlert[] {
  const leftMs = since + DISABLED_AFTER_MS - now;
  const left =
    leftMs > 0
      ? `Xero disables the webhook of the whole app in ${spanText(leftMs)}`
      : 'Xero may have disabled the webhook of the whole app';
  const text = `Requests of Xero have failed since ${new Date(since).toISOString().slice(0, 16)}Z: ${left}`;
  return when(now - since >= afterMs, 'webhook-in-danger', text);
}
