import type { Log } from '@xero-webhooks/runtime';
import type { FoundAlert } from './alerts/alerts.ts';
import type { OpenAlert } from './alerts/compare-alerts.ts';
import type { TellAlerts } from './alerts/tell-alerts.ts';
import type { TurnToWatch } from './turn-to-watch.ts';

export type Watch = { stop(): Promise<void> };

type Options = {
  readonly find: () => readonly FoundAlert[] | Promise<readonly FoundAlert[]>;
  readonly tell: TellAlerts;
  /** Gets the open alerts; `undefined` while another process watches. */
  readonly show: (open: readonly OpenAlert[] | undefined) => void;
  readonly intervalMs: number;
  readonly log: Log;
};

/** Looks again and again for what is wrong, one look at a time, and tells. */
export function watchAlone({ find, tell, show, intervalMs, log }: Options): Watch {
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      show(await tell(await find()));
    } catch (error) {
      // Whatever is away is an alert of its own, or is told by the watch on Redis.
      log.debug({ err: error }, 'it could not be looked for what is wrong');
    }
  }

  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, intervalMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

type InTurn = Options & {
  readonly turn: TurnToWatch;
  /** Whether Redis can be used. */
  readonly isUsable: () => boolean;
};

/** Does so in the one process of all that has the turn. */
export function watchInTurn({ turn, isUsable, ...options }: InTurn): Watch {
  let isOurs = false;
  const watch = watchAlone({
    ...options,
    async find() {
      isOurs = isUsable() && (await turn.take());
      return isOurs ? options.find() : [];
    },
    tell: async (found) => (isOurs ? options.tell(found) : []),
    show: (open) => options.show(isOurs ? open : undefined),
  });
  return {
    async stop() {
      await watch.stop();
      if (isOurs && isUsable()) await turn.give().catch(() => {});
    },
  };
}
