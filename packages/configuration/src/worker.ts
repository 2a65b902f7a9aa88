import { alertVariables } from '@xero-webhooks/monitoring/config';
import { forwardVariables } from '@xero-webhooks/forward/config';
import { recordRetentionVariables, recordVariables } from '@xero-webhooks/record';
import {
  adminPort,
  integer,
  oneOf,
  optional,
  processVariables,
  redisVariables,
  text,
  withDefault,
} from '@xero-webhooks/runtime';
import { rememberVariables } from './remember.ts';
import { xeroReadVariables } from '@xero-webhooks/xero';
import { connectPageVariables, xeroAppVariables } from '@xero-webhooks/xero-auth';
import { tracingVariables } from '@xero-webhooks/tracing/config';

/** What the worker reads from its environment. */
export const workerVariables = {
  ...redisVariables,
  HANDLERS: optional(text, {
    about: 'The handler module, as a path from the working directory: `.ts`, `.mts`, `.js`, `.mjs` or `.cjs`.',
    without:
      'nothing but `FORWARD_URL`, if that is set, or else samples of the worker, `apps/worker/src/handlers/index.ts`',
  }),
  WORKER_CONCURRENCY: withDefault(integer(1, 10_000), '50', {
    about: 'How many events one process works on at once, in each shard.',
  }),
  RETRY_ATTEMPTS: withDefault(integer(1, 100_000), '100', {
    about: 'How often a handler may fail before its event is a dead letter.',
  }),
  RETRY_BASE_MS: withDefault(integer(1, 86_400_000), '1000', {
    about: 'The wait after the first failure, in milliseconds; it doubles with each further one.',
  }),
  RETRY_MAX_MS: withDefault(integer(1, 86_400_000), '900000', {
    about: 'The longest wait between two attempts, in milliseconds. With the defaults the retries last about a day.',
  }),
  CRASH_ATTEMPTS: withDefault(integer(1, 1_000), '3', {
    about:
      'How many runs of an event may end with their process (a crash, out of memory, a blocked event loop) before it is a dead letter. Events that were at work when a process was lost run again one at a time; only what is lost on its own is a dead letter.',
  }),
  JOB_LOCK_MS: withDefault(integer(1_000, 600_000), '15000', {
    about:
      "How long a job's lock lives without being renewed, in milliseconds. The jobs of a killed worker run again within twice that.",
  }),
  HANDLER_TIMEOUT_MS: withDefault(integer(1, 86_400_000), '30000', {
    about: 'How long one attempt of a handler may take, in milliseconds.',
  }),
  MISSING_AWAIT: withDefault(oneOf('warn', 'fail'), 'warn', {
    about:
      'What a handler gets that returns before its reads from Xero have ended: a warning, or a failed attempt, which is what `xw dev` sets.',
  }),
  ...rememberVariables,
  EVENT_RETENTION_S: withDefault(integer(0, 31_536_000), '259200', {
    about: 'How long handled events are kept for reading and replay, in seconds.',
  }),
  EVENT_RETENTION_COUNT: withDefault(integer(0, 100_000_000), '100000', {
    about: 'How many handled events are kept at most; the earlier bound counts.',
  }),
  ...recordVariables,
  ...recordRetentionVariables,
  RECONCILE_INTERVAL_S: optional(integer(600, 604_800), {
    about:
      "How often to compare what has changed in Xero with what came by webhook, and to handle what was missed, in seconds; the same for all workers. Each time takes at least six calls of each organisation's day.",
    without: 'never',
  }),
  GAP_BACKFILL_S: withDefault(integer(0, 86_400), '3600', {
    about:
      "How long a gap in the numbers of Xero's events may stay open before what changed at that time is read, in seconds; 0 for never; the same for all workers. Only where the numbers have gone on without many gaps, and once an hour at most.",
  }),
  ...forwardVariables,
  ...xeroReadVariables,
  ...xeroAppVariables,
  ...connectPageVariables,
  ...alertVariables,
  ...tracingVariables,
  ...processVariables,
  WORKER_ADMIN_PORT: adminPort('worker', 9465),
};
