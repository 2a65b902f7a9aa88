import { fakeXeroAt } from '@xero-webhooks/fake-xero';
import { listTenants, readableTenants } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import { CodedError, dataFolder, loadConfig, readDevelopmentFile } from '@xero-webhooks/runtime';
import { xeroReadVariables } from '@xero-webhooks/xero';
import { xeroAppVariables } from '@xero-webhooks/xero-auth';
import { notice } from '../notice.ts';

const variables = {
  TOKEN_ENCRYPTION_KEY: xeroAppVariables.TOKEN_ENCRYPTION_KEY,
  XERO_DAY_LIMIT: xeroReadVariables.XERO_DAY_LIMIT,
  XERO_DAY_RESERVE: xeroReadVariables.XERO_DAY_RESERVE,
  XERO_FAKE_URL: xeroReadVariables.XERO_FAKE_URL,
};

/** Finds the organisations that a backfill reads where none is named. @throws CodedError `XW_NO_TENANT` if there is none */
export async function organisationsToRead(redis: QueueRedis): Promise<string[]> {
  const config = loadConfig(variables, process.env, notice);
  const fakeUrl = config.XERO_FAKE_URL ?? readDevelopmentFile(dataFolder(process.cwd()))?.xeroUrl;
  const fakes =
    fakeUrl === undefined
      ? []
      : await fakeXeroAt(fakeUrl)
          .organisations()
          .catch(() => []);
  const tenants = await listTenants(redis, {
    encryptionKeys: config.TOKEN_ENCRYPTION_KEY,
    limits: { perDay: config.XERO_DAY_LIMIT, dayReserve: config.XERO_DAY_RESERVE },
    fakes,
  });
  const readable = readableTenants(tenants);
  if (readable.length === 0) {
    throw new CodedError(
      'XW_NO_TENANT',
      'no organisation is known that could be read: connect one on the board, or name some with --tenant',
    );
  }
  return readable.map(({ tenantId }) => tenantId);
}
