import { createOperationLog } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf } from '@xero-webhooks/runtime';
import { CodedError, createLogger, loadConfig } from '@xero-webhooks/runtime';
import type { ListedOrganisation } from '@xero-webhooks/xero-auth';
import {
  createConnect,
  createGrantTokens,
  createIdentity,
  listOrganisations,
  xeroAppVariables,
  xeroLoginVariables,
} from '@xero-webhooks/xero-auth';
import { connectToQueues } from '../connect.ts';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { systemUser } from '../system-user.ts';
import { WrongUsage } from '../wrong-usage.ts';

const variables = { ...xeroAppVariables, ...xeroLoginVariables };

type Config = ConfigOf<typeof variables>;

/** @param named an organisation's id or name */
export async function disconnectTenant(
  named: string,
  { by, json = false }: { by?: string; json?: boolean },
): Promise<void> {
  const config = loadConfig(variables, process.env, notice);
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const { client, prefix } = redis;
    const organisation = find(await listOrganisations(client, prefix, config.TOKEN_ENCRYPTION_KEY), named);
    const { tenantId, name } = organisation;
    const told = await disconnect(redis, config, organisation);
    const operation = { at: Date.now(), by: by ?? systemUser(), action: 'disconnect an organisation', count: 1 };
    await createOperationLog(client, prefix).add({ ...operation, filter: `organisation ${tenantId}` });
    if (json) return printJson({ tenantId, name, told });
    printLines([
      `disconnected ${printable(name)} (${tenantId})`,
      ...(told ? [] : ['its access had ended, so Xero could not be told: remove the app under its connected apps']),
      `what is stored of it stays: "xw tenants forget ${tenantId}" erases it`,
    ]);
  } finally {
    redis.close();
  }
}

/** @returns whether Xero was told */
async function disconnect(redis: QueueRedis, config: Config, { tenantId, name }: ListedOrganisation): Promise<boolean> {
  const { client, prefix } = redis;
  const { XERO_CLIENT_ID: clientId, XERO_CLIENT_SECRET: clientSecret, TOKEN_ENCRYPTION_KEY: encryptionKeys } = config;
  if (clientId === undefined || encryptionKeys === undefined) {
    const missing = clientId === undefined ? 'XERO_CLIENT_ID' : 'TOKEN_ENCRYPTION_KEY';
    throw new CodedError(
      'XW_CONFIG',
      `${missing} is not set: set what the board has, or disconnect on its connect page`,
    );
  }
  const identity = createIdentity({ url: config.XERO_IDENTITY_URL, clientId, clientSecret });
  const log = createLogger('xw', 'silent');
  const tokens = createGrantTokens({ client, prefix, encryptionKeys, identity, log });
  try {
    const { XERO_API_URL: apiUrl, XERO_LOGIN_URL: loginUrl } = config;
    const connect = createConnect({ client, prefix, encryptionKeys, identity, tokens, apiUrl, loginUrl });
    const outcome = await connect.disconnect(tenantId);
    switch (outcome.outcome) {
      case 'disconnected':
        return outcome.told;
      case 'absent':
        throw notConnected(tenantId);
      case 'failed':
      case 'unfinished':
        throw new CodedError(outcome.code, `${printable(name)} is not disconnected: ${outcome.reason}; try again`);
    }
  } finally {
    await tokens.close();
  }
}

function find(organisations: readonly ListedOrganisation[], named: string): ListedOrganisation {
  const wanted = named.toLowerCase();
  const found = organisations.filter(({ tenantId, name }) => tenantId === wanted || name.toLowerCase() === wanted);
  const [first, second] = found;
  if (!first) throw notConnected(named);
  if (second) throw new WrongUsage('XW_USAGE', `several organisations have the name ${printable(named)}: give an id`);
  return first;
}

function notConnected(named: string): CodedError {
  const message = `no organisation ${printable(named)} is connected: "xw tenants list" shows which are`;
  return new CodedError('XW_NO_TENANT', message);
}
