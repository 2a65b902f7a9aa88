import { refusalOf } from '@xero-webhooks/runtime';

/** Errors of commands when the connection is at fault, not the command. */
const CONNECTION_FAULTS =
  /Connection is closed|aborted due to connection close|Stream isn't writeable|Command timed out|Socket timeout|Reached the max retries|None of startup nodes|Failed to refresh slots|Cluster is(?:n.t ready| ended)|Too many Cluster redirections|All sentinels are unreachable|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EAI_NODATA/;

/**
 * How Redis answers every write while it is in this state. Before Redis 7 the word is inside the error of the script that
 * wanted to write.
 */
const SERVER_FAULTS =
  /^(?:ERR Error running script .*: -)?(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|UNBLOCKED|MISCONF|NOREPLICAS|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;

/** The error of a script that runs a command to which the user has no right. The script is not at fault. */
const RIGHTS_FAULTS = /^(?:ERR|NOPERM) (?:The user executing the script can't|ACL failure in script)/;

/**
 * Tells a fault of Redis, which any command would have met, from a fault of this command.
 *
 * @returns what is wrong with Redis, in a few words; `undefined` if the command is at fault
 */
export function redisFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const server = SERVER_FAULTS.exec(error.message);
  if (server) return `Redis answers ${server[1]}`;
  if (RIGHTS_FAULTS.test(error.message)) return 'Redis answers NOPERM';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONNECTION_FAULTS.test(error.message) || CONNECTION_FAULTS.test(code)) return 'Redis does not answer';
  // A wrong database, or TLS.
  return refusalOf(error) === undefined ? undefined : 'Redis refuses the connection';
}
