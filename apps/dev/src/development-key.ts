import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVELOPMENT_KEY_PREFIX } from '@xero-webhooks/runtime';

/** The key with which simulated webhooks are signed: generated once, then kept. */
export function developmentKey(folder: string): string {
  const path = join(folder, 'webhook-key');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const key = `${DEVELOPMENT_KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  return key;
}
