import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { TokenAnswer } from '@xero-webhooks/xero-auth';
import type { Budget, BudgetRefusal } from '../budget/budget.ts';
import { UNSENT } from '../budget/budget.ts';
import type { CallRunnerOptions } from './call-runner.ts';
import { createCallRunner, HUNG_WAIT_MS, SLOW } from './call-runner.ts';
import { createFairShare } from './fair-share.ts';
import type { Occupancy } from './occupancy.ts';
import { causeOf, createParking } from './parking.ts';
import type { PendingCall } from './pending-call.ts';
import type { ReadObserver } from './read-observer.ts';
import { createReadQueue, MAX_IDS } from './read-queue.ts';
import type { Waiter } from './waiter.ts';
import { asError } from './waiter.ts';
import { createWakeup } from './wakeup.ts';

export type ReadDispatcherOptions = CallRunnerOptions & {
  budget: Budget;
  /** How many worker processes share the organisation's limits. */
  workers: () => number;
  occupancy: () => Occupancy;
  /** How many asks wait for their turn in this process, of all organisations. */
  waiting: () => number;
  observer: ReadObserver;
};

/** The reads of one organisation in this process. */
export type ReadDispatcher = {
  /** Adds a call to the queue. */
  add(call: PendingCall): void;
  /** Adds somebody to those who read many resources of a category with one call. */
  join(category: ResourceCategory, id: string, waiter: Waiter): void;
  /** How many calls for one resource wait for their turn. */
  readonly single: number;
  /** Gives somebody who waits for their turn a time to come back. */
  park(waiter: Waiter, many: boolean): void;
  /** Whether nothing waits and nothing is under way. */
  readonly idle: boolean;
};

/** How long a call for many waits for more to ask, in milliseconds: after the last who did, and in all. */
const LINGER = { perEvent: 5, min: 15, max: 60, inAll: 300 };

/** Who has to wait for longer is parked, in milliseconds: they keep a place at which others could be at work. */
const SHORT_WAIT_MS = 2_000;

/**
 * Where all calls at once are taken, or a token takes its time, for longer than this, half of the places are left to
 * others; in milliseconds.
 */
const CONTENTION_PATIENCE_MS = 1_000;

/** While other processes have all of the calls at once, this one looks again after this, in milliseconds. */
const CONCURRENCY_RETRY_MS = { min: 20, max: 80 };

/**
 * Sends the reads of one organisation as its token and its budget let them go. Which resources a call for many is about is
 * decided only then, so that it is sent after each of its events was taken.
 */
export function createReadDispatcher(options: ReadDispatcherOptions): ReadDispatcher {
  const { tenantId, budget, tokens, refused } = options;
  const queue = createReadQueue(tenantId);
  const parking = createParking(options);
  const fairShare = createFairShare({ ...options, queue, parking });
  /** Wakes when somebody asks, and when a call of this process is over. */
  const added = createWakeup();
  const freed = createWakeup();
  const runner = createCallRunner(options, { fairShare, parking, requeue, onOver });
  let running = false;
  let contendedSince = Infinity;

  function start(): void {
    if (running) return added.wake();
    running = true;
    void pump()
      .catch((error: unknown) => rejectAll(asError(error)))
      .finally(() => {
        running = false;
        if (!queue.empty) start();
      });
  }

  async function pump(): Promise<void> {
    while (!queue.empty) {
      await linger();
      await setRefusedAside();
      if (fairShare.hung.size > 0) await fairShare.parkExcess(HUNG_WAIT_MS, SLOW);
      if (queue.empty) return;
      const token = await tokenInTime();
      if (token.outcome === 'none') {
        await parking.park(queue.takeAll(), token.retryMs, { limit: 'token', reason: token.reason });
        continue;
      }
      const permit = await budget.acquire(tenantId);
      if (!permit.granted) {
        await waitOrPark(permit);
        continue;
      }
      contendedSince = Infinity;
      // The token and the permit have taken their time.
      await setRefusedAside();
      const call = queue.take(permit.probe ? 1 : MAX_IDS);
      if (!call) {
        await permit.release(UNSENT);
        continue;
      }
      const carried = runner.run(call, token.accessToken, permit);
      // Whether Xero works again is known in a moment, or the others are parked.
      if (permit.probe) await Promise.race([carried, sleep(CONTENTION_PATIENCE_MS)]);
    }
  }

  /** Lets a call for many wait for those who are about to ask, the longer the more events are at work. */
  async function linger(): Promise<void> {
    const until = performance.now() + LINGER.inAll;
    while ((queue.joinedAtHead ?? MAX_IDS) < MAX_IDS && performance.now() < until) {
      const { active, capacity } = options.occupancy();
      // Everybody who could ask has added.
      if (active >= capacity && options.waiting() >= active) return;
      const quietMs = Math.min(LINGER.max, Math.max(LINGER.min, active * LINGER.perEvent));
      if ((await added.wait(quietMs)) === 'timeout') return;
    }
  }

  /** What Xero takes no token for waits without a call, until one of them has found out that it works again. */
  async function setRefusedAside(): Promise<void> {
    const out = queue.remove((path, target) => refused.refusal({ tenantId, path, target }));
    await Promise.all(out.map(({ because: { error, waitMs }, ...removed }) => parking.refuse(removed, error, waitMs)));
  }

  /** A token that takes its time is waited for, but not by more than half of the places at which events are at work. */
  async function tokenInTime(): Promise<TokenAnswer> {
    const token = tokens.tokenOf(tenantId, { signal: NEVER });
    for (;;) {
      const given = await Promise.race([token, sleep(CONTENTION_PATIENCE_MS)]);
      if (given) return given;
      const reason = 'the access token of this organisation is being waited for';
      await fairShare.parkExcess(CONTENTION_PATIENCE_MS, { limit: 'token', reason });
    }
  }

  /** Waits where that is short, and parks everybody where it is not. */
  async function waitOrPark({ limit, waitMs }: BudgetRefusal): Promise<void> {
    if (limit === 'redis' || limit === 'concurrency') {
      contendedSince = Math.min(contendedSince, performance.now());
      if (performance.now() - contendedSince > CONTENTION_PATIENCE_MS)
        await fairShare.parkExcess(CONTENTION_PATIENCE_MS, causeOf(limit));
      const { min, max } = CONCURRENCY_RETRY_MS;
      const pauseMs = limit === 'redis' ? waitMs : Math.min(waitMs, min + Math.random() * (max - min));
      await freed.wait(pauseMs);
    } else if (waitMs <= SHORT_WAIT_MS) {
      await fairShare.parkExcess(waitMs, causeOf(limit));
      await sleep(waitMs);
    } else {
      await parking.park(queue.takeAll(), waitMs, causeOf(limit));
    }
  }

  function add(call: PendingCall, where: 'last' | 'first'): void {
    for (const waiter of call.waiters()) waiter.pause();
    queue.add(call, where);
    start();
  }

  function requeue(call: PendingCall): void {
    add(call, 'first');
  }

  function onOver(): void {
    freed.wake();
    start();
  }

  function rejectAll(error: Error): void {
    const { many, one } = queue.takeAll();
    for (const waiter of [...many, ...one]) waiter.reject(error);
  }

  return {
    add: (call) => add(call, 'last'),
    join(category, id, waiter) {
      queue.join(category, id, waiter);
      waiter.pause();
      start();
    },
    get single() {
      return queue.single;
    },
    park(waiter, many) {
      void parking.parkOne(waiter, many).catch((error: unknown) => waiter.reject(asError(error)));
    },
    get idle() {
      return !running && queue.empty && runner.idle;
    },
  };
}

const NEVER = new AbortController().signal;

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
