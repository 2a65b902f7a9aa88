import { openIngress } from 'xero-webhooks/ingress';

// One for the whole process, opened with the first request: there is no Redis while the application is built.
let ingress: ReturnType<typeof openIngress> | undefined;

export async function POST(request: Request): Promise<Response> {
  ingress ??= openIngress({
    keys: [process.env.XERO_WEBHOOK_KEY!],
    redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
    redisPrefix: process.env.REDIS_PREFIX ?? 'xw',
  });
  const rawBody = new Uint8Array(await request.arrayBuffer());
  const { status, headers, body } = await (await ingress).receive(rawBody, Object.fromEntries(request.headers));
  // Xero wants no body, and no type of one.
  return new Response(body === '' ? null : body, { status, headers });
}
