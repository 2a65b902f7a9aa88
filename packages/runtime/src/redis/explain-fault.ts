import { faultsIn, refusalOf } from './refusal.ts';

/** Why Redis cannot be worked with: a word to count and compare by, and the words for people. */
export type RedisFault = {
  /** For example `ECONNREFUSED`, `NOAUTH` or `TLS`. */
  readonly cause: string;
  /** What is wrong, and what to do about it. Without user, password or key. */
  readonly explanation: string;
};

/** What is known of connections that fail, by what the system, Node or ioredis says. The first that fits is taken. */
const KNOWN: readonly (readonly [pattern: RegExp, explain: (cause: string, variable: string) => string])[] = [
  [
    /Unknown RESP type|Protocol error, got|Invalid RESP/,
    (_cause, variable) => `what answers there is not Redis: check the host and port in ${variable}`,
  ],
  [
    /unknown command '?`?sentinel/i,
    () => 'what answers there is Redis itself and not a Sentinel: correct REDIS_SENTINELS, or set REDIS_URL alone',
  ],
  [/cluster support disabled/, () => 'what answers there is not a Cluster: set REDIS_URL alone, without REDIS_CLUSTER'],
  [
    /got an invalid reply: null|No such master with that name/,
    () => 'the Sentinels know no master of this name: correct REDIS_SENTINEL_NAME',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|EAI_NODATA/,
    (cause, variable) => `its host name has no address (${cause}): check the host in ${variable}, and the DNS here`,
  ],
  [
    /ECONNREFUSED/,
    (cause, variable) =>
      `nothing listens there (${cause}): start Redis, or check the host and port in ${variable} and what Redis binds to`,
  ],
  [
    /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL/,
    (cause, variable) => `there is no way to its host (${cause}): check the host in ${variable}, and the network`,
  ],
  [
    /Socket timeout/,
    () => 'it is connected and leaves commands without an answer (timeout): look at its load, its disk and the network',
  ],
  [
    /ETIMEDOUT/,
    (cause, variable) =>
      `it does not take the connection in time (${cause}): check the host and port in ${variable}, firewalls, and whether it hangs`,
  ],
  [
    /ECONNRESET|EPIPE|ECONNABORTED|before secure TLS connection/,
    (cause, variable) =>
      `it closes the connection (${cause}): check that ${variable} leads to Redis and whether it speaks TLS there, and look into its log`,
  ],
];

/** What stands for the words of those that have no code. */
const CAUSES_WITHOUT_CODE: Readonly<Record<string, string>> = {
  'got an invalid reply: null': 'unknown master',
  'No such master with that name': 'unknown master',
  'Unknown RESP type': 'not Redis',
  'Protocol error, got': 'not Redis',
  'Invalid RESP': 'not Redis',
  'cluster support disabled': 'not a Cluster',
  'Socket timeout': 'timeout',
  'before secure TLS connection': 'ECONNRESET',
};

/** ioredis, about itself: what went wrong was said before. */
const ECHOES =
  /^(?:Connection is (?:closed|aborted|discarded)|Stream isn't writeable|Cluster is (?:disconnect|ended)|None of startup nodes|Failed to refresh slots|All sentinels are unreachable|Reached the max retries)/;

const MAX_EXPLANATION = 300;

/**
 * Says why a connection to Redis failed, and what to do.
 *
 * @param error what the connection emitted
 * @param variable the one that says where Redis is, for example `REDIS_URL`
 * @returns `undefined` where the error only repeats that there is no connection
 */
export function explainRedisFault(error: unknown, variable: string): RedisFault | undefined {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return { cause: causeOfRefusal(refusal), explanation: refusal };

  const faults = faultsIn(error);
  for (const [pattern, explain] of KNOWN) {
    for (const { message, code } of faults) {
      const [cause] = pattern.exec(code) ?? pattern.exec(message) ?? [];
      if (cause === undefined) continue;
      const shown = cause.includes(' ') ? code || (CAUSES_WITHOUT_CODE[cause] ?? 'not a Sentinel') : cause;
      return { cause: shown, explanation: explain(shown, variable) };
    }
  }
  const fault = faults.findLast(({ message }) => !ECHOES.test(message));
  if (fault === undefined) return undefined;
  const [word] = /^[A-Z]{3,}\b/.exec(fault.message) ?? [];
  return { cause: word ?? (fault.code || 'unknown'), explanation: oneLine(fault.message) };
}

function causeOfRefusal(refusal: string): string {
  if (/\bTLS\b|certificate/.test(refusal)) return 'TLS';
  if (refusal.startsWith('Redis refuses the database')) return 'SELECT';
  return /: ([A-Z]+)\b/.exec(refusal)?.[1] ?? 'refused';
}

function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_EXPLANATION ? `${line.slice(0, MAX_EXPLANATION)}…` : line;
}
