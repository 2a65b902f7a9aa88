import { list, matching, optional, url, withDefault } from '@xero-webhooks/runtime';

/** What ingress and worker read. Their names are OpenTelemetry's (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url('https', 'http'), {
    about:
      'Where spans are sent, by OTLP over HTTP: the address of a collector, such as http://127.0.0.1:4318. `/v1/traces` is appended.',
    without: 'nothing is traced',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(list(matching(/^[!-~]+=[ -~]+$/, 'a header as NAME=VALUE')), {
    about: 'Headers of these requests, for a collector that wants a key.',
    secret: true,
  }),
  OTEL_TRACES_SAMPLER_ARG: withDefault(matching(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'a number from 0 to 1'), '1', {
    about: 'The part of the requests that is traced.',
  }),
};
