import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { LabelsOf, MetricEntry, MetricName, MetricsOf } from './catalogue.ts';
import { METRICS } from './catalogue.ts';

/** Sets a metric's values when they are asked for. */
type Collect<Metric> = (metric: Metric) => void | Promise<void>;

/**
 * A counter of the catalogue.
 *
 * @param collect sets its value when it is asked for @defaultValue it is counted as things happen
 */
export function counterOf<Name extends MetricsOf<'counter'>>(
  metrics: Registry,
  name: Name,
  collect?: Collect<Counter<LabelsOf<Name>>>,
): Counter<LabelsOf<Name>> {
  return new Counter<LabelsOf<Name>>({ ...settingsOf<Name>(metrics, name), ...collecting(collect) });
}

/**
 * A gauge of the catalogue.
 *
 * @param collect sets its value when it is asked for @defaultValue it is set as things happen
 */
export function gaugeOf<Name extends MetricsOf<'gauge'>>(
  metrics: Registry,
  name: Name,
  collect?: Collect<Gauge<LabelsOf<Name>>>,
): Gauge<LabelsOf<Name>> {
  return new Gauge<LabelsOf<Name>>({ ...settingsOf<Name>(metrics, name), ...collecting(collect) });
}

/** A histogram of the catalogue. */
export function histogramOf<Name extends MetricsOf<'histogram'>>(
  metrics: Registry,
  name: Name,
): Histogram<LabelsOf<Name>> {
  return new Histogram<LabelsOf<Name>>({
    ...settingsOf<Name>(metrics, name),
    buckets: [...METRICS[name].buckets],
  });
}

function settingsOf<Name extends MetricName>(metrics: Registry, name: Name) {
  const { about, labels } = METRICS[name] as MetricEntry;
  return { name, help: about, labelNames: labels as LabelsOf<Name>[], registers: [metrics] };
}

function collecting<Metric>(collect: Collect<Metric> | undefined) {
  return (
    collect && {
      collect(this: Metric) {
        return collect(this);
      },
    }
  );
}
