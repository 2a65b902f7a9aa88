/** What a key that `xw dev` has made begins with, as opposed to one that Xero signs with. */
export const DEVELOPMENT_KEY_PREFIX = 'xw-development-';

/** Whether none of the webhook keys is one of Xero's: then Xero's own requests are refused. */
export function areDevelopmentKeys(keys: readonly string[]): boolean {
  return keys.every((key) => key.startsWith(DEVELOPMENT_KEY_PREFIX));
}
