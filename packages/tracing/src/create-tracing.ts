import type { Context, Span } from '@opentelemetry/api';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ConfigOf } from '@xero-webhooks/runtime';
import type { tracingVariables } from './config.ts';
import type { Scope, SpanOf, Tracing } from './tracing.ts';

type Options = {
  /** For example `ingress`. */
  readonly app: string;
  readonly release: string;
  readonly config: ConfigOf<typeof tracingVariables> & { readonly OTEL_EXPORTER_OTLP_ENDPOINT: string };
};

const KINDS: Readonly<Record<SpanOf['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
};

/** How long a process that ends waits for its last spans to be sent, in milliseconds. */
const END_MS = 2_000;

/**
 * Sends spans to a collector, in the background: what cannot be sent is lost, and nothing waits for it. It is made the
 * global one, so that instrumentations in a handler module of the user's join in.
 */
export function createTracing({ app, release, config }: Options): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${config.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
    headers: headersOf(config.OTEL_EXPORTER_OTLP_HEADERS ?? []),
  });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': `xero-webhooks-${app}`, 'service.version': release }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(Number(config.OTEL_TRACES_SAMPLER_ARG)) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const propagator = new W3CTraceContextPropagator();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer('xero-webhooks', release);

  function contextOf(parent: SpanOf['parent']): Context {
    if (parent === undefined) return context.active();
    if (typeof parent !== 'string') return parent.context as Context;
    return propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  }

  return {
    async span(of, run, endOf = () => ({})) {
      const { name, kind, parent, links = [], attributes = {} } = of;
      const parentContext = contextOf(parent);
      const options = { kind: KINDS[kind], attributes, links: links.flatMap(linkOf) };
      const span = tracer.startSpan(name, options, parentContext);
      try {
        const result = await context.with(trace.setSpan(parentContext, span), run);
        const { attributes: more = {}, fault } = endOf(result);
        span.setAttributes(more);
        if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
        return result;
      } catch (error) {
        failWith(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
    scope: () => ({ context: context.active() }),
    logFields() {
      const active = trace.getActiveSpan()?.spanContext();
      return active ? { traceId: active.traceId, spanId: active.spanId } : {};
    },
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, END_MS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

function linkOf({ context: linked }: Scope): { context: ReturnType<Span['spanContext']> }[] {
  const span = trace.getSpanContext(linked as Context);
  return span ? [{ context: span }] : [];
}

function failWith(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 1_000) });
}

/** @param pairs `name=value` each; values may be percent-encoded, as OpenTelemetry has them */
function headersOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    }),
  );
}
