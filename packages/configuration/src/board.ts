import { alertVariables } from '@xero-webhooks/monitoring/config';
import {
  adminPort,
  flag,
  list,
  matching,
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
import { rememberVariables } from './remember.ts';
import { xeroReadVariables } from '@xero-webhooks/xero';
import { connectPageVariables, xeroAppVariables, xeroLoginVariables } from '@xero-webhooks/xero-auth';

/** What the board reads from its environment. */
export const boardVariables = {
  ...redisVariables,
  BOARD_HOST: withDefault(text, '127.0.0.1', { about: 'The host on which the board listens.' }),
  BOARD_PORT: withDefault(port, '3001', { about: 'The port of the board; 0 for any free one.' }),
  BOARD_USER: withDefault(text, 'admin', { about: "The user name of the board's login." }),
  BOARD_PASSWORD: required(password, {
    about: "The password of the board's login.",
    setTo: "the board's password",
    without: '`xw dev` generates and prints one for the run; otherwise the board does not start',
    secret: true,
  }),
  ...connectPageVariables,
  BOARD_TRUSTED_PROXIES: optional(list(network), {
    about:
      'The proxies in front of the board. Their X-Forwarded-For tells which address sent a wrong password; their X-Forwarded-Host and -Proto tell where the board is.',
    without: 'wrong passwords count against the address that connects, which may be a proxy',
  }),
  BOARD_REDACT: optional(list(matching(/^[\w.]+$/, 'the name or path of a field')), {
    about:
      'Fields of payloads that the board does not show, by name or path, such as data.Status. Quarantined bodies are then shown to nobody.',
    without: 'payloads are shown whole',
  }),
  BOARD_READ_ONLY: withDefault(flag, 'false', {
    about: 'Whether the board is read-only: it then changes nothing, neither events nor organisations.',
  }),
  ...rememberVariables,
  ...xeroAppVariables,
  ...xeroLoginVariables,
  XERO_FAKE_URL: xeroReadVariables.XERO_FAKE_URL,
  XERO_DAY_LIMIT: xeroReadVariables.XERO_DAY_LIMIT,
  XERO_DAY_RESERVE: xeroReadVariables.XERO_DAY_RESERVE,
  ...alertVariables,
  ...processVariables,
  BOARD_ADMIN_PORT: adminPort('board', 9466),
};
