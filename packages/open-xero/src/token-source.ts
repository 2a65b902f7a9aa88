import type { AccessTokenProvider } from '@xero-webhooks/handlers';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf, Log } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { IdentityOptions, TokenSource } from '@xero-webhooks/xero-auth';
import {
  createBroughtTokens,
  createCustomConnectionTokens,
  createGrantTokens,
  createIdentity,
  createTokenUrl,
} from '@xero-webhooks/xero-auth';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import { createFakeTokens } from './fake-tokens.ts';

/** Where tokens come from, for the log; which Xero they are for; what to close at the end. */
export type ChosenTokens = {
  readonly from: string;
  readonly tokens: TokenSource;
  readonly apiUrl: string;
  readonly close?: () => Promise<void>;
};

type Options = {
  config: ConfigOf<typeof workerVariables>;
  /** The handler module's `accessToken`. */
  accessToken: AccessTokenProvider | undefined;
  redis: QueueRedis;
  log: Log;
  /** Told what each request for an access token came to. @defaultValue nobody is */
  onToken?: IdentityOptions['onToken'];
};

/**
 * Chooses where access tokens come from: the handler module, XERO_TOKEN_URL, a custom connection, the organisations that
 * the connect page added, or the fake Xero of `xw dev`, in this order.
 *
 * @returns `undefined` if nothing is configured: handlers can then read nothing
 * @throws CodedError `XW_CONFIG` if a variable that another one needs is missing
 */
export function chooseTokens({ config, accessToken, redis, log, onToken }: Options): ChosenTokens | undefined {
  const { XERO_API_URL: apiUrl, XERO_CLIENT_ID: clientId, XERO_CLIENT_SECRET: clientSecret } = config;
  if (accessToken) {
    const tokens = createBroughtTokens({ bring: accessToken, log });
    return { from: 'accessToken of the handler module', tokens, apiUrl };
  }
  if (config.XERO_TOKEN_URL) {
    const tokenUrl = createTokenUrl({ url: config.XERO_TOKEN_URL, secret: config.XERO_TOKEN_SECRET });
    return { from: 'XERO_TOKEN_URL', tokens: createBroughtTokens({ bring: tokenUrl, log }), apiUrl };
  }
  if (clientId) {
    const identity = createIdentity({
      url: config.XERO_IDENTITY_URL,
      clientId,
      clientSecret,
      ...(onToken && { onToken }),
    });
    if (config.XERO_CUSTOM_CONNECTION) {
      if (!clientSecret) throw missing('XERO_CLIENT_SECRET', 'the client secret of the custom connection');
      const tokens = createCustomConnectionTokens({ identity, log, scopes: config.XERO_SCOPES });
      return { from: 'custom connection', tokens, apiUrl };
    }
    const encryptionKeys = config.TOKEN_ENCRYPTION_KEY;
    if (!encryptionKeys) throw missing('TOKEN_ENCRYPTION_KEY', '32 bytes in base64, the same as for the board');
    const { client, prefix } = redis;
    const tokens = createGrantTokens({ client, prefix, encryptionKeys, identity, log, boardUrl: config.BOARD_URL });
    return { from: 'connect page', tokens, apiUrl, close: tokens.close };
  }
  if (config.XERO_CUSTOM_CONNECTION) throw missing('XERO_CLIENT_ID', 'the client id of the custom connection');
  if (!config.XERO_FAKE_URL) return undefined;
  const tokens = createFakeTokens({ url: config.XERO_FAKE_URL, log });
  return { from: 'fake Xero', tokens, apiUrl: config.XERO_FAKE_URL };
}

function missing(variable: string, expected: string): CodedError {
  return new CodedError('XW_CONFIG', `${variable} is not set; expected ${expected}`);
}
