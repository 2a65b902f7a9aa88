import { OUR_RECEIVER, TUTORIAL_RECEIVER } from '../harness/receiver.ts';

/** A program that receives webhooks. */
export type Contestant = {
  readonly name: string;
  readonly program: string;
  /** Whether it puts the events into a queue. */
  readonly queues: boolean;
  /** @defaultValue nothing but where Redis is */
  readonly environment?: Readonly<Record<string, string>>;
};

export const OURS: Contestant = { name: 'ours', program: OUR_RECEIVER, queues: true };

/** Express, and `await queue.add` for each event. */
export const TUTORIAL: Contestant = { name: 'tutorial', program: TUTORIAL_RECEIVER, queues: true };

export const FASTIFY: Contestant = {
  name: 'Fastify, no queue',
  program: new URL('../contestants/fastify-hmac.ts', import.meta.url).pathname,
  queues: false,
};

const NODE_HTTP: Contestant = {
  name: 'node:http, no queue',
  program: new URL('../contestants/node-http-hmac.ts', import.meta.url).pathname,
  queues: false,
};

export const CONTESTANTS: readonly Contestant[] = [TUTORIAL, OURS, FASTIFY, NODE_HTTP];
