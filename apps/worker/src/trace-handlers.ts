import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { TakenJob } from '@xero-webhooks/queue';
import type { Scope, Tracing } from '@xero-webhooks/tracing';
import type { ReadTracing } from '@xero-webhooks/xero';

/** Runs an attempt of a handler. */
export type TraceAttempt = (
  attempt: { job: TakenJob; handler: string; attempt: number },
  run: () => Promise<HandlerOutcome>,
) => Promise<HandlerOutcome>;

/** Has each attempt of a handler run within a span, which is part of the trace of the request that brought the event. */
export function traceHandlers(tracing: Tracing): TraceAttempt {
  return ({ job: { id, name, data }, handler, attempt }, run) =>
    tracing.span(
      {
        name: `${name} ${handler}`,
        kind: 'consumer',
        parent: data.traceparent,
        attributes: {
          'messaging.system': 'bullmq',
          'messaging.operation.type': 'process',
          'messaging.message.id': id,
          'xw.event': name,
          'xw.handler': handler,
          'xw.attempt': attempt,
          'xw.delivery_id': data.deliveryId,
          'xw.tenant_id': data.event.tenantId,
          'xw.resource_id': data.event.resourceId,
        },
      },
      run,
      (outcome) => ({
        attributes: { 'xw.outcome': outcome.outcome },
        ...('error' in outcome && { fault: outcome.error.message }),
      }),
    );
}

/** Has each call of Xero's API made within a span: a child of the read that asked first, linked to the others. */
export function traceCalls(tracing: Tracing): ReadTracing {
  return {
    asker: tracing.scope,
    call({ method, path, resources }, askers, make) {
      const [parent, ...links] = askers as readonly Scope[];
      const attributes = { 'http.request.method': method, 'url.path': path, 'xw.resources': resources };
      return tracing.span(
        { name: `${method} ${path.split('/')[3] ?? path}`, kind: 'client', parent, links, attributes },
        make,
        (result) => ({
          attributes: { 'http.response.status_code': result.status },
          ...('error' in result && { fault: result.error.message }),
        }),
      );
    },
  };
}
