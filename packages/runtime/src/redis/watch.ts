import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import type { Log } from '../logger.ts';
import type { RedisAssessment } from './assess.ts';
import { assessRedis } from './assess.ts';
import type { RedisClient } from './connect.ts';

/** Whether Redis can be worked with just now. `memory` is the used part of `maxmemory`, 0 where there is no limit. */
export type RedisState = { usable: true; memory: number } | { usable: false; reason: string };

export type RedisWatch = {
  /** The state as last seen: costs nothing. */
  state(): RedisState;
  /** Asks Redis now. */
  ping(): Promise<boolean>;
  stop(): void;
};

const NOT_CONNECTED: RedisState = { usable: false, reason: 'Redis does not answer' };

/** What Redis answers to a client that may not come in. Trying again does not help; other words might. */
const REFUSALS = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR .*AUTH|ERR Client sent AUTH)/;

type Options = {
  client: RedisClient;
  /** Where Redis is, for the log. */
  address: string;
  log: Log;
  /**
   * What else has to hold before Redis is worked with; asked again after every reconnect. It throws a CodedError where
   * it does not hold.
   */
  admit?: () => Promise<void>;
  /** How often memory is looked at, in milliseconds. */
  intervalMs?: number;
  /** How long the start waits for Redis, in milliseconds. */
  patienceMs?: number;
};

/**
 * Watches a connection: judges each server that it leads to, and keeps an eye on its memory. BullMQ's own version check
 * is switched off, because a Redis that is absent when the queue is made would make every later call fail.
 *
 * @returns once Redis has been judged, or has not been there for `patienceMs`: an absent Redis is waited for, it does not
 *   keep the process from starting
 * @throws CodedError `XW_REDIS_REFUSED` where Redis is there but cannot be used: wrong credentials, an eviction policy
 *   that loses events, too old; and whatever `admit` throws
 */
export async function watchRedis({
  client,
  address,
  log,
  admit = async () => {},
  intervalMs = 500,
  patienceMs = 800,
}: Options): Promise<RedisWatch> {
  let state: RedisState = NOT_CONNECTED;
  let refusal: CodedError | undefined;
  let warned = false;
  let started = false;
  let looking: Promise<void> | undefined;

  /** One look at a time: a Redis that hangs would pile them up. */
  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    try {
      const assessments = await Promise.all(servers(client).map(async (server) => assessRedis(await server.info())));
      const memory = Math.max(0, ...assessments.map(memoryOrThrow));
      if (!state.usable) {
        await admit();
        log.info({ redis: address }, 'Redis is ready');
        warnOnce(assessments);
      }
      refusal = undefined;
      state = { usable: true, memory };
    } catch (error) {
      noteFault(error);
    }
  }

  function memoryOrThrow(assessment: RedisAssessment): number {
    if (assessment.fit) return assessment.memory;
    throw new CodedError('XW_REDIS_REFUSED', `${assessment.reason} (${address})`);
  }

  function warnOnce(assessments: readonly RedisAssessment[]): void {
    const warnings = new Set(assessments.flatMap((assessment) => (assessment.fit ? assessment.warnings : [])));
    if (!warned) for (const warning of warnings) log.warn({ redis: address }, warning);
    warned = true;
  }

  function noteFault(error: unknown): void {
    if (error instanceof CodedError) refusal = error;
    else if (error instanceof Error && REFUSALS.test(error.message)) {
      refusal = new CodedError('XW_REDIS_REFUSED', `Redis refuses the connection: ${error.message} (${address})`);
    } else {
      state = NOT_CONNECTED;
      return;
    }
    if (started && (state.usable || state.reason !== refusal.message))
      log.error({ code: refusal.code }, refusal.message);
    state = { usable: false, reason: refusal.message };
  }

  const onError = noteFault;
  const onClose = (): void => {
    if (state.usable) log.warn({ redis: address }, 'lost the connection to Redis');
    state = NOT_CONNECTED;
  };
  const onReady = (): void => void look();
  client.on('error', onError);
  client.on('close', onClose);
  client.on('ready', onReady);
  const timer = setInterval(onReady, intervalMs);
  timer.unref();

  function stop(): void {
    clearInterval(timer);
    client.off('error', onError);
    client.off('close', onClose);
    client.off('ready', onReady);
  }

  const until = Date.now() + patienceMs;
  while (!state.usable && refusal === undefined && Date.now() < until) {
    if (client.status === 'ready') await look();
    else await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (refusal !== undefined) {
    stop();
    throw refusal;
  }
  started = true;
  if (!state.usable) log.warn({ redis: address }, 'Redis does not answer: waiting for it');

  return {
    state: () => state,
    ping: async () => {
      try {
        await client.ping();
        return true;
      } catch {
        return false;
      }
    },
    stop,
  };
}

function servers(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}
