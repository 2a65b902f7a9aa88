import type { ConfigOf } from '@xero-webhooks/runtime';
import type { tracingVariables } from './config.ts';
import type { Tracing } from './tracing.ts';

/** A process's tracing before its configuration is known. */
export type OpenTracing = {
  /** Gives the fields of a log line that is written now; `undefined` where nothing is to be traced. */
  readonly logFields: (() => object) | undefined;
  /** Begins to trace. @returns `undefined` without an endpoint, and then loads nothing */
  begin(config: ConfigOf<typeof tracingVariables>): Promise<Tracing | undefined>;
};

/**
 * Prepares the tracing of a process: its logger comes before its configuration.
 *
 * @param app for example `ingress`
 * @param release the version of this release
 * @param environment as the configuration is read from
 */
export function openTracing(
  app: string,
  release: string,
  environment: Readonly<Record<string, string | undefined>>,
): OpenTracing {
  let tracing: Tracing | undefined;
  return {
    // A logger that asks for fields pays for it with each line.
    logFields: environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ? () => tracing?.logFields() ?? {} : undefined,
    async begin(config) {
      const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
      if (endpoint === undefined) return undefined;
      const { createTracing } = await import('./create-tracing.ts');
      tracing = createTracing({ app, release, config: { ...config, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
      return tracing;
    },
  };
}
