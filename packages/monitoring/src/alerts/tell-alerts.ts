import type { Log } from '@xero-webhooks/runtime';
import { createLogThrottle } from '@xero-webhooks/runtime';
import type { FoundAlert } from './alerts.ts';
import type { AlertStore } from './alert-store.ts';
import type { AlertChange, OpenAlert } from './compare-alerts.ts';
import { compareAlerts } from './compare-alerts.ts';
import type { PostAlerts } from './post-alerts.ts';

/** Takes what is wrong now, tells what has changed, and says what is open. */
export type TellAlerts = (found: readonly FoundAlert[]) => Promise<readonly OpenAlert[]>;

type Options = {
  readonly store: AlertStore;
  /** `undefined` without ALERT_URL: then alerts are only logged. */
  readonly post: PostAlerts | undefined;
  readonly repeatMs: number;
  /** ALERT_MUTE: what is as if it were not. */
  readonly isMuted?: (alert: FoundAlert) => boolean;
  readonly log: Log;
  /** Told of each post. */
  readonly onPost?: (outcome: 'sent' | 'failed') => void;
  readonly now?: () => number;
};

/** Shortest time between two log lines about posts that fail, in milliseconds. */
const QUIET_MS = 300_000;

/**
 * Posts each alert when it begins, seldom while it lasts, and when it is over. What could not be posted is told the next
 * time: only then is it noted as told.
 */
export function createTellAlerts(options: Options): TellAlerts {
  const { store, post, repeatMs, isMuted = () => false, log, onPost = () => {}, now = Date.now } = options;
  const seldom = createLogThrottle(QUIET_MS, now);

  /** @returns whether everybody who is to be told has been */
  async function tell(changes: readonly AlertChange[], at: number): Promise<boolean> {
    const fault = await post?.(changes, at);
    if (post) onPost(fault === undefined ? 'sent' : 'failed');
    if (fault !== undefined) {
      const alerts = changes.map(({ state, alert }) => `${alert.name} ${state}`);
      seldom('post', (unlogged) =>
        log.error({ alert: 'not-posted', alerts, unlogged }, `alerts cannot be posted to ALERT_URL: ${fault}`),
      );
      return false;
    }
    for (const { state, alert } of changes) logChange(log, state, alert);
    return true;
  }

  return async (found) => {
    const at = now();
    const { noted, passed, changes } = compareAlerts(
      await store.list(),
      found.filter((alert) => !isMuted(alert)),
      { now: at, repeatMs },
    );
    await store.put(noted);
    await store.drop(passed);
    if (changes.length > 0 && (await tell(changes, at))) {
      const [over, open] = [changes.filter(isOver), changes.filter((change) => !isOver(change))];
      await store.put(open.map(({ alert }) => ({ ...alert, postedAt: at })));
      await store.drop(over.map(({ alert }) => alert));
    }
    return (await store.list()).filter(({ postedAt }) => postedAt !== undefined);
  };
}

function isOver({ state }: AlertChange): boolean {
  return state === 'resolved';
}

function logChange(log: Log, state: AlertChange['state'], { name, subject, text, since }: OpenAlert): void {
  const fields = { alert: name, ...(subject !== '' && { subject }), since: new Date(since).toISOString() };
  if (state === 'resolved') log.info(fields, `alert resolved: ${text}`);
  else log.error(fields, state === 'raised' ? `alert: ${text}` : `alert still open: ${text}`);
}
