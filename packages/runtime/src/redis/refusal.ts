/** What Redis answers to a client that may not come in. Trying again does not help; other words might. */
const REFUSALS = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR .*AUTH|ERR Client sent AUTH)/;

/** Every fault that OpenSSL and Node find in a server's certificate names it. */
const CERTIFICATE_FAULTS = /certificate/i;

/**
 * Tells a Redis that does not let us in from one that is not there.
 *
 * @param error what the connection emitted, or what a command was rejected with
 * @returns why it does not, in a few words, or `undefined`
 */
export function refusalOf(error: unknown): string | undefined {
  const messages = messagesOf(error);
  const refused = messages.find((message) => REFUSALS.test(message));
  if (refused !== undefined) return `Redis refuses the connection: ${refused}`;
  const fault = messages.find((message) => CERTIFICATE_FAULTS.test(message));
  return fault === undefined
    ? undefined
    : `the certificate of Redis is not accepted: ${fault} (NODE_EXTRA_CA_CERTS names the file of a private authority)`;
}

/** What a Cluster's client and the one that asks Sentinels wrap around the error of a single server counts too. */
function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const [, lastOfSentinels] = /Last error: (.*)$/s.exec(error.message) ?? [];
  return [
    error.message,
    ...(lastOfSentinels === undefined ? [] : [lastOfSentinels]),
    ...('lastNodeError' in error ? messagesOf(error.lastNodeError) : []),
  ];
}
