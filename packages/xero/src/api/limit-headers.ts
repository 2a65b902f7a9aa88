/** The limits that a call can run into (https://developer.xero.com/documentation/guides/oauth2/limits). */
export type XeroLimit = 'concurrency' | 'minute' | 'day' | 'app-minute';

/** How many calls Xero says are left, where it says so. */
export type CallsLeft = {
  readonly minute?: number;
  readonly day?: number;
  readonly appMinute?: number;
};

type Headers = Readonly<Record<string, unknown>>;

/** Reads `X-MinLimit-Remaining`, `X-DayLimit-Remaining` and `X-AppMinLimit-Remaining`. */
export function callsLeft(headers: Headers): CallsLeft {
  const minute = count(headers['x-minlimit-remaining']);
  const day = count(headers['x-daylimit-remaining']);
  const appMinute = count(headers['x-appminlimit-remaining']);
  return {
    ...(minute === undefined ? {} : { minute }),
    ...(day === undefined ? {} : { day }),
    ...(appMinute === undefined ? {} : { appMinute }),
  };
}

/** Tells which limit a 429 is about. One that does not say, and says how long to wait, is taken for the minute's. */
export function limitReached(headers: Headers): XeroLimit {
  const problem = headers['x-rate-limit-problem'];
  const word = typeof problem === 'string' ? problem.toLowerCase() : '';
  if (word.includes('app')) return 'app-minute';
  if (word.includes('day') || word.includes('daily')) return 'day';
  if (word.includes('concurrent')) return 'concurrency';
  if (word.includes('min')) return 'minute';
  return headers['retry-after'] === undefined ? 'concurrency' : 'minute';
}

function count(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
