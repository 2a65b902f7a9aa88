import type { Answer } from './answer.ts';
import { empty } from './answer.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The most calls that are answered. Windows follow the clock, they do not slide. */
export type Limits = {
  /** At once, for one organisation. @defaultValue 5 */
  simultaneous: number;
  /** In a minute, for one organisation. @defaultValue 60 */
  perMinute: number;
  /** In a day (UTC), for one organisation. @defaultValue 5000 */
  perDay: number;
  /** In a minute, for one app over all its organisations. @defaultValue 10000 */
  appPerMinute: number;
};

export const XERO_LIMITS: Limits = { simultaneous: 5, perMinute: 60, perDay: 5000, appPerMinute: 10_000 };

/** Whether a call is admitted. Call `release` after the answer. */
export type Admission =
  | { readonly admitted: true; readonly headers: Readonly<Record<string, string>>; readonly release: () => void }
  | { readonly admitted: false; readonly answer: Answer };

type Window = { start: number; used: number };

/**
 * Counts calls. A refused call does not count against a window.
 *
 * @param limits read at every call, so that they can be changed
 */
export function createLimitGate(now: () => number, limits: Limits) {
  const windows = new Map<string, Window>();
  const underWay = new Map<string, number>();

  const windowOf = (name: string, lengthMs: number): Window => {
    const start = Math.floor(now() / lengthMs) * lengthMs;
    const known = windows.get(name);
    if (known?.start === start) return known;
    const opened = { start, used: 0 };
    windows.set(name, opened);
    return opened;
  };

  const secondsUntil = (time: number): string => String(Math.max(1, Math.ceil((time - now()) / 1000)));

  return {
    /** @param tenantId none for calls of the app itself, such as for its connections */
    admit(clientId: string, tenantId?: string): Admission {
      const organisation = `${clientId} ${tenantId}`;
      const app = windowOf(`app ${clientId}`, MINUTE_MS);
      const minute = windowOf(`minute ${organisation}`, MINUTE_MS);
      const day = windowOf(`day ${organisation}`, DAY_MS);
      const counted = tenantId === undefined ? [app] : [app, minute, day];
      const remaining = (): Record<string, string> => ({
        'x-appminlimit-remaining': left(limits.appPerMinute, app),
        ...(tenantId !== undefined && {
          'x-minlimit-remaining': left(limits.perMinute, minute),
          'x-daylimit-remaining': left(limits.perDay, day),
        }),
      });
      const refuse = (reached: string, opensAt?: number): Admission => {
        const wait = opensAt === undefined ? {} : { 'retry-after': secondsUntil(opensAt) };
        return {
          admitted: false,
          answer: tooManyRequests({ 'x-rate-limit-problem': reached, ...wait, ...remaining() }),
        };
      };

      const simultaneous = underWay.get(organisation) ?? 0;
      if (app.used >= limits.appPerMinute) return refuse('appminute', app.start + MINUTE_MS);
      if (tenantId !== undefined) {
        if (day.used >= limits.perDay) return refuse('day', day.start + DAY_MS);
        if (minute.used >= limits.perMinute) return refuse('minute', minute.start + MINUTE_MS);
        if (simultaneous >= limits.simultaneous) return refuse('concurrent');
      }
      for (const window of counted) window.used++;
      underWay.set(organisation, simultaneous + 1);
      const release = (): void => void underWay.set(organisation, (underWay.get(organisation) ?? 1) - 1);
      return { admitted: true, headers: remaining(), release };
    },
  };
}

/** It has no body. */
export function tooManyRequests(headers: Readonly<Record<string, string>>): Answer {
  return empty(429, headers);
}

function left(limit: number, window: Window): string {
  return String(Math.max(0, limit - window.used));
}
