import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../logger.ts';
import type { RedisFault } from './explain-fault.ts';
import { explainRedisFault } from './explain-fault.ts';
import { refusalOf, SPEAKS_NO_TLS, SPEAKS_TLS } from './refusal.ts';
import { spokenProtocol } from './spoken-protocol.ts';

/** What goes wrong on a process's connections to Redis, and who has been told. All of them share it. */
export type FaultLog = {
  /** Logs why a connection failed: once for each cause and then seldom, whichever connection it is of. */
  note(error: unknown, connection: string): void;
  /** Whether an error is one that a connection has told of here: whoever gets it as well need not. */
  knows(error: unknown): boolean;
  /** Says why a connection failed; where that is TLS on one side only, it asks the server, for half a second at most. */
  explain(error: unknown): Promise<RedisFault | undefined>;
  /** Takes note that somebody else has told of a cause. */
  told(cause: string): void;
  /** Redis is there again: whatever goes wrong next is news. */
  forget(): void;
};

type Options = {
  log: Log;
  /** Where Redis is, without user and password. */
  address: string;
  /** The variable that says so. */
  variable: string;
  /** The servers that are asked first. */
  servers: readonly { readonly host: string; readonly port: number }[];
  /** Whether they are expected to speak TLS. */
  tls: boolean;
  now?: () => number;
};

/** How long a cause is not told again, in milliseconds. */
const QUIET_MS = 300_000;

/** How long the watch has to tell of a refusal first, in milliseconds: at most a second passes between two tries. */
const REFUSAL_GRACE_MS = 1_500;

/** More servers than these are not asked what they speak. */
const MAX_ASKED = 3;

/** How a connection fails where one side speaks TLS and the other does not, and for other reasons. */
const MAY_BE_TLS: ReadonlySet<string | undefined> = new Set([
  undefined,
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'timeout',
]);

/** All connections of a process share one. */
export function createFaultLog({ log, address, variable, servers, tls, now = Date.now }: Options): FaultLog {
  const toldAt = new Map<string, number>();
  const known = new WeakSet<Error>();
  /** Causes that are about to be told. */
  const pending = new Set<string>();
  const isNews = (cause: string): boolean => now() - (toldAt.get(cause) ?? -Infinity) >= QUIET_MS;
  const told = (cause: string): void => void toldAt.set(cause, now());

  async function explain(thrown: unknown): Promise<RedisFault | undefined> {
    const fault = explainRedisFault(thrown, variable);
    if (!MAY_BE_TLS.has(fault?.cause)) return fault;
    const spoken = await Promise.all(servers.slice(0, MAX_ASKED).map(({ host, port }) => spokenProtocol(host, port)));
    if (!spoken.includes(tls ? 'plain' : 'tls')) return fault;
    return { cause: 'TLS', explanation: tls ? SPEAKS_NO_TLS : SPEAKS_TLS };
  }

  async function noteNow(error: unknown, connection: string): Promise<void> {
    const first = explainRedisFault(error, variable);
    if (first === undefined || !isNews(first.cause) || pending.has(first.cause)) return;
    pending.add(first.cause);
    const fault = (await explain(error)) ?? first;
    // The watch meets the same refusal, and tells of it as an error with a code.
    if (refusalOf(error) !== undefined) await sleep(REFUSAL_GRACE_MS, undefined, { ref: false });
    pending.delete(first.cause);
    if (!isNews(first.cause)) return;
    told(first.cause);
    if (fault.cause !== first.cause) {
      if (!isNews(fault.cause)) return;
      told(fault.cause);
    }
    log.warn({ redis: address, cause: fault.cause, connection }, `a connection to Redis failed: ${fault.explanation}`);
  }

  return {
    note(error, connection) {
      if (error instanceof Error) known.add(error);
      void noteNow(error, connection);
    },
    knows: (error) => error instanceof Error && known.has(error),
    explain,
    told,
    forget: () => toldAt.clear(),
  };
}
