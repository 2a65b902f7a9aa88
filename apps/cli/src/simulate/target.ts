import { CodedError, dataFolder, loadConfig, optional, readDevelopmentFile, webhookKeys } from '@xero-webhooks/runtime';
import { notice } from '../notice.ts';

export type Target = { readonly url: string; readonly key: string };

type Wanted = { url?: string; key?: string };

/**
 * Takes what the command names; otherwise the first key in XERO_WEBHOOK_KEY or its file, and the address and key that
 * `xw dev` left in `.data`.
 *
 * @throws CodedError `XW_NO_TARGET`, or `XW_CONFIG` if the key or its file cannot be read
 */
export function findTarget(wanted: Wanted, environment: NodeJS.ProcessEnv, workingDirectory: string): Target {
  const left = readDevelopmentFile(dataFolder(workingDirectory));
  const url = wanted.url ?? left?.webhookUrl;
  if (!url)
    throw new CodedError('XW_NO_TARGET', 'no address to send to: run "xw dev" in this folder first, or set --url');
  return { url, key: findKey(wanted.key, environment, workingDirectory) };
}

/**
 * Finds the webhook key: the one that the command names; else the first in XERO_WEBHOOK_KEY or its file, else the one that
 * `xw dev` left in `.data`.
 *
 * @throws CodedError `XW_NO_TARGET`, or `XW_CONFIG` where the key or its file cannot be read
 */
export function findKey(given: string | undefined, environment: NodeJS.ProcessEnv, workingDirectory: string): string {
  const key = given ?? firstKey(environment) ?? readDevelopmentFile(dataFolder(workingDirectory))?.webhookKey;
  if (!key) throw new CodedError('XW_NO_TARGET', 'no webhook key: set XERO_WEBHOOK_KEY or --key');
  return key;
}

const variables = { XERO_WEBHOOK_KEY: optional(webhookKeys, { secret: true, about: '' }) };

function firstKey(environment: NodeJS.ProcessEnv): string | undefined {
  return loadConfig(variables, environment, notice).XERO_WEBHOOK_KEY?.[0];
}
