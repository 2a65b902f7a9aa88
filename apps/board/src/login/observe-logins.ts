import type { Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf, createLogThrottle } from '@xero-webhooks/runtime';
import type { LoginLimitKind, LoginOutcome } from './login-limit.ts';
import { MAX_WRONG_IN_ALL, MAX_WRONG_PER_ADDRESS } from './login-limit.ts';

/** What a limit refuses is logged at most this often, in milliseconds. */
const QUIET_MS = 60_000;

const LIMITED: Readonly<Record<LoginLimitKind, string>> = {
  address: `more than ${MAX_WRONG_PER_ADDRESS} wrong passwords from one address: its logins are refused for a while`,
  all: `more than ${MAX_WRONG_IN_ALL} wrong passwords: logins from addresses that nobody has logged in from are refused for a while`,
};

/**
 * Counts every refused login. Each wrong password is logged; the limits bound how many lines that makes.
 */
export function createObserveLogins(log: Log, metrics: Metrics): (login: LoginOutcome) => void {
  const logThrottled = createLogThrottle(QUIET_MS, Date.now);
  const refused = counterOf(metrics, 'xw_board_logins_refused_total');
  return (login) => {
    switch (login.outcome) {
      case 'accepted':
        return;
      case 'wrong':
        refused.inc({ reason: 'wrong' });
        log.warn({ address: login.address }, 'wrong user or password at the board');
        return;
      case 'limited': {
        const { limit, address, retryAfterS } = login;
        refused.inc({ reason: `limit-${limit}` });
        logThrottled(limit, (unlogged) =>
          log.error(
            { code: 'XW_BOARD_LOGINS', alert: 'board-logins', limit, address, retryAfterS, unlogged },
            LIMITED[limit],
          ),
        );
      }
    }
  };
}
