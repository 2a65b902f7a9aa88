import { randomBytes } from 'node:crypto';
import { createOperationLog } from '@xero-webhooks/operations';
import { CodedError, DEVELOPMENT_KEY_PREFIX, loadConfig } from '@xero-webhooks/runtime';
import type { ReencryptedGrant } from '@xero-webhooks/xero-auth';
import { reencryptGrants, xeroAppVariables } from '@xero-webhooks/xero-auth';
import { connectToQueues } from '../connect.ts';
import { countOf } from '../count-of.ts';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { systemUser } from '../system-user.ts';
import type { KeyKind } from './command.ts';
import type { RotatedKeysJson } from './schema.ts';

const KEY_BYTES = 32;

const MAKE: Readonly<Record<KeyKind, () => string>> = {
  // The prefix tells the ingress that Xero does not sign with it.
  webhook: () => `${DEVELOPMENT_KEY_PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`,
  encryption: () => randomBytes(KEY_BYTES).toString('base64'),
};

export function generateKey(kind: KeyKind, { json = false }: { json?: boolean }): void {
  const key = MAKE[kind]();
  if (json) printJson({ kind, key });
  else printLines([key]);
}

/** The exit code is 1 while a token set is not encrypted with the first key. */
export async function rotateKeys({ by, json = false }: { by?: string; json?: boolean }): Promise<void> {
  const { TOKEN_ENCRYPTION_KEY: keys } = loadConfig(
    { TOKEN_ENCRYPTION_KEY: xeroAppVariables.TOKEN_ENCRYPTION_KEY },
    process.env,
    notice,
  );
  if (!keys) {
    throw new CodedError(
      'XW_CONFIG',
      'TOKEN_ENCRYPTION_KEY is not set: set it to the new key and, after a comma, the key that the board and the workers have now',
    );
  }
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    const grants = await reencryptGrants(redis.client, redis.prefix, keys);
    const count = grants.filter(({ outcome }) => outcome === 'reencrypted').length;
    const operation = {
      at: Date.now(),
      by: by ?? systemUser(),
      action: 'rotate encryption keys',
      filter: 'all',
      count,
    };
    await createOperationLog(redis.client, redis.prefix).add(operation);
    const result: RotatedKeysJson = { tokenSets: grants };
    if (json) printJson(result);
    else printLines(report(grants));
    const isLeft = grants.some(({ outcome }) => outcome === 'busy' || outcome === 'unreadable');
    process.exitCode = isLeft ? 1 : 0;
  } finally {
    redis.close();
  }
}

function report(grants: readonly ReencryptedGrant[]): string[] {
  if (grants.length === 0) return ['no organisation is connected: nothing is encrypted'];
  const of = (outcome: ReencryptedGrant['outcome']): readonly ReencryptedGrant[] =>
    grants.filter((grant) => grant.outcome === outcome);
  const names = (some: readonly ReencryptedGrant[]): string =>
    some.flatMap(({ organisations }) => organisations.map(printable)).join(', ');
  const [done, current, busy, unreadable] = [of('reencrypted'), of('current'), of('busy'), of('unreadable')];
  const isDone = busy.length + unreadable.length === 0;
  return [
    `encrypted ${countOf(done.length, 'token set')} with the first key; ${current.length} had it already`,
    ...(busy.length > 0 ? [`being renewed right now: ${names(busy)}: run it again in a minute`] : []),
    ...(unreadable.length > 0
      ? [`no key fits: ${names(unreadable)}: add the key that they were encrypted with, or connect them again`]
      : []),
    isDone
      ? 'the other keys are no longer needed: remove them from TOKEN_ENCRYPTION_KEY at the board and all workers'
      : 'keep the other keys until nothing is left',
  ];
}
