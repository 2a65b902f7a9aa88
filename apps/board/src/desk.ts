import type { Backfills } from '@xero-webhooks/backfill';
import { createBackfills } from '@xero-webhooks/backfill';
import type { Operations, Tenant } from '@xero-webhooks/operations';
import { createOperations } from '@xero-webhooks/operations';
import type { EventQueue, Gate, Quarantine, QueueRedis } from '@xero-webhooks/queue';
import { createGate, createProducer, createQuarantine, openQueues } from '@xero-webhooks/queue';
import type { EventSearch } from '@xero-webhooks/record';
import { createEventSearch, createRecorder } from '@xero-webhooks/record';
import type { Log, Shutdown } from '@xero-webhooks/runtime';
import type { ConnectMode } from './connect/mode.ts';
import { createListTenants } from './list-tenants.ts';
import type { Site } from './page/site.ts';

/** What the pages about events work with. */
export type Desk = {
  readonly redis: QueueRedis;
  readonly queues: readonly EventQueue[];
  readonly gate: Gate;
  readonly search: EventSearch;
  readonly quarantine: Quarantine;
  readonly operations: Operations;
  readonly backfills: Backfills;
  /** Who acts: the board's user. */
  readonly by: string;
  readonly listTenants: () => Promise<Tenant[]>;
  readonly site: Site;
  /** BOARD_READ_ONLY: nothing can be changed. */
  readonly readOnly: boolean;
  /** BOARD_REDACT: fields of payloads that are not shown. */
  readonly redacted: readonly string[];
  readonly log: Log;
};

type Options = {
  redis: QueueRedis;
  mode: ConnectMode;
  /** XERO_DAY_LIMIT and XERO_DAY_RESERVE. */
  limits: { perDay: number; dayReserve: number };
  site: Site;
  readOnly: boolean;
  redacted: readonly string[];
  /** IDEMPOTENCY_TTL_S in milliseconds. */
  rememberMs: number;
  /** Who acts: the board's user. */
  by: string;
  log: Log;
  shutdown: Shutdown;
};

/** Bodies are only read and dropped here; none is added. */
const NO_ROOM = 0;

export function openDesk(options: Options): Desk {
  const { redis, mode, limits, site, readOnly, redacted, rememberMs, by, log, shutdown } = options;
  const { client, prefix, connections } = redis;
  const { cluster } = connections;
  const gate = createGate({ client, prefix, cluster, rememberMs });
  const quarantine = createQuarantine(redis, NO_ROOM);
  const producer = createProducer(redis);
  shutdown.add('producer', producer.close);
  const backfills = createBackfills(redis);
  shutdown.add('backfills', backfills.close);
  const recorder = createRecorder({ client, prefix, cluster });
  return {
    redis,
    queues: openQueues(redis),
    gate,
    search: createEventSearch(client, prefix),
    quarantine,
    operations: createOperations({ redis, gate, quarantine, producer, recorder, log, by }),
    backfills,
    by,
    listTenants: createListTenants({ redis, mode, limits }),
    site,
    readOnly,
    redacted,
    log,
  };
}
