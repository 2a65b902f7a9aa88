import { CodedError, dataFolder, loadConfig, optional, readDevelopmentFile, webhookKeys } from '@xero-webhooks/runtime';
import { notice } from '../notice.ts';

export type Target = { readonly url: string; readonly key: string };

type Wanted = { url?: string; key?: string };

/**
 * Takes what the command names; otherwise the first key in XERO_WEBHOOK_KEY or its file, and the address and key that
 * `pnpm start` left in `.data`.
 *
 * @throws CodedError `XW_NO_TARGET`, or `XW_CONFIG` if the key or its file cannot be read
 */
export function findTarget(wanted: Wanted, environment: NodeJS.ProcessEnv, workingDirectory: string): Target {
  const left = readDevelopmentFile(dataFolder(workingDirectory));
  const url = wanted.url ?? left?.webhookUrl;
  const key = wanted.key ?? firstKey(environment) ?? left?.webhookKey;
  if (!url)
    throw new CodedError('XW_NO_TARGET', 'no address to send to: run "pnpm start" in this folder first, or set --url');
  if (!key) throw new CodedError('XW_NO_TARGET', 'no key to sign with: set XERO_WEBHOOK_KEY or --key');
  return { url, key };
}

const variables = { XERO_WEBHOOK_KEY: optional(webhookKeys, { secret: true, about: '' }) };

function firstKey(environment: NodeJS.ProcessEnv): string | undefined {
  return loadConfig(variables, environment, notice).XERO_WEBHOOK_KEY?.[0];
}
