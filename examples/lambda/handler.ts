import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openIngress } from 'xero-webhooks/ingress';

// Outside of the handler: the next requests find the connection to Redis open.
const ingress = await openIngress({
  keys: [process.env.XERO_WEBHOOK_KEY!],
  redis: process.env.REDIS_URL!,
  redisPrefix: process.env.REDIS_PREFIX ?? 'xw',
});

/** Receives what API Gateway (payload format 2.0) or a function URL passes on. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const { status, headers, body } = await ingress.receive(rawBody, event.headers);
  return { statusCode: status, headers, body };
}

/** Lambda gives a process that it ends half a second. */
export const close = (): Promise<void> => ingress.close();
process.once('SIGTERM', () => void close());
