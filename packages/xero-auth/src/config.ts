import { flag, optional, pagesUrl, text, token, url, withDefault } from '@xero-webhooks/runtime';
import { encryptionKeys } from './grants/encryption-keys.ts';

/** How this system authenticates with Xero, and where Xero is. Read by every process that gets tokens. */
export const xeroAppVariables = {
  XERO_CLIENT_ID: optional(text, {
    about: 'The client id of the Xero app, from the developer portal. Not needed where tokens are brought.',
  }),
  XERO_CLIENT_SECRET: optional(token, {
    about: 'The client secret of the Xero app. An app that uses PKCE alone has none.',
    secret: true,
  }),
  XERO_CUSTOM_CONNECTION: withDefault(flag, 'false', {
    about: 'Whether the app is a custom connection: it reads its one organisation, without a connect page.',
  }),
  XERO_SCOPES: optional(text, {
    about: 'The scopes to ask Xero for, with spaces between them.',
    without:
      'offline_access and the scopes that read invoices, payments and contacts; a custom connection asks for none, and gets those of the portal',
  }),
  TOKEN_ENCRYPTION_KEY: optional(encryptionKeys, {
    about:
      'What the token sets of connected organisations are encrypted with in Redis. The first encrypts, any decrypts.',
    secret: true,
  }),
  XERO_API_URL: withDefault(url('https', 'http'), 'https://api.xero.com', {
    about: 'Where Xero’s API is; another one for a fake or a proxy.',
  }),
  XERO_IDENTITY_URL: withDefault(url('https', 'http'), 'https://identity.xero.com', {
    about: 'Where Xero gives out tokens.',
  }),
};

/** Where the connect page is. Read by the board, and by the worker for messages that point to the page. */
export const connectPageVariables = {
  BOARD_URL: optional(
    pagesUrl([
      '/connect',
      '/events',
      '/failed',
      '/handlers',
      '/healthz',
      '/login',
      '/logout',
      '/page',
      '/quarantine',
      '/queues',
    ]),
    {
      about:
        'The address at which people open the board, with its path where a proxy gives it one; Xero sends them back to its `/connect/callback`.',
      without: 'the board takes it from each request, and is at the root of its host',
    },
  ),
};

/** Read only by the board. */
export const xeroLoginVariables = {
  XERO_LOGIN_URL: withDefault(url('https', 'http'), 'https://login.xero.com', { about: 'Where users log in to Xero.' }),
};
