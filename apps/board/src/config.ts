import {
  adminPort,
  flag,
  list,
  network,
  optional,
  password,
  port,
  processVariables,
  redisVariables,
  required,
  text,
  withDefault,
} from '@xero-webhooks/runtime';
import { xeroReadVariables } from '@xero-webhooks/xero';
import { connectPageVariables, xeroAppVariables, xeroLoginVariables } from '@xero-webhooks/xero-auth';

/** What the board reads from its environment. */
export const boardVariables = {
  ...redisVariables,
  BOARD_HOST: withDefault(text, '127.0.0.1', { about: 'Where the board listens.' }),
  BOARD_PORT: withDefault(port, '3001', { about: 'The port of the board; 0 takes any free one.' }),
  BOARD_USER: withDefault(text, 'admin', { about: "The user of the board's login." }),
  BOARD_PASSWORD: required(password, {
    about: "The password of the board's login.",
    without: '`pnpm start` makes one up for the run and prints it; the board does not start',
    secret: true,
  }),
  ...connectPageVariables,
  BOARD_TRUSTED_PROXIES: optional(list(network), {
    about:
      'The proxies before the board: their X-Forwarded-For says whose wrong passwords are counted, and their X-Forwarded-Host and -Proto where the board is.',
    without: 'wrong passwords count for the address that connects, which may be that of a proxy',
  }),
  BOARD_READ_ONLY: withDefault(flag, 'false', {
    about: 'Whether the board only shows: organisations can then be neither connected nor disconnected.',
  }),
  ...xeroAppVariables,
  ...xeroLoginVariables,
  XERO_FAKE_URL: xeroReadVariables.XERO_FAKE_URL,
  ...processVariables,
  BOARD_ADMIN_PORT: adminPort('board', 9466),
};
