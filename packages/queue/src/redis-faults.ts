import { refusalOf } from '@xero-webhooks/runtime';

/** How commands fail when the connection, not the command, is at fault. */
const CONNECTION_FAULTS =
  /Connection is closed|aborted due to connection close|Stream isn't writeable|Command timed out|Socket timeout|Reached the max retries|None of startup nodes|Failed to refresh slots|Cluster is(?:n.t ready| ended)|Too many Cluster redirections|All sentinels are unreachable|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EAI_NODATA/;

/**
 * What Redis answers to everything that it is asked to write, as long as it is in this state. Before Redis 7 the word
 * stands inside the error of the script that wanted to write.
 */
const SERVER_FAULTS =
  /^(?:ERR Error running script .*: -)?(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|UNBLOCKED|MISCONF|NOREPLICAS|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;

/** What a script gets that runs a command that its user may not: it is no fault of the script. */
const RIGHTS_FAULTS = /^(?:ERR|NOPERM) (?:The user executing the script can't|ACL failure in script)/;

/**
 * Tells a fault that any command would have met from one that belongs to this command alone.
 *
 * @returns a few words that say what is wrong with Redis, or `undefined` where it is the command
 */
export function redisFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const server = SERVER_FAULTS.exec(error.message);
  if (server) return `Redis answers ${server[1]}`;
  if (RIGHTS_FAULTS.test(error.message)) return 'Redis answers NOPERM';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONNECTION_FAULTS.test(error.message) || CONNECTION_FAULTS.test(code)) return 'Redis does not answer';
  // The database, or TLS.
  return refusalOf(error) === undefined ? undefined : 'Redis refuses the connection';
}
