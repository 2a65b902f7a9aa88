import { flag, integer, matching, optional, text, token, url, withDefault } from '@xero-webhooks/runtime';
import { encryptionKeys } from './grants/encryption-keys.ts';

/** How this system proves itself to Xero, and where Xero is. Read by whatever gets tokens. */
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

/** Where people find the connect page. Read by the board, and by the worker for the words that send people there. */
export const connectPageVariables = {
  BOARD_URL: optional(url('https', 'http'), {
    about: 'The address at which people open the board; Xero sends them back to its `/connect/callback`.',
    without: 'the board takes it from each request',
  }),
};

/** Where users of Xero log in. Read by the board alone. */
export const xeroLoginVariables = {
  XERO_LOGIN_URL: withDefault(url('https', 'http'), 'https://login.xero.com', { about: 'Where users log in to Xero.' }),
};

/** How reads get tokens that others keep, and how much of Xero's limits they may use. Read by the worker alone. */
export const xeroReadVariables = {
  XERO_TOKEN_URL: optional(url('https', 'http'), {
    about: 'Your own service that hands out access tokens, asked with `{ tenantId, refresh }`: see docs/xero.md.',
  }),
  XERO_TOKEN_SECRET: optional(matching(/^[ -~]+$/, 'a text in ASCII, as HTTP headers take it'), {
    about: 'What the worker proves itself with to XERO_TOKEN_URL, as a bearer token.',
    secret: true,
  }),
  XERO_MINUTE_LIMIT: withDefault(integer(1, 60), '60', {
    about: 'How many calls a minute this system may make for one organisation. Xero allows 60 to all of the app.',
  }),
  XERO_CONCURRENCY: withDefault(integer(1, 5), '5', {
    about: 'How many calls at once this system may make for one organisation. Xero allows 5 to all of the app.',
  }),
  XERO_DAY_LIMIT: withDefault(integer(1, 5_000), '5000', {
    about: 'How many calls a day (UTC) this system may make for one organisation. The starter tier has 1000.',
  }),
  XERO_DAY_RESERVE: withDefault(integer(0, 4_999), '0', {
    about:
      'How many calls of an organisation’s day are left to others: no call is made when no more than these remain.',
  }),
  XERO_FAKE_URL: optional(url('http'), {
    about: 'Set by `pnpm start`: a fake Xero that is read where nothing else says where tokens come from.',
  }),
};
