import { writeFileSync } from 'node:fs';
import type { MetricApp, MetricEntry } from '@xero-webhooks/runtime';
import { METRICS } from '@xero-webhooks/runtime';

const INTRODUCTION = `<!-- Made by \`pnpm run docs\` from packages/runtime/src/metrics/catalogue.ts: change it there. -->

# Metrics

Each process has \`/metrics\` on its admin port, in the text format of Prometheus: ingress 9464, worker 9465, board 9466, on loopback unless \`ADMIN_HOST\` says otherwise. Every metric has the label \`app\`, which is \`ingress\`, \`worker\` or \`board\`.

Beside the metrics below, each process has those of Node that [prom-client](https://github.com/siimon/prom-client) collects: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`nodejs_eventloop_lag_p99_seconds\`, \`nodejs_heap_size_used_bytes\`, and others.

What all processes share, such as the number of waiting events, is shown by each of them, so that one of them is enough: take \`max\`, not \`sum\`. A scrape reads it from Redis with a few commands for each shard, however many events wait, and at most every two seconds. While Redis does not answer, these metrics are absent. Only one process at a time shows the organisations, and those only.

[alerts.md](alerts.md) has the alerts, and \`deploy/prometheus/alerts.yml\` the same as rules.
`;

const QUERIES = `## Queries

\`\`\`promql
# Events a second, by name
sum by (event) (rate(xw_events_accepted_total[5m]))

# How long Xero waits for 99 of 100 answers, in seconds
histogram_quantile(0.99, sum by (le) (rate(xw_request_duration_seconds_bucket[5m])))

# Failed attempts of each handler, as a part of all
sum by (handler) (rate(xw_handler_attempts_total{outcome=~"failed|gave-up"}[5m]))
  / sum by (handler) (rate(xw_handler_attempts_total[5m]))

# How long 95 of 100 events take from the request until they are handled, in seconds
histogram_quantile(0.95, sum by (le) (rate(xw_event_age_seconds_bucket[5m])))

# Waiting events, and since when the oldest waits
max(xw_queue_events{state="waiting"})
max(xw_oldest_waiting_seconds)

# What the organisations have left of their day
min by (tenant) (xw_xero_tenant_calls_left_today)
\`\`\`
`;

const TITLES: readonly (readonly [title: string, apps: readonly MetricApp[]])[] = [
  ['Every process', ['ingress', 'worker', 'board']],
  ['Ingress', ['ingress']],
  ['Worker', ['worker']],
  ['Worker and board', ['worker', 'board']],
  ['Board', ['board']],
];

/** The text of docs/metrics.md: every metric of ours. */
export function metricsDoc(): string {
  const entries = Object.entries<MetricEntry>(METRICS);
  const sections = TITLES.map(([title, apps]) => {
    const own = entries.filter(([, metric]) => String(metric.apps) === String(apps));
    return `## ${title}\n\n${own.map(([name, metric]) => item(name, metric)).join('')}`;
  });
  return [INTRODUCTION, ...sections, QUERIES].join('\n');
}

function item(name: string, { kind, about, labels, buckets }: MetricEntry): string {
  const by = labels.length === 0 ? '' : `, by ${labels.map((label) => `\`${label}\``).join(' and ')}`;
  const bounds = buckets ? `; buckets up to ${buckets.at(-1)}` : '';
  return `- **\`${name}\`** (${kind}${by}${bounds}): ${about}.\n`;
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsDoc());
}
