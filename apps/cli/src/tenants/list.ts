import type { QueueRedis } from '@xero-webhooks/queue';
import { listRecordedTenants } from '@xero-webhooks/record';
import { loadConfig } from '@xero-webhooks/runtime';
import { readBudgetState, xeroReadVariables } from '@xero-webhooks/xero';
import type { ListedOrganisation } from '@xero-webhooks/xero-auth';
import { listOrganisations, xeroAppVariables } from '@xero-webhooks/xero-auth';
import { connectToQueues } from '../connect.ts';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { tableOf } from '../table.ts';
import { spanText, timeText } from '../times.ts';
import type { TenantJson } from './schema.ts';

/** How many organisations Redis is asked about at once. */
const ASKED_AT_ONCE = 100;

const variables = {
  TOKEN_ENCRYPTION_KEY: xeroAppVariables.TOKEN_ENCRYPTION_KEY,
  XERO_DAY_LIMIT: xeroReadVariables.XERO_DAY_LIMIT,
  XERO_DAY_RESERVE: xeroReadVariables.XERO_DAY_RESERVE,
};

export async function listTenants({ json = false }: { json?: boolean }): Promise<void> {
  const config = loadConfig(variables, process.env, notice);
  const limits = { perDay: config.XERO_DAY_LIMIT, dayReserve: config.XERO_DAY_RESERVE };
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const organisations = await readTenants(redis, config.TOKEN_ENCRYPTION_KEY, limits);
    if (json) printJson({ organisations });
    else printLines(tenantsTable(organisations));
  } finally {
    redis.close();
  }
}

async function readTenants(
  { client, prefix }: QueueRedis,
  encryptionKeys: readonly string[] | undefined,
  limits: { perDay: number; dayReserve: number },
): Promise<TenantJson[]> {
  const now = Date.now();
  const connected = await listOrganisations(client, prefix, encryptionKeys);
  const lastEvents = new Map(await listRecordedTenants(client, prefix));
  const known = new Set(connected.map(({ tenantId }) => tenantId));
  const others = [...lastEvents.keys()].filter((tenantId) => !known.has(tenantId));
  const all = [...connected, ...others.map((tenantId) => ({ tenantId }))];
  const tenants: TenantJson[] = [];
  for (let at = 0; at < all.length; at += ASKED_AT_ONCE) {
    const some = all.slice(at, at + ASKED_AT_ONCE).map(async (organisation): Promise<TenantJson> => {
      const { tenantId } = organisation;
      const { callsToday, leftToday, blocked } = await readBudgetState(client, prefix, tenantId, limits, now);
      return {
        tenantId,
        ...accessOf(organisation),
        lastEventAt: iso(lastEvents.get(tenantId)),
        callsToday,
        leftToday: leftToday ?? null,
        blockedUntil: iso(blocked?.until),
        blockedBy: blocked?.limit ?? null,
      };
    });
    tenants.push(...(await Promise.all(some)));
  }
  return tenants;
}

function accessOf(
  organisation: ListedOrganisation | { tenantId: string },
): Pick<TenantJson, 'name' | 'connectedAt' | 'token' | 'fault'> {
  if (!('name' in organisation)) return { name: null, connectedAt: null, token: null, fault: null };
  const { name, connectedAt, token, fault = null } = organisation;
  return { name, connectedAt: iso(connectedAt), token, fault };
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

function tenantsTable(organisations: readonly TenantJson[]): string[] {
  if (organisations.length === 0) return ['no organisation is connected, and no event of one is on record'];
  const columns = [
    { title: 'name' },
    { title: 'id' },
    { title: 'access' },
    { title: 'last event' },
    { title: 'calls today', right: true },
    { title: 'left', right: true },
    { title: 'may call' },
  ];
  const rows = organisations.map(({ name, tenantId, token, lastEventAt, callsToday, leftToday, ...rest }) => [
    name === null ? '-' : printable(name),
    printable(tenantId),
    token ?? 'not connected here',
    lastEventAt === null ? '-' : timeText(Date.parse(lastEventAt)),
    String(callsToday),
    leftToday === null ? '' : String(leftToday),
    mayCall(rest),
  ]);
  const faults = organisations.flatMap(({ name, fault }) => (fault === null ? [] : [`${printable(name!)}: ${fault}`]));
  const unchecked = organisations.some(({ token }) => token === 'unchecked');
  return [
    ...tableOf(columns, rows),
    ...(faults.length > 0 ? ['', ...faults, 'connect them again on the board, at /connect'] : []),
    ...(unchecked
      ? ['', 'TOKEN_ENCRYPTION_KEY is not set here, so it was not checked whether token sets can be read']
      : []),
  ];
}

function mayCall({ blockedUntil, blockedBy }: Pick<TenantJson, 'blockedUntil' | 'blockedBy'>): string {
  if (blockedUntil === null) return 'now';
  const until = Date.parse(blockedUntil);
  const why = blockedBy === 'outage' ? 'Xero fails' : `${blockedBy} limit`;
  return `in ${spanText(until - Date.now())} (${why})`;
}
