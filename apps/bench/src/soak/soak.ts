import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Machine } from '../harness/machine.ts';
import { monotonicMs, newStarts } from '../harness/start-times.ts';
import { until } from '../harness/until.ts';
import type { ClusterSystem } from './cluster-system.ts';
import { startClusterSystem } from './cluster-system.ts';
import { createSender } from './sender.ts';
import type { Sender } from './sender.ts';

export type SoakOptions = {
  /** Organisations with an event now and then. */
  readonly organisations: number;
  /** Their events a second, together. */
  readonly perSecond: number;
  /** Events that one other organisation sends at once. */
  readonly burst: number;
  /** How long the others are measured before that, in seconds. */
  readonly quietS: number;
  /** Whether masters are killed in turn afterwards. */
  readonly kills: boolean;
};

/** Times from sending an event until its handler starts, of the other organisations, in milliseconds. */
export type Soak = {
  readonly machine: Machine;
  readonly quiet: readonly number[];
  readonly burst: readonly number[];
  /** How long the burst took until its last event was handled, in seconds. */
  readonly burstS: number;
  /** What became of everything. */
  readonly sent: number;
  readonly again: number;
  readonly refused: number;
};

/** Events of the burst in each request, and requests at once. */
const EVENTS_EACH = 50;
const CONNECTIONS = 10;

/** New processes are slower at first. */
const WARM_UP_MS = 3_000;

/** How long a killed master is away, and between two of them, in milliseconds. */
const AWAY_MS = 2_000;
const BETWEEN_MS = 4_000;

/**
 * Sends a trickle of many organisations and a burst of one; then kills masters while the trickle goes on.
 *
 * @throws Error if an event that was accepted is not handled
 */
export async function soak(fairOrder: boolean, options: SoakOptions, signal: AbortSignal): Promise<Soak> {
  await using system = await startClusterSystem(fairOrder, signal);
  const sender = createSender(system.ingresses, signal);
  const burstSender = createSender(system.ingresses, signal);
  const starts = collectStarts(system, signal);
  const trickle = startTrickle(sender, options, signal);

  await wait(WARM_UP_MS, undefined, { signal });
  const warmAt = monotonicMs();
  await wait(options.quietS * 1_000, undefined, { signal });
  const beganAt = monotonicMs();
  await sendBurst(burstSender, options.burst);
  await starts.untilAll(burstSender.sentAt.keys());
  const endedAt = monotonicMs();

  if (options.kills) await killInTurn(system, signal);
  await trickle.stop();
  await starts.untilAll(sender.sentAt.keys());
  await starts.stop();

  const waits = [...sender.sentAt].map(([resourceId, at]) => ({ at, ms: starts.first.get(resourceId)! - at }));
  return {
    machine: system.machine,
    quiet: waits.filter(({ at }) => at >= warmAt && at < beganAt).map(({ ms }) => ms),
    burst: waits.filter(({ at }) => at >= beganAt && at < endedAt).map(({ ms }) => ms),
    burstS: (endedAt - beganAt) / 1_000,
    sent: sender.sentAt.size + burstSender.sentAt.size,
    again: starts.again(),
    refused: sender.refused() + burstSender.refused(),
  };
}

/** Asks the workers again and again for what they have started. */
function collectStarts({ workers }: ClusterSystem, signal: AbortSignal) {
  const first = new Map<string, number>();
  let again = 0;
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      for (const worker of workers) {
        for (const [resourceId, at] of await newStarts(worker)) {
          if (first.has(resourceId)) again++;
          else first.set(resourceId, at);
        }
      }
      await wait(100, undefined, { signal });
    }
  })();
  // Awaited at the end; until then an interruption must not be an unhandled rejection.
  asking.catch(() => {});
  return {
    first,
    again: () => again,
    async untilAll(resourceIds: Iterable<string>): Promise<void> {
      const missing = new Set(resourceIds);
      await until(
        async () => {
          for (const resourceId of missing) if (first.has(resourceId)) missing.delete(resourceId);
          return missing.size === 0;
        },
        'all events to be handled',
        { signal, everyMs: 100, timeoutMs: 300_000 },
      );
    },
    async stop(): Promise<void> {
      isOver = true;
      await asking;
    },
  };
}

/** An event of one of many organisations, at random times. */
function startTrickle(sender: Sender, { organisations, perSecond }: SoakOptions, signal: AbortSignal) {
  const tenantIds = Array.from({ length: organisations }, () => randomUUID());
  const open = new Set<Promise<void>>();
  let isOver = false;
  const sending = (async () => {
    let due = monotonicMs();
    while (!isOver) {
      due += (-Math.log(1 - Math.random()) * 1_000) / perSecond;
      await wait(Math.max(0, due - monotonicMs()), undefined, { signal });
      const sent = sender
        .send(tenantIds[Math.floor(Math.random() * organisations)]!, 1)
        .finally(() => open.delete(sent));
      sent.catch(() => {});
      open.add(sent);
    }
  })();
  sending.catch(() => {});
  return {
    async stop(): Promise<void> {
      isOver = true;
      await sending;
      await Promise.all(open);
    },
  };
}

async function sendBurst(sender: Sender, events: number): Promise<void> {
  const tenantId = randomUUID();
  let left = Math.ceil(events / EVENTS_EACH);
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await sender.send(tenantId, EVENTS_EACH);
    }),
  );
}

async function killInTurn({ cluster }: ClusterSystem, signal: AbortSignal): Promise<void> {
  for (const master of cluster.masters) {
    await wait(BETWEEN_MS, undefined, { signal });
    master.process.kill('SIGKILL');
    await wait(AWAY_MS, undefined, { signal });
    await cluster.restart(master);
  }
  await wait(BETWEEN_MS, undefined, { signal });
}
