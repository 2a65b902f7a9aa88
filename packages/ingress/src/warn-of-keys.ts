import type { Log } from '@xero-webhooks/runtime';
import { areDevelopmentKeys } from '@xero-webhooks/runtime';

/** The developer portal shows 64 bytes in base64. */
const XERO_KEY = /^[A-Za-z0-9+/]{86}==$/;

/**
 * Says of each webhook key that does not look like one of Xero's where it stands in the list and how long it is, and
 * nothing of the key: with a mistyped one the ingress would run, and answer 401 to everything.
 *
 * @param keys those that `pnpm start` has made are passed over
 */
export function warnOfKeys(keys: readonly string[], log: Pick<Log, 'warn'>): void {
  for (const [index, key] of keys.entries()) {
    if (XERO_KEY.test(key) || areDevelopmentKeys([key])) continue;
    log.warn(
      { key: index + 1, keys: keys.length, characters: key.length },
      'a webhook key does not look like one of Xero, which has 88 characters of base64: where it is wrong, Xero gets 401. Copy it from the developer portal into XERO_WEBHOOK_KEY again',
    );
  }
}
