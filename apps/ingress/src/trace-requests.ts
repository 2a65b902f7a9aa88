import type { IngressTracing } from '@xero-webhooks/ingress';
import type { Tracing } from '@xero-webhooks/tracing';

/** Has each request decided on within a span. A trace begins here: what a request says of its own is not believed. */
export function traceRequests(tracing: Tracing, path: string): IngressTracing {
  const of = {
    name: `POST ${path}`,
    kind: 'server' as const,
    attributes: { 'http.request.method': 'POST', 'http.route': path },
  };
  return {
    traceparent: tracing.traceparent,
    trace: (decide) =>
      tracing.span(of, decide, ({ status }) => ({
        attributes: { 'http.response.status_code': status },
        ...(status >= 500 && { fault: `answered ${status}` }),
      })),
  };
}
