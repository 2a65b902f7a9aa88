import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A secret of the development start, made once and kept in a file that only its owner can read: it is the same after each
 * start.
 */
export function keptSecret(folder: string, file: string, make: () => string): string {
  const path = join(folder, file);
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (kept) return kept;
  const secret = make();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}
