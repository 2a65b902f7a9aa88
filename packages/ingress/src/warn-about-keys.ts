import type { Log } from '@xero-webhooks/runtime';
import { areDevelopmentKeys } from '@xero-webhooks/runtime';

/** The developer portal shows a key as 64 bytes in base64. */
const XERO_KEY = /^[A-Za-z0-9+/]{86}==$/;

/**
 * Warns about each webhook key that does not look like Xero's, with its position in the list and its length but without
 * the key itself. With a mistyped key the ingress would run, and answer 401 to everything.
 *
 * @param keys keys that `xw dev` made are skipped
 */
export function warnAboutKeys(keys: readonly string[], log: Pick<Log, 'warn'>): void {
  for (const [index, key] of keys.entries()) {
    if (XERO_KEY.test(key) || areDevelopmentKeys([key])) continue;
    log.warn(
      { key: index + 1, keys: keys.length, characters: key.length },
      'a webhook key does not look like a key from Xero, which has 88 characters of base64. If it is wrong, Xero gets 401: copy the key from the developer portal into XERO_WEBHOOK_KEY again',
    );
  }
}
