import { CodedError } from '../coded-error.ts';
import type { Log } from '../logger.ts';
import { STOOD_STILL, watchLoopDelay } from '../loop-delay.ts';
import { assessServers } from './assess-servers.ts';
import type { RedisClient } from './connect.ts';
import { REDIS_SILENCE_MS } from './connect.ts';
import type { RedisFault } from './explain-fault.ts';
import { explainRedisFault } from './explain-fault.ts';
import type { FaultLog } from './fault-log.ts';
import type { RedisState } from './redis-state.ts';
import { NOT_CONNECTED, REPLICA, stateByReply, TOO_BUSY } from './redis-state.ts';
import { refusalOf } from './refusal.ts';

export type RedisWatch = {
  /** The state as last seen: costs nothing. */
  state(): RedisState;
  /** What is to be said of a server that is fit, as last seen: that it keeps no append-only file. */
  warnings(): readonly string[];
  /** Resolves when Redis is usable for the first time. It never rejects. */
  readonly firstUsable: Promise<void>;
  /** Why Redis did not answer during the start, if known. */
  readonly fault: RedisFault | undefined;
  /** Asks Redis now. */
  ping(): Promise<boolean>;
  /** How long this process stood still during the last `withinMs`: it did not read what Redis answered meanwhile. */
  stoodStillMs(withinMs: number): number;
  stop(): void;
};

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
   * Another condition for Redis to be usable, checked with every look. It throws a CodedError if the condition does not
   * hold.
   */
  admit?: () => Promise<void>;
  /** Called after the start with the reason for refusing Redis, whenever that reason changes. */
  onRefusal?: (refusal: CodedError) => void;
  /** How often Redis is checked, in milliseconds. */
  intervalMs?: number;
  /** How long the start waits for Redis, in milliseconds. */
  patienceMs?: number;
};

/**
 * Judges each server that a connection leads to, and checks its memory. BullMQ's own version check is switched off: if
 * Redis were absent when the queue is opened, every later call would fail.
 *
 * @returns once Redis has been judged, or has been absent for `patienceMs`: an absent Redis does not stop the process from
 *   starting
 * @throws CodedError `XW_REDIS_REFUSED` if Redis answers but cannot be used: wrong credentials, an eviction policy that
 *   loses events, or too old; and whatever `admit` throws
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
  let warnings: ReadonlySet<string> = new Set();
  /** Whether the address leads to a replica instead of the master. */
  let misled = false;
  /** Whether Redis refuses and closes every connection. */
  let shutOut = false;
  let started = false;
  let lastError: unknown;
  const { promise: firstUsable, resolve: setUsable } = Promise.withResolvers<void>();
  let looking: Promise<void> | undefined;

  /** One look at a time: with a Redis that hangs, they would pile up. */
  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    // The client lets INFO through before any other command, for example while Redis loads its data.
    if (client.status !== 'ready') return noteLoss();
    try {
      const assessment = await assessServers(client, address);
      if (assessment.misled) return leaveReplica();
      await admit();
      warnings = assessment.warnings;
      if (!state.usable) {
        log.info({ redis: address }, 'Redis is ready');
        warnOnce();
        faults.forget();
      }
      refusal = undefined;
      misled = false;
      shutOut = false;
      state = { usable: true, memory: assessment.memory };
      setUsable();
    } catch (error) {
      noteFault(error);
    }
  }

  /** A Cluster's nodes redirect its client; any other client has to reconnect to find the master. */
  function leaveReplica(): void {
    if (!misled) log.warn({ redis: address }, 'Redis is a replica, which takes no events: looking for the master');
    misled = true;
    state = REPLICA;
    client.disconnect(true);
  }

  function warnOnce(): void {
    if (!warned) for (const warning of warnings) log.warn({ redis: address }, warning);
    warned = true;
  }

  function noteFault(error: unknown): void {
    if (explainRedisFault(error, '') !== undefined) lastError = error;
    const refused = error instanceof CodedError ? error : refusalBy(error);
    if (refused === undefined) {
      const fault = stateByReply(error);
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

  /** A look can fail before the connection closes: log whichever comes first. */
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
    // An error that only says that the connection is closed is not news.
    if (refused || explainRedisFault(error, '') !== undefined) shutOut = refused;
    noteFault(error);
    // A refusal is logged by `noteFault`.
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
    warnings: () => [...warnings],
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
