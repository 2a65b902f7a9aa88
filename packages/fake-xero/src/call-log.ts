const MINUTE_MS = 60_000;

export type LoggedCall = {
  /** By the fake's clock, in milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The organisation it asked for, if any. */
  readonly tenantId?: string;
  /** How many calls for the organisation were in progress when it arrived, including itself. */
  readonly simultaneous: number;
  /** Absent while the call is in progress, and if the connection was reset instead of an answer. */
  readonly status?: number;
};

/** How close an organisation's calls came to the limits. */
export type Usage = {
  readonly calls: number;
  /** The most calls in any minute of the clock (windows are fixed, not sliding). */
  readonly maxPerMinute: number;
  readonly maxSimultaneous: number;
  /** How many were answered 429. */
  readonly tooManyRequests: number;
};

/**
 * Logs all calls, including refused ones.
 *
 * @param onCall called at the end of each call
 */
export function createCallLog(now: () => number, onCall: (call: LoggedCall) => void = () => {}) {
  let calls: LoggedCall[] = [];
  const underWay = new Map<string | undefined, number>();

  return {
    calls: (): readonly LoggedCall[] => calls,

    clear(): void {
      calls = [];
    },

    /** Records the start of a call. The returned function records its end, and the status if there was an answer. */
    begin(call: { method: string; path: string; query: string; tenantId?: string }): (status?: number) => void {
      const simultaneous = (underWay.get(call.tenantId) ?? 0) + 1;
      underWay.set(call.tenantId, simultaneous);
      const entry: { -readonly [Field in keyof LoggedCall]: LoggedCall[Field] } = {
        time: now(),
        ...call,
        simultaneous,
      };
      calls.push(entry);
      return (status) => {
        underWay.set(call.tenantId, (underWay.get(call.tenantId) ?? 1) - 1);
        if (status !== undefined) entry.status = status;
        onCall(entry);
      };
    },

    usage: (tenantId: string): Usage => usageOf(calls.filter((call) => call.tenantId === tenantId)),
  };
}

function usageOf(calls: readonly LoggedCall[]): Usage {
  const perMinute = new Map<number, number>();
  for (const { time } of calls) {
    const minute = Math.floor(time / MINUTE_MS);
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
  }
  return {
    calls: calls.length,
    maxPerMinute: highest(perMinute.values()),
    maxSimultaneous: highest(calls.values().map((call) => call.simultaneous)),
    tooManyRequests: calls.filter((call) => call.status === 429).length,
  };
}

function highest(numbers: Iterable<number>): number {
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}
