import type { GenericSchema } from 'valibot';
import { actResult, quarantineReplayResult, replayResult } from './act-schema.ts';
import { backfillResult } from './backfill/schema.ts';
import { doctorResult } from './doctor/schema.ts';
import { eventResult, eventsResult } from './events/schema.ts';
import { itrResult } from './itr/schema.ts';
import { generatedKeyResult, rotatedKeysResult } from './keys/schema.ts';
import { listenResult } from './listen/schema.ts';
import { quarantinedBodyResult, quarantineListResult } from './quarantine/schema.ts';
import { shardsChangeResult, shardsResult } from './shards/schema.ts';
import { simulateResult } from './simulate/schema.ts';
import { storedEventResult, storedEventsResult } from './stored-event-schema.ts';
import { subscribeResult } from './subscribe/schema.ts';
import { disconnectResult, forgetResult, tenantsResult } from './tenants/schema.ts';
import { alertsResult, alertTestResult } from './alerts/schema.ts';
import { usageResult } from './usage/schema.ts';

/** What a command prints with `--json`: one value, or one on each line. */
type JsonResult = { readonly schema: GenericSchema; readonly lines?: true };

/** By command, as it is typed; `[…]` tells how it is called where that decides. */
export const JSON_RESULTS: Readonly<Record<string, JsonResult>> = {
  alerts: { schema: alertsResult },
  'alerts --test': { schema: alertTestResult },
  backfill: { schema: backfillResult },
  'delayed list': { schema: storedEventsResult },
  'delayed run': { schema: actResult },
  doctor: { schema: doctorResult },
  events: { schema: eventsResult },
  'events --follow': { schema: eventResult, lines: true },
  'failed drop': { schema: actResult },
  'failed list': { schema: storedEventsResult },
  'failed retry': { schema: actResult },
  'failed show': { schema: storedEventResult },
  itr: { schema: itrResult },
  'keys generate': { schema: generatedKeyResult },
  'keys rotate': { schema: rotatedKeysResult },
  listen: { schema: listenResult, lines: true },
  'quarantine drop': { schema: actResult },
  'quarantine list': { schema: quarantineListResult },
  'quarantine replay': { schema: quarantineReplayResult },
  'quarantine show': { schema: quarantinedBodyResult },
  replay: { schema: replayResult },
  shards: { schema: shardsResult },
  'shards <count>': { schema: shardsChangeResult },
  simulate: { schema: simulateResult },
  subscribe: { schema: subscribeResult },
  'tenants disconnect': { schema: disconnectResult },
  'tenants forget': { schema: forgetResult },
  'tenants list': { schema: tenantsResult },
  usage: { schema: usageResult },
};
