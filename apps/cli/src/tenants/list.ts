import { spanText } from '@xero-webhooks/runtime/span-text';
import type { Tenant } from '@xero-webhooks/operations';
import { listTenants } from '@xero-webhooks/operations';
import { loadConfig } from '@xero-webhooks/runtime';
import { xeroReadVariables } from '@xero-webhooks/xero';
import { xeroAppVariables } from '@xero-webhooks/xero-auth';
import { connectToQueues } from '../connect.ts';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { tableOf } from '../table.ts';
import { timeText } from '../times.ts';
import type { TenantJson } from './schema.ts';

const variables = {
  TOKEN_ENCRYPTION_KEY: xeroAppVariables.TOKEN_ENCRYPTION_KEY,
  XERO_DAY_LIMIT: xeroReadVariables.XERO_DAY_LIMIT,
  XERO_DAY_RESERVE: xeroReadVariables.XERO_DAY_RESERVE,
};

export async function printTenants({ json = false }: { json?: boolean }): Promise<void> {
  const config = loadConfig(variables, process.env, notice);
  const limits = { perDay: config.XERO_DAY_LIMIT, dayReserve: config.XERO_DAY_RESERVE };
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const tenants = await listTenants(redis, { encryptionKeys: config.TOKEN_ENCRYPTION_KEY, limits });
    const organisations = tenants.map(tenantJson);
    if (json) printJson({ organisations });
    else printLines(tenantsTable(organisations));
  } finally {
    redis.close();
  }
}

function tenantJson({ tenantId, name, connected, lastEventAt, callsToday, leftToday, blocked }: Tenant): TenantJson {
  return {
    tenantId,
    name: name ?? null,
    connectedAt: iso(connected?.connectedAt),
    token: connected?.token ?? null,
    fault: connected?.fault ?? null,
    lastEventAt: iso(lastEventAt),
    callsToday,
    leftToday: leftToday ?? null,
    blockedUntil: iso(blocked?.until),
    blockedBy: blocked?.limit ?? null,
  };
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
