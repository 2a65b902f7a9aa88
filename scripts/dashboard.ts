import { writeFileSync } from 'node:fs';

/** A panel: what it shows, and the queries with the name of each line. `unit` is one of Grafana's. */
export type Panel = {
  readonly title: string;
  readonly kind: 'stat' | 'timeseries';
  readonly unit: string;
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  /** The value from which on a stat is red. */
  readonly badFrom?: number;
};

type Row = { readonly title: string; readonly panels: readonly Panel[] };

/** Grafana's unit for a plain number. */
const COUNT = 'short';

const stat = (
  title: string,
  expr: string,
  { unit = COUNT, badFrom }: { unit?: string; badFrom?: number } = {},
): Panel => ({
  title,
  kind: 'stat',
  unit,
  queries: [[expr, '']],
  ...(badFrom !== undefined && { badFrom }),
});

const lines = (title: string, unit: string, ...queries: Panel['queries']): Panel => ({
  title,
  kind: 'timeseries',
  unit,
  queries,
});

const quantile = (part: number, metric: string, by = ''): string =>
  `histogram_quantile(${part}, sum by (${by === '' ? 'le' : `${by}, le`}) (rate(${metric}_bucket[$__rate_interval])))`;

/** The rows of the dashboard, from the question that is asked first on. */
export const ROWS: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      stat('Waiting', 'max(xw_queue_events{state="waiting"})'),
      stat('Oldest waiting', 'max(xw_oldest_waiting_seconds)', { unit: 's', badFrom: 300 }),
      stat('Dead letters', 'max(xw_queue_events{state="dead"})', { badFrom: 1 }),
      stat('In quarantine', 'max(xw_quarantined_bodies)', { badFrom: 1 }),
      stat('Workers', 'max(xw_workers)'),
      stat('Open alerts', 'sum(max by (alert) (xw_alerts_open)) or vector(0)', { badFrom: 1 }),
    ],
  },
  {
    title: 'From Xero',
    panels: [
      lines('Requests by outcome', 'reqps', [
        'sum by (outcome) (rate(xw_requests_total[$__rate_interval]))',
        '{{outcome}}',
      ]),
      lines(
        'Time until the answer',
        's',
        [quantile(0.5, 'xw_request_duration_seconds'), 'median'],
        [quantile(0.99, 'xw_request_duration_seconds'), '99 %'],
      ),
      lines('Events by name', 'cps', [
        'sum by (event) (rate(xw_events_accepted_total[$__rate_interval]))',
        '{{event}}',
      ]),
      lines('Duplicates', 'cps', ['sum(rate(xw_events_duplicate_total[$__rate_interval]))', 'duplicates']),
    ],
  },
  {
    title: 'In the queue',
    panels: [
      lines('Events by state', COUNT, ['max by (state) (xw_queue_events{state!="handled"})', '{{state}}']),
      lines(
        'From the request until handled',
        's',
        [quantile(0.5, 'xw_event_age_seconds'), 'median'],
        [quantile(0.95, 'xw_event_age_seconds'), '95 %'],
      ),
      lines('Runs of jobs by outcome', 'cps', [
        'sum by (outcome) (rate(xw_jobs_total[$__rate_interval]))',
        '{{outcome}}',
      ]),
    ],
  },
  {
    title: 'Handlers',
    panels: [
      lines('Attempts by handler and outcome', 'cps', [
        'sum by (handler, outcome) (rate(xw_handler_attempts_total[$__rate_interval]))',
        '{{handler}} {{outcome}}',
      ]),
      lines('Duration, 95 %', 's', [quantile(0.95, 'xw_handler_duration_seconds', 'handler'), '{{handler}}']),
      lines('Failed attempts, as a part of all', 'percentunit', [
        '(sum by (handler) (rate(xw_handler_attempts_total{outcome=~"failed|gave-up"}[$__rate_interval])) or sum by (handler) (rate(xw_handler_attempts_total[$__rate_interval])) * 0) / sum by (handler) (rate(xw_handler_attempts_total[$__rate_interval]))',
        '{{handler}}',
      ]),
    ],
  },
  {
    title: "Xero's API",
    panels: [
      lines('Calls by status', 'cps', ['sum by (status) (rate(xw_xero_calls_total[$__rate_interval]))', '{{status}}']),
      lines('Calls today by organisation', COUNT, ['max by (tenant) (xw_xero_tenant_calls_today)', '{{tenant}}']),
      lines('Calls left today', COUNT, ['min by (tenant) (xw_xero_tenant_calls_left_today)', '{{tenant}}']),
      lines('Organisations by state', COUNT, ['max by (state) (xw_organisations)', '{{state}}']),
    ],
  },
  {
    title: 'Redis and processes',
    panels: [
      lines('Memory of Redis, as a part of maxmemory', 'percentunit', ['max(xw_redis_memory_ratio)', 'used']),
      lines('Answer of Redis', 's', ['max by (app) (xw_redis_ping_seconds)', '{{app}}']),
      lines('Lag of the event loop, 99 %', 's', ['max by (app) (nodejs_eventloop_lag_p99_seconds)', '{{app}}']),
      lines('Memory', 'bytes', ['sum by (app) (process_resident_memory_bytes)', '{{app}}']),
      lines('Processor', 'percentunit', [
        'sum by (app) (rate(process_cpu_seconds_total[$__rate_interval]))',
        '{{app}}',
      ]),
    ],
  },
];

/** Grafana's grid has so many columns. */
const COLUMNS = 24;
const HEIGHTS = { stat: 4, timeseries: 8 } as const;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The text of deploy/grafana/dashboards/xero-webhooks.json. */
export function dashboardJson(): string {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: inRow } of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    const h = HEIGHTS[inRow[0]!.kind];
    const perLine = inRow[0]!.kind === 'stat' ? inRow.length : Math.min(inRow.length, 3);
    const w = Math.floor(COLUMNS / perLine);
    for (const [at, panel] of inRow.entries()) {
      const gridPos = { x: (at % perLine) * w, y: y + Math.floor(at / perLine) * h, w, h };
      panels.push(panelJson(panel, panels.length + 1, gridPos));
    }
    y += Math.ceil(inRow.length / perLine) * h;
  }
  const dashboard = {
    uid: 'xero-webhooks',
    title: 'xero-webhooks',
    tags: ['xero-webhooks'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelJson({ title, kind, unit, queries, badFrom }: Panel, id: number, gridPos: object): object {
  const steps = [{ color: 'text', value: null }, ...(badFrom === undefined ? [] : [{ color: 'red', value: badFrom }])];
  return {
    id,
    type: kind,
    title,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: kind === 'stat' ? { colorMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } } : {},
    targets: queries.map(([expr, legendFormat], at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      expr,
      legendFormat,
    })),
  };
}

if (import.meta.main) {
  writeFileSync(new URL('../deploy/grafana/dashboards/xero-webhooks.json', import.meta.url), dashboardJson());
}
