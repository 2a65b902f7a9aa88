import { onTestFinished } from 'vitest';
import { createClock } from './clock.ts';
import type { FakeXero, FakeXeroOptions } from './fake-xero.ts';
import { startFakeXero } from './fake-xero.ts';

/** Noon, so that neither a minute nor a day ends by chance. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** A fake Xero whose clock stands still until the test moves it; stopped after the test. */
export async function startStopped(options: FakeXeroOptions = {}): Promise<FakeXero> {
  const xero = await startFakeXero({ clock: createClock({ stoppedAt: NOON }), ...options });
  onTestFinished(xero.stop);
  return xero;
}

/** Calls the API for an organisation, with its own token. */
export function apiOf(xero: FakeXero, tenantId = xero.organisations[0]!.tenantId) {
  const { access_token: token } = xero.grant();
  return (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${xero.url}/api.xro/2.0/${path}`, {
      headers: { authorization: `Bearer ${token}`, 'xero-tenant-id': tenantId, ...headers },
    });
}

/** The list in an answer, by the kind in its address. */
export async function listIn(answer: Response): Promise<Record<string, unknown>[]> {
  const body = (await answer.json()) as Record<string, unknown>;
  const list = Object.values(body).find((value) => Array.isArray(value));
  return list as Record<string, unknown>[];
}

export function get(xero: FakeXero, path: string, token: string): Promise<Response> {
  return fetch(`${xero.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}
