import { integer, matching, optional, url, withDefault } from '@xero-webhooks/runtime';

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
    about: 'Set by `xw dev`: a fake Xero that is read where nothing else says where tokens come from.',
  }),
};
