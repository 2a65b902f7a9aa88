import type { Tenant } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import { createQuarantine, openQueues, readHandlerHealth } from '@xero-webhooks/queue';
import type { ConfigOf, Log, Metrics, Shutdown } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';
import type { AlertStore } from './alerts/alert-store.ts';
import { createOwnAlerts, createSharedAlerts } from './alerts/alert-store.ts';
import type { AlertBounds, FoundAlert } from './alerts/alerts.ts';
import { findOrganisationAlerts } from './alerts/find-organisation-alerts.ts';
import { findSystemAlerts } from './alerts/find-system-alerts.ts';
import { openPostAlerts } from './alerts/post-alerts.ts';
import type { TellAlerts } from './alerts/tell-alerts.ts';
import { createTellAlerts } from './alerts/tell-alerts.ts';
import type { alertVariables } from './config.ts';
import { exposeAlerts } from './expose-alerts.ts';
import { exposeOrganisations } from './expose-organisations.ts';
import { exposeSystem } from './expose-system.ts';
import { organisationStates } from './organisation-states.ts';
import { createReadSystem } from './read-system.ts';
import { createTurnToWatch } from './turn-to-watch.ts';
import type { Watch } from './watch-in-turn.ts';
import { watchAlone, watchInTurn } from './watch-in-turn.ts';
import type { Watched } from './watched.ts';

type Options = {
  readonly config: ConfigOf<typeof alertVariables>;
  readonly redis: QueueRedis;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly shutdown: Pick<Shutdown, 'add'>;
  /** What this process finds for itself, without asking Redis. @defaultValue nothing */
  readonly findOwn?: (bounds: AlertBounds) => readonly FoundAlert[];
  /** Lists the organisations. @defaultValue this process does not watch them */
  readonly listTenants?: () => Promise<readonly Tenant[]>;
};

/** Organisations are looked at so seldom, in looks: there can be thousands. */
const ORGANISATIONS_EVERY = 4;

/** A process that says nothing for two looks and this many milliseconds, which a post can take, has lost its turn. */
const GRACE_MS = 10_000;

/** The quarantine is only counted here. */
const NO_ROOM = 0;

/**
 * Shows in the metrics how the whole system is, and looks again and again for what is wrong: one of all processes for what
 * they share, and each for what it finds itself.
 */
export async function startMonitoring(options: Options): Promise<void> {
  const { config, redis, metrics, log, shutdown, findOwn = () => [], listTenants } = options;
  const { client, prefix, watch } = redis;
  const read = createReadSystem({ redis, queues: openQueues(redis), quarantine: createQuarantine(redis, NO_ROOM) });
  exposeSystem({ metrics, redis, read });

  const { ALERT_URL: url, ALERT_TEMPLATE: template } = config;
  const poster = url === undefined ? undefined : await openPostAlerts(url, template);
  const posts = counterOf(metrics, 'xw_alert_posts_total');
  const tell = (store: AlertStore): TellAlerts =>
    createTellAlerts({
      store,
      post: poster?.post,
      repeatMs: config.ALERT_REPEAT_S * 1_000,
      isMuted: ({ name }) => config.ALERT_MUTE?.includes(name) ?? false,
      log,
      onPost: (outcome) => posts.inc({ outcome }),
    });
  const bounds: AlertBounds = {
    afterMs: config.ALERT_AFTER_S * 1_000,
    oldestMs: config.ALERT_OLDEST_S * 1_000,
    failingMs: config.ALERT_FAILING_S * 1_000,
  };
  const intervalMs = config.ALERT_INTERVAL_S * 1_000;
  const inTurn = (what: Watched, everyMs: number) => ({
    isUsable: () => watch.state().usable,
    turn: createTurnToWatch({ client, prefix, what, ms: 2 * everyMs + GRACE_MS, canPost: poster !== undefined }),
    tell: tell(createSharedAlerts(client, prefix, what)),
    intervalMs: everyMs,
    log,
  });

  const showAlerts = exposeAlerts(metrics);
  const watches: Watch[] = [
    watchAlone({
      tell: tell(createOwnAlerts()),
      intervalMs,
      find: () => findOwn(bounds),
      show: showAlerts('own'),
      log,
    }),
    watchInTurn({
      ...inTurn('system', intervalMs),
      async find() {
        const [system, handlers] = await Promise.all([read(), readHandlerHealth(client, prefix)]);
        const state = watch.state();
        const memory = state.usable ? state.memory : 0;
        return findSystemAlerts({ now: Date.now(), system, handlers, memory, warnings: watch.warnings() }, bounds);
      },
      show: showAlerts('system'),
    }),
  ];
  if (listTenants) {
    // Only where it is needed: an ingress calls nobody.
    const { readApiUsage } = await import('@xero-webhooks/xero');
    const showOrganisations = exposeOrganisations(metrics);
    const show = showAlerts('organisations');
    watches.push(
      watchInTurn({
        ...inTurn('organisations', ORGANISATIONS_EVERY * intervalMs),
        async find() {
          const now = Date.now();
          const [tenants, usage] = await Promise.all([listTenants(), readApiUsage(client, prefix, new Date(now))]);
          const states = organisationStates(tenants, now);
          showOrganisations({ states, usage });
          return findOrganisationAlerts(states);
        },
        show(open) {
          show(open);
          if (!open) showOrganisations(undefined);
        },
      }),
    );
  }
  shutdown.add('monitoring', async () => {
    await Promise.all(watches.map(({ stop }) => stop()));
    poster?.close();
  });
}
