import { CodedError, dataFolder, loadConfig, optional, readDevelopmentFile, webhookKeys } from '@xero-webhooks/runtime';
import { notice } from '../notice.ts';

/** Where to send webhooks, and what to sign them with. */
export type Target = { readonly url: string; readonly key: string };

type Wanted = { url?: string; key?: string };

/**
 * Finds the target: what the command names; else the first key in XERO_WEBHOOK_KEY or its file, and the address and the key
 * that `pnpm start` left in `.data`.
 *
 * @throws CodedError `XW_NO_TARGET`, or `XW_CONFIG` where the key or its file cannot be read
 */
export function findTarget(wanted: Wanted, environment: NodeJS.ProcessEnv, workingDirectory: string): Target {
  const left = readDevelopmentFile(dataFolder(workingDirectory));
  const url = wanted.url ?? left?.webhookUrl;
  const key = wanted.key ?? firstKey(environment) ?? left?.webhookKey;
  if (!url)
    throw new CodedError('XW_NO_TARGET', 'no address to send to: run "pnpm start" here first, or name one with --url');
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CodedError(
      'XW_NO_TARGET',
      `--url is "${url}"; expected an address such as http://127.0.0.1:3000/webhook`,
    );
  }
  if (!key) throw new CodedError('XW_NO_TARGET', 'no key to sign with: set XERO_WEBHOOK_KEY, or name one with --key');
  return { url, key };
}

const variables = { XERO_WEBHOOK_KEY: optional(webhookKeys, { secret: true, about: '' }) };

function firstKey(environment: NodeJS.ProcessEnv): string | undefined {
  return loadConfig(variables, environment, notice).XERO_WEBHOOK_KEY?.[0];
}
