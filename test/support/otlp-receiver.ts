import { json } from 'node:stream/consumers';
import { serve, until } from '@xero-webhooks/testing';

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, string | number | boolean>> };

export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly service: string;
};

type Raw = Omit<ReceivedSpan, 'attributes' | 'links' | 'service'> & {
  readonly attributes?: readonly Attribute[];
  readonly links?: ReceivedSpan['links'];
};

type Body = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Raw[] }[];
  }[];
};

const attributesOf = (attributes: readonly Attribute[] = []): Record<string, string | number | boolean> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]!]));

/** A collector: it takes spans by OTLP over HTTP. */
export async function otlpReceiver() {
  const spans: ReceivedSpan[] = [];
  const headers: Record<string, unknown>[] = [];
  const url = await serve((request, response) => {
    headers.push({ url: request.url, ...request.headers });
    void json(request).then((body) => {
      for (const { resource, scopeSpans } of (body as Body).resourceSpans) {
        const service = String(attributesOf(resource.attributes)['service.name']);
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
          spans.push({ ...span, attributes: attributesOf(span.attributes), links: span.links ?? [], service });
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  return {
    url,
    spans,
    headers,
    until: (name: string, count = 1) =>
      until(() => spans.filter((span) => span.name === name).length >= count, `${count} spans ${name}`),
    named: (name: string): ReceivedSpan[] => spans.filter((span) => span.name === name),
  };
}
