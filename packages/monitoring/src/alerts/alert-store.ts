import type { RedisClient } from '@xero-webhooks/runtime';
import type { OpenAlert } from './compare-alerts.ts';
import { alertId } from './compare-alerts.ts';
import type { Watched } from '../watched.ts';

/** Keeps which alerts are open. */
export type AlertStore = {
  list(): Promise<readonly OpenAlert[]>;
  put(alerts: readonly OpenAlert[]): Promise<void>;
  drop(alerts: readonly OpenAlert[]): Promise<void>;
};

/** Longer than any alert is told again, in milliseconds: what nobody watches any more goes by itself. */
const KEPT_MS = 30 * 86_400_000;

/** In Redis, for the alerts that one process raises for all. `what` is watched, as in `createTurnToWatch`. */
export function createSharedAlerts(client: RedisClient, prefix: string, what: Watched): AlertStore {
  const key = `${prefix}:{alerts}:open-${what}`;
  return {
    list: async () => Object.values(await client.hgetall(key)).map((text) => JSON.parse(text) as OpenAlert),
    async put(alerts) {
      if (alerts.length === 0) return;
      await client.hset(key, Object.fromEntries(alerts.map((alert) => [alertId(alert), JSON.stringify(alert)])));
      await client.pexpire(key, KEPT_MS);
    },
    async drop(alerts) {
      if (alerts.length > 0) await client.hdel(key, ...alerts.map(alertId));
    },
  };
}

/** In memory, for those that a process raises for itself. */
export function createOwnAlerts(): AlertStore {
  const open = new Map<string, OpenAlert>();
  return {
    list: async () => [...open.values()],
    put: async (alerts) => alerts.forEach((alert) => open.set(alertId(alert), alert)),
    drop: async (alerts) => alerts.forEach((alert) => open.delete(alertId(alert))),
  };
}
