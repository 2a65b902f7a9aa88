/** The processes that have an admin port. */
export type MetricApp = 'ingress' | 'worker' | 'board';

/** What is to be said of a metric, once: its code and docs/metrics.md come from here. */
export type MetricEntry = {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** What one sample means, with its unit. */
  readonly about: string;
  /** Besides `app`, which every metric has. */
  readonly labels: readonly string[];
  readonly apps: readonly MetricApp[];
  /** The upper bounds of a histogram. */
  readonly buckets?: readonly number[];
};

const ALL = ['ingress', 'worker', 'board'] as const;
const INGRESS = ['ingress'] as const;
const WORKER = ['worker'] as const;
/** Those that know Xero's API. */
const READERS = ['worker', 'board'] as const;

/** From a millisecond to the 5 seconds that Xero waits. */
const REQUEST_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Up to the longest that handlers usually run. */
const ATTEMPT_S = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

/** Up to a day of retries. */
const AGE_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 600, 3_600, 86_400];

/**
 * Every metric of ours, by name. Names, units and suffixes are by Prometheus's conventions
 * (https://prometheus.io/docs/practices/naming/).
 */
export const METRICS = {
  xw_build_info: {
    kind: 'gauge',
    about: '1, with the release of the process and the version of Node as labels',
    labels: ['release', 'node'],
    apps: ALL,
  },
  xw_log_lines_lost_total: {
    kind: 'counter',
    about: 'Log lines that could not be written',
    labels: [],
    apps: ALL,
  },

  xw_requests_total: {
    kind: 'counter',
    about: 'Requests to the webhook, by what they came to and the status that was answered',
    labels: ['outcome', 'status'],
    apps: INGRESS,
  },
  xw_sequence_hints_total: {
    kind: 'counter',
    about:
      'Requests whose numbers are not those that should come next: `gap`, one that is `closed`, `repeated` numbers, and a `restart` of the numbering. Hints, as Xero does not say what the numbers mean',
    labels: ['hint'],
    apps: INGRESS,
  },
  xw_requests_refused_total: {
    kind: 'counter',
    about: 'Requests answered 4xx or 5xx, by status and reason, including those that never reached the webhook',
    labels: ['status', 'reason'],
    apps: INGRESS,
  },
  xw_request_duration_seconds: {
    kind: 'histogram',
    about: 'From the headers of a request to the decision on it, in seconds',
    labels: [],
    apps: INGRESS,
    buckets: REQUEST_S,
  },
  xw_signature_matches_total: {
    kind: 'counter',
    about: 'Verified requests, by the position of the matching key in XERO_WEBHOOK_KEY, from 0',
    labels: ['key'],
    apps: INGRESS,
  },
  xw_events_accepted_total: {
    kind: 'counter',
    about:
      'Events that Redis has confirmed, duplicates included, by name; `other` for names that Xero does not document',
    labels: ['event'],
    apps: INGRESS,
  },
  xw_events_duplicate_total: {
    kind: 'counter',
    about: 'Accepted events that the queue had already, by name',
    labels: ['event'],
    apps: INGRESS,
  },
  xw_events_unreadable_total: {
    kind: 'counter',
    about: 'Events in accepted requests that cannot be read',
    labels: [],
    apps: INGRESS,
  },
  xw_webhook_failing_since_timestamp_seconds: {
    kind: 'gauge',
    about:
      'Since when this process has accepted none of the signed requests that it got, in seconds since 1970; 0 if it accepts them',
    labels: [],
    apps: INGRESS,
  },

  xw_jobs_total: {
    kind: 'counter',
    about: 'Runs of jobs, by outcome',
    labels: ['outcome'],
    apps: WORKER,
  },
  xw_handler_attempts_total: {
    kind: 'counter',
    about: 'Attempts of handlers, by handler and outcome; after `failed` it is tried again, unless the event is dead',
    labels: ['handler', 'outcome'],
    apps: WORKER,
  },
  xw_handler_duration_seconds: {
    kind: 'histogram',
    about: 'How long attempts of handlers take, in seconds',
    labels: ['handler'],
    apps: WORKER,
    buckets: ATTEMPT_S,
  },
  xw_handler_retries_total: {
    kind: 'counter',
    about: 'Attempts that were not the first of their handler for the event',
    labels: ['handler'],
    apps: WORKER,
  },
  xw_handlers_abandoned: {
    kind: 'gauge',
    about: 'Handlers that still run after they timed out',
    labels: [],
    apps: WORKER,
  },
  xw_event_age_seconds: {
    kind: 'histogram',
    about: 'From the request that brought an event until it was handled, in seconds',
    labels: [],
    apps: WORKER,
    buckets: AGE_S,
  },
  xw_xero_calls_total: {
    kind: 'counter',
    about: "Calls of Xero's API, by status of the answer; 0 without an answer",
    labels: ['status'],
    apps: WORKER,
  },
  xw_xero_response_bytes_total: {
    kind: 'counter',
    about: 'Bytes that Xero has sent',
    labels: [],
    apps: WORKER,
  },
  xw_xero_resources_per_call: {
    kind: 'histogram',
    about: 'Resources read by one batch call',
    labels: [],
    apps: WORKER,
    buckets: [1, 2, 5, 10, 20, 30, 40, 50],
  },
  xw_xero_parked_total: {
    kind: 'counter',
    about: 'Reads whose handler was parked, by the limit that was used up',
    labels: ['limit'],
    apps: WORKER,
  },
  xw_forwards_total: {
    kind: 'counter',
    about:
      'Messages to receivers, by outcome: `delivered`, `failed`, `gone` (the receiver wants no more) or `parked` (it keeps failing, or is slow)',
    labels: ['outcome'],
    apps: WORKER,
  },
  xw_reconciled_changes_total: {
    kind: 'counter',
    about: 'Resources that were found changed in Xero while reconciling, or in the time of a gap in its numbering',
    labels: ['category'],
    apps: WORKER,
  },
  xw_reconciled_missed_total: {
    kind: 'counter',
    about: 'Those of them that no webhook had told of, by category and organisation; `other` beyond the first 50',
    labels: ['category', 'tenant'],
    apps: WORKER,
  },
  xw_token_requests_total: {
    kind: 'counter',
    about:
      'Requests for an access token, by outcome: `tokens`, `refused` (the access has ended), `misconfigured` or `unavailable`',
    labels: ['outcome'],
    apps: READERS,
  },

  xw_queue_events: {
    kind: 'gauge',
    about: 'Events in the queues, by state: `waiting`, `active`, `delayed`, `dead` or `handled`',
    labels: ['state'],
    apps: ALL,
  },
  xw_oldest_waiting_seconds: {
    kind: 'gauge',
    about: 'For how long the event has waited that has waited longest for a worker, in seconds; 0 if none waits',
    labels: [],
    apps: ALL,
  },
  xw_quarantined_bodies: {
    kind: 'gauge',
    about: 'Bodies in quarantine',
    labels: [],
    apps: ALL,
  },
  xw_workers: {
    kind: 'gauge',
    about: 'Worker processes that are running; a killed one counts for up to 20 seconds',
    labels: [],
    apps: ALL,
  },
  xw_redis_usable: {
    kind: 'gauge',
    about: '1 if this process can use Redis, otherwise 0',
    labels: [],
    apps: ALL,
  },
  xw_redis_memory_ratio: {
    kind: 'gauge',
    about: 'The part of `maxmemory` that Redis uses; 0 if it has no limit',
    labels: [],
    apps: ALL,
  },
  xw_redis_ping_seconds: {
    kind: 'gauge',
    about: 'How long Redis took to answer this process a moment ago, in seconds',
    labels: [],
    apps: ALL,
  },

  xw_organisations: {
    kind: 'gauge',
    about:
      'Organisations, by state: `connected`, `disconnected` (to be connected again), `parked` (not to be read for now), `unused` (access soon ends)',
    labels: ['state'],
    apps: READERS,
  },
  xw_xero_tenant_calls_today: {
    kind: 'gauge',
    about:
      "Calls of Xero's API since midnight UTC, by organisation: those that were read most, and `other` for the rest together",
    labels: ['tenant'],
    apps: READERS,
  },
  xw_xero_tenant_bytes_today: {
    kind: 'gauge',
    about: 'Bytes that Xero has sent since midnight UTC, by organisation, likewise',
    labels: ['tenant'],
    apps: READERS,
  },
  xw_xero_tenant_calls_left_today: {
    kind: 'gauge',
    about: 'Calls that Xero last said were left of the day, of the organisations that were read most',
    labels: ['tenant'],
    apps: READERS,
  },
  xw_alerts_open: {
    kind: 'gauge',
    about: 'Alerts that are open, by name',
    labels: ['alert'],
    apps: ALL,
  },
  xw_alert_posts_total: {
    kind: 'counter',
    about: 'Posts to ALERT_URL, by outcome: `sent` or `failed`',
    labels: ['outcome'],
    apps: ALL,
  },

  xw_board_logins_refused_total: {
    kind: 'counter',
    about: 'Logins at the board that were refused, by reason: a wrong user or password, or the limit that was reached',
    labels: ['reason'],
    apps: ['board'],
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type MetricName = keyof typeof METRICS;

/** The names of the metrics of one kind. */
export type MetricsOf<K extends MetricEntry['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends K ? Name : never;
}[MetricName];

/** The labels of a metric. */
export type LabelsOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];
