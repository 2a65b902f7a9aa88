import { withoutArguments } from './without-arguments.ts';

/** What Redis answers to a client that may not come in, and what to do about it. Trying again does not help. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^NOAUTH\b/, 'put its password into REDIS_URL (redis://user:password@host)'],
  [/^(?:WRONGPASS|ERR invalid password)\b/, 'correct user and password in REDIS_URL'],
  [/^NOPERM\b/, 'give the user in REDIS_URL this right: docs/redis.md lists what is needed'],
  [/^ERR (?:Client sent )?.*AUTH/, 'compare user and password in REDIS_URL with what Redis asks for'],
];

/** Every fault that OpenSSL and Node find in a server's certificate names it. */
const CERTIFICATE_FAULTS = /certificate/i;

/** OpenSSL, of an answer that is no TLS at all. */
const NOT_TLS = /wrong version number|packet length too long|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)/i;

/** Redis cannot do it just now, whatever it is. */
const BUSY = /^(?:BUSY|UNKILLABLE|LOADING|MASTERDOWN|ERR max number of clients)\b/;

export const SPEAKS_TLS = 'Redis speaks TLS at this port: write rediss:// instead of redis:// in REDIS_URL';
export const SPEAKS_NO_TLS =
  'Redis does not speak TLS at this port: write redis:// instead of rediss:// in REDIS_URL, or name its TLS port';

/**
 * Tells a Redis that does not let us in from one that is not there.
 *
 * @param error what the connection emitted, or what a command was rejected with
 * @returns why it does not and what to do, in a few words, or `undefined`
 */
export function refusalOf(error: unknown): string | undefined {
  const faults = faultsIn(error);
  for (const { message, command } of faults) {
    if (command === 'select' && !/^(?:NOAUTH|WRONGPASS)\b/.test(message) && !BUSY.test(message)) {
      return `Redis refuses the database in REDIS_URL: ${message}; name one that it has after the slash, redis://host:6379/0 for the first`;
    }
    const remedy = REFUSALS.find(([pattern]) => pattern.test(message))?.[1];
    if (remedy !== undefined) return `Redis refuses the connection: ${message}; ${remedy}`;
  }
  if (faults.some(({ message, code }) => NOT_TLS.test(message) || NOT_TLS.test(code))) return SPEAKS_NO_TLS;
  const fault = faults.find(({ message }) => CERTIFICATE_FAULTS.test(message));
  return fault === undefined
    ? undefined
    : `the certificate of Redis is not accepted: ${fault.message} (NODE_EXTRA_CA_CERTS names the file of a private authority)`;
}

/** One error, as far as it says what is wrong. */
export type FaultDetails = { readonly message: string; readonly code: string; readonly command: string | undefined };

/**
 * What an error says, and what it wraps: a Cluster's client and the one that asks Sentinels put theirs around the error
 * of a single server, and a name with several addresses has an error for each.
 */
export function faultsIn(error: unknown): FaultDetails[] {
  if (!(error instanceof Error)) return [];
  const message = withoutArguments(error.message);
  const [, lastOfSentinels] = /Last error: (.*)$/s.exec(message) ?? [];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return [
    { message, code, command: commandOf(error) },
    ...(lastOfSentinels === undefined ? [] : [{ message: lastOfSentinels, code: '', command: undefined }]),
    ...('lastNodeError' in error ? faultsIn(error.lastNodeError) : []),
    ...(error instanceof AggregateError ? error.errors.flatMap(faultsIn) : []),
  ];
}

/** The name of the command that was refused; its arguments can be secrets. */
function commandOf(error: Error): string | undefined {
  if (!('command' in error) || typeof error.command !== 'object' || error.command === null) return undefined;
  return 'name' in error.command && typeof error.command.name === 'string' ? error.command.name : undefined;
}
