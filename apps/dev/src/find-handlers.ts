import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HANDLER_EXTENSIONS } from '@xero-webhooks/handlers';

/** What runs where somebody has no handlers yet. */
export const SAMPLES = fileURLToPath(new URL('../../worker/src/handlers/index.ts', import.meta.url));

const NAMES = ['handlers', 'handlers/index', 'src/handlers', 'src/handlers/index'];

/**
 * The handler module to run: the one that HANDLERS names, or one where people put it, or else samples that only log.
 *
 * @returns its absolute path; one that HANDLERS names need not exist
 */
export function findHandlers(workingDirectory: string, { HANDLERS }: NodeJS.ProcessEnv): string {
  if (HANDLERS?.trim()) return resolve(workingDirectory, HANDLERS.trim());
  const usual = NAMES.flatMap((name) =>
    HANDLER_EXTENSIONS.map((extension) => join(workingDirectory, `${name}${extension}`)),
  );
  return usual.find((file) => existsSync(file)) ?? SAMPLES;
}
