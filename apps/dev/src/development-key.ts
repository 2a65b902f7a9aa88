import { randomBytes } from 'node:crypto';
import { DEVELOPMENT_KEY_PREFIX } from '@xero-webhooks/runtime';
import { keptSecret } from './kept-secret.ts';

/** The key with which simulated webhooks are signed. */
export function developmentKey(folder: string): string {
  return keptSecret(folder, 'webhook-key', () => `${DEVELOPMENT_KEY_PREFIX}${randomBytes(32).toString('base64url')}`);
}
