/** What is to be said of an alert, once: docs/alerts.md and the rules for Prometheus come from here. */
export type AlertEntry = {
  /** What is so. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
  /** The same as a rule for Prometheus, with its default bounds. */
  readonly rule: { readonly expr: string; readonly for: string; readonly severity: 'critical' | 'warning' };
  /** Who raises it: the one process that watches for all, or each ingress from its own memory. */
  readonly by: 'one process' | 'each ingress';
  /** What there is an alert of each for. */
  readonly each?: 'handler' | 'organisation';
};

/** Every alert, by name. */
export const ALERTS = {
  'webhook-in-danger': {
    meaning:
      'Since the time in its text, the ingress has accepted none of the requests that Xero signed. Xero goes on trying for 24 hours, and then disables the webhook of the whole app.',
    remedy:
      'The ingress logs why it refuses. Mostly Redis is away, nearly full, or too slow for `ACK_DEADLINE_MS`: see [redis-unusable](#redis-unusable) and [redis-nearly-full](#redis-nearly-full). With `UNREADABLE_STATUS` at 400, bodies that cannot be read count as failures, too. Once requests are accepted again, Xero sends what it could not deliver. If it lasted for longer than a day, `xw backfill` finds the rest: [backfill.md](backfill.md).',
    rule: { expr: 'max(xw_webhook_failing_since_timestamp_seconds) > 0', for: '1m', severity: 'critical' },
    by: 'each ingress',
  },
  'signatures-refused': {
    meaning:
      "Several requests in a row had a signature that matches no key, for at least five minutes. To Xero these are failures, too. It may also be somebody else's requests.",
    remedy:
      "Compare `XERO_WEBHOOK_KEY` with the webhook key in Xero's developer portal. If a proxy changes the body, the signature no longer fits: [troubleshooting.md](troubleshooting.md).",
    rule: {
      expr: 'sum(increase(xw_requests_total{outcome="signature-mismatch"}[10m])) > 3 unless sum(increase(xw_requests_total{outcome=~"accepted|intent-to-receive"}[10m])) > 0',
      for: '0m',
      severity: 'critical',
    },
    by: 'each ingress',
  },
  'redis-unusable': {
    meaning:
      'The ingress cannot use Redis: it does not answer, refuses the login or the writes, or may evict events. Meanwhile each request gets 503, and no event is handled.',
    remedy:
      'The alert says why. Start Redis or mend its configuration: [redis.md](redis.md). The ingress need not be restarted.',
    rule: { expr: 'min(xw_redis_usable{app="ingress"}) == 0', for: '1m', severity: 'critical' },
    by: 'each ingress',
  },
  'redis-nearly-full': {
    meaning: 'Redis uses more than 80 % of `maxmemory`. From 85 % on the ingress answers 503.',
    remedy:
      'Give Redis more memory. If events wait, start more workers. `EVENT_RETENTION_S`, `EVENT_RETENTION_COUNT` and `RECORD_RETENTION_COUNT` say how much of what is done is kept.',
    rule: { expr: 'max(xw_redis_memory_ratio) > 0.8', for: '1m', severity: 'critical' },
    by: 'one process',
  },
  'redis-misconfigured': {
    meaning: 'Redis works, but not as safely as it has to: it keeps no append-only file, for example.',
    remedy:
      '[deploy.md](deploy.md#redis) has the settings. Set `ALERT_MUTE=redis-misconfigured` if that is what you want.',
    rule: { expr: 'max(xw_alerts_open{alert="redis-misconfigured"}) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
  },
  'no-worker': {
    meaning: 'No worker process is running: events are accepted, and wait.',
    remedy: 'Start one with `xw worker`, and look at the end of its log to see why it ended.',
    rule: { expr: 'max(xw_workers) == 0', for: '1m', severity: 'critical' },
    by: 'one process',
  },
  'oldest-event': {
    meaning:
      'An event has waited for a worker for longer than `ALERT_OLDEST_S`. Events that wait for their next try, or that are parked, do not count.',
    remedy: 'Start more workers or raise `WORKER_CONCURRENCY`. `xw doctor` says what else may be wrong.',
    rule: { expr: 'max(xw_oldest_waiting_seconds) > 300', for: '0m', severity: 'warning' },
    by: 'one process',
  },
  'handler-failing': {
    meaning: 'All attempts of a handler have failed for longer than `ALERT_FAILING_S`.',
    remedy:
      'The page "Handlers" of the board and `xw events --outcome failing` say why. Events are tried again by themselves once the handler is mended.',
    rule: {
      expr: 'sum by (handler) (increase(xw_handler_attempts_total{outcome=~"failed|gave-up"}[10m])) > 0 unless sum by (handler) (increase(xw_handler_attempts_total{outcome="succeeded"}[10m])) > 0',
      for: '10m',
      severity: 'warning',
    },
    by: 'one process',
    each: 'handler',
  },
  'dead-letter': {
    meaning: 'Events will not be tried again by themselves: a handler gave up, or has used up its attempts.',
    remedy: 'Find out why under "Dead letters" on the board or with `xw failed list`, then retry or drop them.',
    rule: { expr: 'max(xw_queue_events{state="dead"}) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
  },
  quarantine: {
    meaning: 'Xero signed bodies that cannot be read, whole or in part. They are kept.',
    remedy:
      'Look at them under "Quarantine" on the board or with `xw quarantine list`. A newer release may read them: replay them then, or drop them.',
    rule: { expr: 'max(xw_quarantined_bodies) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
  },
  'organisation-disconnected': {
    meaning: 'The access to an organisation has ended: its events wait, and nothing can be read from it.',
    remedy: 'Connect it again on the page "Organisations" of the board. Its events go on by themselves.',
    rule: { expr: 'max(xw_organisations{state="disconnected"}) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
    each: 'organisation',
  },
  'organisation-parked': {
    meaning:
      "Nothing can be read from an organisation for more than five minutes from now: its day is used up, or Xero blocks it. Its events wait; other organisations' do not.",
    remedy:
      '`xw usage` says what has used the calls. `XERO_DAY_LIMIT` and `XERO_DAY_RESERVE` say how many there may be.',
    rule: { expr: 'max(xw_organisations{state="parked"}) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
    each: 'organisation',
  },
  'access-unused': {
    meaning:
      'The access to an organisation was not used for 50 days. Xero ends it after 60 (https://developer.xero.com/documentation/guides/oauth2/token-types/).',
    remedy: 'Connect it again on the page "Organisations" of the board, or read something from it; or disconnect it.',
    rule: { expr: 'max(xw_organisations{state="unused"}) > 0', for: '0m', severity: 'warning' },
    by: 'one process',
    each: 'organisation',
  },
} as const satisfies Readonly<Record<string, AlertEntry>>;

export type AlertName = keyof typeof ALERTS;

export const ALERT_NAMES = Object.keys(ALERTS) as AlertName[];

/** What is wrong now. `subject` tells alerts of one name apart: a handler, or an organisation's id. */
export type FoundAlert = {
  readonly name: AlertName;
  readonly subject: string;
  /** For people, in one sentence. */
  readonly text: string;
  /** How long it has to last before it is raised, in milliseconds. */
  readonly holdMs: number;
};

/** From when on what is so is wrong, in milliseconds: ALERT_AFTER_S, ALERT_OLDEST_S and ALERT_FAILING_S. */
export type AlertBounds = { readonly afterMs: number; readonly oldestMs: number; readonly failingMs: number };
