/**
 * Receiving webhooks in a server of your own: a Fastify plugin, and what any other server needs.
 *
 * ```ts
 * const ingress = await openIngress({ keys: [process.env.XERO_WEBHOOK_KEY], redis: 'redis://127.0.0.1:6379' });
 * const { status, headers, body } = await ingress.receive(rawBody, requestHeaders);
 * ```
 */
import { IncomingMessage, ServerResponse } from "node:http";
import { FastifyBaseLogger, FastifyPluginAsync } from "fastify";
type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
/**
 * Sends an answer over Node's own HTTP types, exactly as it is: headers that the host application set on the response
 * before are removed. If the rest of the request is not worth reading, the connection is closed.
 */
export declare function answerHttp(request: IncomingMessage, response: ServerResponse, answer: Answer): void;
/** The headers of a request, names in lower case, as Node gives them. */
type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;
type Handled = {
  outcome: 'answer';
  answer: Answer;
} |
/** The client closed the connection before its body was complete: there is nobody to answer. */
{
  outcome: 'client-gone';
};
type Receive = {
  /**
   * Reads one request and decides on it. It never rejects.
   *
   * @returns the answer to send, without anything added
   */
  handle(request: IncomingMessage): Promise<Handled>;
  /**
   * Decides on a request whose body another server has read. It never rejects.
   *
   * @param rawBody the exact bytes of the request's body
   * @param headers its headers, names in lower case
   * @returns the answer to send, without anything added
   */
  receive(rawBody: Uint8Array, headers: RequestHeaders): Promise<Answer>;
};
/** How an ingress receives, whatever it is part of. */
type IngressSettings = {
  /** The webhook keys of the Xero app, any of which may match: list the new one beside the old one to rotate. */
  keys: readonly string[];
  /** The prefix of every key in Redis. Only used with an address. @defaultValue `xw` */
  redisPrefix?: string;
  /** How many queues the events are spread over; all processes must agree. Only used with an address. @defaultValue 1 */
  shards?: number;
  /** The largest body, in bytes. @defaultValue 5242880 */
  maxBodyBytes?: number;
  /** How long a request may wait for Redis, in milliseconds. Xero waits 5 seconds. @defaultValue 4000 */
  ackDeadlineMs?: number;
  /** How many replicas of Redis must have the events, too, before a request is accepted. @defaultValue 0 */
  waitReplicas?: number;
  /** The answer to a signed body that cannot be read. @defaultValue 400 */
  unreadableStatus?: 200 | 400;
  /** How many bytes the quarantine may hold. When it is full, unreadable bodies get 503. @defaultValue 104857600 */
  quarantineBytes?: number;
  /** Whether events are recorded, so that they can be found before a worker has them. @defaultValue true */
  record?: boolean;
  /** Whether the events of an organisation that has many at once go behind those of others. @defaultValue true */
  fairOrder?: boolean;
};
type HostIngressOptions = IngressSettings & {
  /** The address of Redis: `redis://user:password@host:port/0`, or `rediss://` with TLS. */
  redis: string;
  /** A logger of pino, such as Fastify's. @defaultValue JSON lines on standard output */
  log?: FastifyBaseLogger;
};
/** An ingress that is part of somebody else's server. */
type HostIngress = Receive & {
  /** Whether Redis answers, so that requests can be accepted. */
  isReady(): Promise<boolean>;
  /** Waits for what is being stored, then disconnects from Redis. Close the server first. */
  close(): Promise<void>;
};
/**
 * Opens an ingress for a server of any kind: give each request with its raw body to `receive`, or as Node has it to
 * `handle`, and send what comes back as it is.
 *
 * @throws CodedError `XW_CONFIG`, `XW_REDIS_REFUSED` or `XW_SHARDS`. A Redis that does not answer is not an error:
 *   requests get 503 until it does.
 */
declare function openHostIngress(options: HostIngressOptions): Promise<HostIngress>;
type XeroWebhooksOptions = Omit<HostIngressOptions, 'log'> & {
  /** Where Xero's requests arrive; with or without a slash at its end, both are received. @defaultValue `/webhook` */
  path?: string;
};
/**
 * A Fastify plugin that receives Xero's webhooks inside any Fastify application:
 *
 * ```ts
 * await app.register(xeroWebhooks, { keys: [process.env.XERO_WEBHOOK_KEY], redis: 'redis://127.0.0.1:6379' });
 * ```
 *
 * It is encapsulated: it reads the raw body itself and leaves the application's other routes alone, and the application's
 * hooks can add neither a body nor a cookie to its answers. It logs a warning when a request with Xero's signature gets
 * 404 from the application.
 *
 * @throws CodedError as `openIngress`, when the application gets ready
 */
export declare const xeroWebhooks: FastifyPluginAsync<XeroWebhooksOptions>;
export { type Answer, type Handled, type HostIngress as Ingress, type HostIngressOptions as IngressOptions, type RequestHeaders, type XeroWebhooksOptions, openHostIngress as openIngress };