import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import type { Log } from '../logger.ts';
import { STOOD_STILL, watchLoopDelay } from '../loop-delay.ts';
import type { RedisAssessment } from './assess.ts';
import { assessRedis } from './assess.ts';
import type { RedisClient } from './connect.ts';
import { REDIS_SILENCE_MS } from './connect.ts';
import type { RedisFault } from './explain-fault.ts';
import { explainRedisFault } from './explain-fault.ts';
import type { FaultLog } from './fault-log.ts';
import { refusalOf } from './refusal.ts';

/** Whether Redis can be worked with just now. `memory` is the used part of `maxmemory`, 0 where there is no limit. */
export type RedisState = { usable: true; memory: number } | { usable: false; reason: string };

export type RedisWatch = {
  /** The state as last seen: costs nothing. */
  state(): RedisState;
  /** Resolves when Redis can be worked with for the first time. It never rejects. */
  readonly firstUsable: Promise<void>;
  /** Why Redis did not answer while the start waited for it, where that is known. */
  readonly fault: RedisFault | undefined;
  /** Asks Redis now. */
  ping(): Promise<boolean>;
  /** For how long this process stood still within so many milliseconds: what Redis answered meanwhile was not read. */
  stoodStillMs(withinMs: number): number;
  stop(): void;
};

const NOT_CONNECTED = { usable: false, reason: 'Redis does not answer' } as const satisfies RedisState;

const TOO_BUSY = { usable: false, reason: STOOD_STILL } as const satisfies RedisState;

/** After a failover an address, or a connection that stayed open, can lead to what was the master. */
const REPLICA: RedisState = { usable: false, reason: 'Redis is a replica, which takes no events' };

type Options = {
  client: RedisClient;
  /** What the connection is called, for the log. */
  name: string;
  /** Where Redis is, for the log. */
  address: string;
  log: Log;
  /** Where the connection's errors go. */
  faults: FaultLog;
  /**
   * What else has to hold for Redis to be worked with; asked again with every look. It throws a CodedError where it does
   * not hold.
   */
  admit?: () => Promise<void>;
  /** Told of what Redis is refused for once the start is over, as often as that changes. */
  onRefusal?: (refusal: CodedError) => void;
  /** How often Redis is looked at, in milliseconds. */
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
  name,
  address,
  log,
  faults,
  admit = async () => {},
  onRefusal = () => {},
  intervalMs = 500,
  patienceMs = 800,
}: Options): Promise<RedisWatch> {
  const { stoodStillMs, stop: stopLoopDelay } = watchLoopDelay();
  let state: RedisState = NOT_CONNECTED;
  let refusal: CodedError | undefined;
  let warned = false;
  /** Whether a replica was found where the master was looked for. */
  let misled = false;
  /** Whether Redis closes every connection because it refuses it. */
  let shutOut = false;
  let started = false;
  let lastError: unknown;
  const { promise: firstUsable, resolve: setUsable } = Promise.withResolvers<void>();
  let looking: Promise<void> | undefined;

  /** One look at a time: a Redis that hangs would pile them up. */
  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    // The client lets INFO pass earlier than any other command, for example while Redis loads its data.
    if (client.status !== 'ready') return noteLoss();
    try {
      const infos = await Promise.all(servers(client).map((server) => server.info()));
      const assessments = infos.map(assessRedis);
      const memory = Math.max(0, ...assessments.map(memoryOrThrow));
      if (!(client instanceof Cluster) && assessments.some((assessment) => assessment.fit && assessment.replica)) {
        leaveReplica(client);
        return;
      }
      await admit();
      if (!state.usable) {
        log.info({ redis: address }, 'Redis is ready');
        warnOnce(assessments);
        faults.forget();
      }
      refusal = undefined;
      misled = false;
      shutOut = false;
      state = { usable: true, memory };
      setUsable();
    } catch (error) {
      noteFault(error);
    }
  }

  function memoryOrThrow(assessment: RedisAssessment): number {
    if (assessment.fit) return assessment.memory;
    throw new CodedError('XW_REDIS_REFUSED', `${assessment.reason} (${address})`);
  }

  /** A Cluster's client is told by each node where to go; any other has to connect again to find the master. */
  function leaveReplica(redis: Redis): void {
    if (!misled) log.warn({ redis: address }, 'Redis is a replica, which takes no events: looking for the master');
    misled = true;
    state = REPLICA;
    redis.disconnect(true);
  }

  function warnOnce(assessments: readonly RedisAssessment[]): void {
    const warnings = new Set(assessments.flatMap((assessment) => (assessment.fit ? assessment.warnings : [])));
    if (!warned) for (const warning of warnings) log.warn({ redis: address }, warning);
    warned = true;
  }

  function noteFault(error: unknown): void {
    if (explainRedisFault(error, '') !== undefined) lastError = error;
    const refused = error instanceof CodedError ? error : refusalBy(error);
    if (refused === undefined) {
      const fault = faultOf(error);
      if (fault === undefined) return noteLoss();
      if (state.usable) log.warn({ redis: address }, fault.reason);
      state = fault;
      return;
    }
    const isNew = refused.message !== refusal?.message;
    if (refused !== error) faults.told(explainRedisFault(error, '')?.cause ?? '');
    refusal = refused;
    state = { usable: false, reason: refused.message };
    if (started && isNew) {
      log.error({ code: refused.code }, refused.message);
      onRefusal(refused);
    }
  }

  /** A look can fail before the connection is closed: whichever comes first says so. */
  function noteLoss(): void {
    const standstill = Math.round(stoodStillMs(2 * REDIS_SILENCE_MS));
    const ownFault = standstill >= REDIS_SILENCE_MS / 2;
    if (state.usable && ownFault) {
      log.warn({ redis: address, stoodStillMs: standstill }, `lost the connection to Redis: ${STOOD_STILL}`);
    } else if (state.usable) log.warn({ redis: address }, 'lost the connection to Redis');
    if (!misled && !shutOut) state = ownFault ? TOO_BUSY : NOT_CONNECTED;
  }

  function refusalBy(error: unknown): CodedError | undefined {
    const reason = refusalOf(error);
    return reason === undefined ? undefined : new CodedError('XW_REDIS_REFUSED', `${reason} (${address})`);
  }

  function onError(error: unknown): void {
    const refused = refusalOf(error) !== undefined;
    // One that only says that the connection is closed says nothing new.
    if (refused || explainRedisFault(error, '') !== undefined) shutOut = refused;
    noteFault(error);
    // What Redis refuses is told of as that.
    if (started && !refused) faults.note(error, name);
  }

  const onReady = (): void => void look();
  client.on('error', onError);
  client.on('close', noteLoss);
  client.on('ready', onReady);
  const timer = setInterval(onReady, intervalMs);
  timer.unref();

  function stop(): void {
    clearInterval(timer);
    client.off('error', onError);
    stopLoopDelay();
    client.off('close', noteLoss);
    client.off('ready', onReady);
  }

  const until = Date.now() + patienceMs;
  while (!state.usable && refusal === undefined && Date.now() < until) {
    if (client.status === 'ready') await look();
    else await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const fault = state.usable || refusal !== undefined ? undefined : await faults.explain(lastError);
  if (!state.usable && fault?.cause === 'TLS') {
    refusal ??= new CodedError('XW_REDIS_REFUSED', `${fault.explanation} (${address})`);
  }
  if (refusal !== undefined) {
    stop();
    throw refusal;
  }
  started = true;
  if (!state.usable && !misled) {
    const { reason } = state;
    if (fault === undefined) log.warn({ redis: address }, `${reason}: waiting for it`);
    else {
      faults.told(fault.cause);
      log.warn({ redis: address, cause: fault.cause }, `${reason}: waiting for it; ${fault.explanation}`);
    }
  }

  return {
    state: () => state,
    firstUsable,
    fault,
    ping: async () => {
      try {
        await client.ping();
        return true;
      } catch {
        return false;
      }
    },
    stoodStillMs,
    stop,
  };
}

/** What keeps a server that answers from doing what it is asked to is the first word of its answer, as in `MISCONF …`. */
function faultOf(error: unknown): Extract<RedisState, { usable: false }> | undefined {
  const [word] =
    error instanceof Error && error.name === 'ReplyError' ? (/^[A-Z]{3,}\b/.exec(error.message) ?? []) : [];
  return word === undefined ? undefined : { usable: false, reason: `Redis answers ${word}` };
}

/** @throws Error where a Cluster's client is connected to no node */
function servers(client: RedisClient): readonly Redis[] {
  if (!(client instanceof Cluster)) return [client];
  const masters = client.nodes('master');
  if (masters.length === 0) throw new Error('Connection is closed.');
  return masters;
}
