import type { Fault } from '../page/fault-content.ts';
import { CONNECT_PATH } from '../paths.ts';

const AGAIN = 'Start again with “Connect organisations”.';

/** What to do about each fault that the connect page shows. */
const REMEDIES = {
  XW_CONNECT_DENIED: `Nothing was connected. ${AGAIN} At Xero, allow access; your user must be allowed to connect apps to the organisation.`,
  XW_CONNECT_DISCONNECT: 'Wait a moment and press Disconnect again: it finishes what is left.',
  XW_CONNECT_FAILED: 'Look at the board’s log, then try again.',
  XW_CONNECT_FOREIGN:
    'Open the connect page again and use its button. Behind a proxy, set BOARD_URL to the address that browsers use.',
  XW_CONNECT_NOTHING: `${AGAIN} Choose an organisation at Xero.`,
  XW_CONNECT_READ_ONLY: 'Connect and disconnect on a board that runs without BOARD_READ_ONLY.',
  XW_CONNECT_REFUSED: `${AGAIN} If it happens again, compare the app in the developer portal with the redirect URI on the connect page and with XERO_SCOPES.`,
  XW_CONNECT_STATE: `${AGAIN} Use the same browser throughout, and finish within ten minutes.`,
  XW_CONNECT_UNAVAILABLE: `Wait a moment. ${AGAIN}`,
  XW_STILL_CONNECTED: 'Disconnect it first.',
  XW_XERO_CLIENT_REFUSED: 'Correct the variables, restart the board, and connect again.',
} as const;

export type ConnectFaultCode = keyof typeof REMEDIES;

/** @param reason what is wrong, without the full stop */
export function connectFault(status: number, code: ConnectFaultCode, reason: string): Fault {
  return {
    status,
    code,
    reason,
    remedy: REMEDIES[code],
    back: { path: CONNECT_PATH, label: 'Back to the organisations' },
  };
}
