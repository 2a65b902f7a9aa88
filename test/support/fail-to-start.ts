import { expect } from 'vitest';
import { startProcess } from '@xero-webhooks/testing';

const ARGUMENTS = { ingress: [], worker: [], board: [], cli: ['shards'] } as const;

/**
 * Starts a process that cannot start, and expects it to end with exit code 1.
 *
 * @returns the lines that it wrote
 */
export async function failToStart(app: keyof typeof ARGUMENTS, environment: Record<string, string>): Promise<string[]> {
  const process_ = startProcess([`apps/${app}/src/main.ts`, ...ARGUMENTS[app]], {
    XERO_WEBHOOK_KEY: 'key',
    BOARD_PASSWORD: 'password',
    INGRESS_ADMIN_PORT: '0',
    WORKER_ADMIN_PORT: '0',
    BOARD_ADMIN_PORT: '0',
    LOG_LEVEL: 'error',
    ...environment,
  });
  expect(await process_.ended).toEqual({ code: 1, signal: null });
  return process_.lines.map(({ msg }) => msg);
}
