import type { ConfigOf } from '@xero-webhooks/runtime';
import type { tracingVariables } from './config.ts';
import type { Tracing } from './tracing.ts';

/** A process's tracing, and what its log lines get of it. */
export type OpenTracing = {
  /** `undefined` where nothing is to be traced. */
  readonly tracing: () => Tracing | undefined;
  /** Gives the fields of a line that is written now. */
  readonly logFields: () => object;
  /** Begins to trace, once the configuration is known. Without an endpoint it loads nothing. */
  begin(config: ConfigOf<typeof tracingVariables>): Promise<void>;
};

/**
 * Prepares the tracing of a process: its logger is there before its configuration is known.
 *
 * @param app for example `ingress`
 * @param release the version of this release
 */
export function openTracing(app: string, release: string): OpenTracing {
  let tracing: Tracing | undefined;
  return {
    tracing: () => tracing,
    logFields: () => tracing?.logFields() ?? {},
    async begin(config) {
      const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
      if (endpoint === undefined) return;
      const { createTracing } = await import('./create-tracing.ts');
      tracing = createTracing({ app, release, config: { ...config, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
    },
  };
}
